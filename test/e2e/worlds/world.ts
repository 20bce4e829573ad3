import type { Cluster } from '@heddle/core';

/** How many answers of each kind came: `{'200 tomcat7': 10}`. */
export type Counts = Readonly<Record<string, number>>;

export type Headers = Readonly<Record<string, string>>;

/** A cluster with the tomcat story in it: the sandbox or a real one. The suites know nothing else about it. */
export interface World {
  readonly kind: 'sandbox' | 'cluster';
  readonly namespace: string;
  /** The host that the gateway serves. */
  readonly host: string;
  readonly cluster: Cluster;
  /** For `heddle` as a child process: KUBECONFIG, and a home of its own. */
  readonly env: Readonly<Record<string, string>>;
  /** Flags that `heddle mesh` needs here, such as the agent's image. */
  readonly meshFlags: readonly string[];
  readonly agentImage: string;
  /** Real requests through the ingress gateway. */
  viaGateway(count: number, headers?: Headers): Promise<Counts>;
  /** Real requests from a pod in the mesh to `http://tomcat:8080/`. */
  inMesh(count: number, headers?: Headers): Promise<Counts>;
  /** Creates a namespace that enforces PodSecurity `restricted`, with a service `plain` in it that is not in the mesh. */
  restrictedNamespace(): Promise<string>;
  close(): Promise<void>;
}

/** What a body says of who answered: `{"version": "laptop"}` or `Apache Tomcat/7.0.…`. */
export function answerOf(status: number, body: string): string {
  const json = /"version"\s*:\s*"([^"]*)"/.exec(body)?.[1];
  const benigno = /benigno (v\d)/.exec(body)?.[1];
  const tomcat = /Tomcat\/(\d+)/.exec(body)?.[1];
  return `${status} ${json ?? benigno ?? (tomcat === undefined ? '-' : `tomcat${tomcat}`)}`;
}

export function countOf(answers: readonly string[]): Counts {
  const counts: Record<string, number> = {};
  for (const answer of answers) counts[answer] = (counts[answer] ?? 0) + 1;
  return counts;
}
