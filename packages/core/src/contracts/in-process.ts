import type { Duplex } from 'node:stream';
import type { KubeObject } from '../model/object.js';

/**
 * Hand-ins for the sandbox, which imports core only: a tunnel's agent and a mesh's scenarios come from the packages concerned,
 * named in their package.json's `heddle` field.
 */

/** What a program in a sandbox pod is given. */
export interface PodContext {
  readonly pod: KubeObject;
  /** Data of the Secrets that the pod mounts, by Secret name, decoded. */
  readonly secrets: Readonly<Record<string, Readonly<Record<string, Buffer>>>>;
  /** A connection out of the pod, through its sidecar if it has one. */
  dial(host: string, port: number): Promise<Duplex>;
}

/** A running program. Ports appear and vanish as it listens. */
export interface PodProcess {
  /** Connects to a port of the pod; rejects with code ECONNREFUSED when nothing listens there. */
  connect(port: number): Promise<Duplex>;
  /** What the readiness probe would say. */
  ready(): boolean;
  /** Called when readiness may have changed. */
  onReadyChange(listener: () => void): void;
  /** What it wrote to its standard output lately, line by line; absent: it writes nothing. */
  log?(): readonly string[];
  stop(): Promise<void>;
}

/** A tunnel's agent as an in-process program: `undefined` when the pod is not one of its own. */
export type InProcessAgent = (context: PodContext) => Promise<PodProcess | undefined>;

/** The program of pods that just answer. */
export interface Responder {
  readonly labels: Readonly<Record<string, string>>;
  readonly body: string;
  /**
   * Whom it asks before it answers, through its proxy, with these headers of the request passed on; what came of it is the answer's
   * second line: `ratings: 200 {"service":"ratings","version":"v1"}`.
   */
  readonly calls?: { readonly host: string; readonly port: number; readonly passes: readonly string[] };
}

/** A set of objects to start a sandbox with. `title` is one sentence. */
export interface Scenario {
  readonly id: string;
  readonly title: string;
  readonly objects: readonly KubeObject[];
  /** CRD-like kinds that the mesh brings, for discovery. `versions`: served, preferred first. */
  readonly kinds: readonly {
    readonly group: string;
    readonly kind: string;
    readonly plural: string;
    readonly singular: string;
    readonly shortNames?: readonly string[];
    readonly namespaced: boolean;
    readonly versions: readonly string[];
    /** What `kubectl get` shows beside name and age; `path` is dotted: `spec.hosts`. */
    readonly columns?: readonly { readonly name: string; readonly path: string }[];
  }[];
  /** The mesh's injection webhook: the pod as it is stored (with the proxy's container, if any), or why it is refused. */
  admit(pod: KubeObject, namespace: KubeObject | undefined): { readonly pod: KubeObject } | { readonly denied: string };
  /** What each pod answers, by label selector: first hit. Body is sent as text/plain with 200. */
  readonly responders: readonly Responder[];
  /** What the mesh's proxies put behind the host of mirrored copies, before its port: Envoy's `-shadow`. Absent: nothing. */
  readonly mirrorSuffix?: string;
  /** The gateway proxy that the sandbox's gateway URL goes through: a pod of the scenario. */
  readonly gateway?: {
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly host: string;
    readonly port: number;
  };
  /** The pod that the sandbox's in-mesh URL calls from, and whom it calls. */
  readonly client?: {
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly host: string;
    readonly port: number;
  };
}
