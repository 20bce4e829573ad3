import type { Cluster } from '@heddle/core';
import type { Counts, Headers } from './world.js';

/** A scenario with a place to run in, which is all that differs between the sandbox and a real cluster. */
export interface Place {
  readonly namespace: string;
  /** The host that the scenario's gateway serves here. */
  readonly host: string;
  readonly cluster: Cluster;
  readonly kubeconfig: string;
  /** Flags that `heddle mesh` needs here, such as the agent's image. */
  readonly meshFlags: readonly string[];
  /** Requests from the scenario's client, to the service that it calls unless another URL is given. */
  call(count: number, headers?: Headers, url?: string): Promise<Counts>;
  viaGateway(count: number, path: string, headers?: Headers): Promise<Counts>;
  /** Requests that the counting workload has got so far, each as `GET / host=reviews:9080`. */
  received(): Promise<readonly string[]>;
  /** Objects without a namespace that are this scenario's here, by name. */
  isOwn(name: string): boolean;
  close(): Promise<void>;
}
