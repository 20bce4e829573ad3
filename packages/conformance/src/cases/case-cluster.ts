import type { AccessCheck, Cluster, KubeObject } from '@heddle/core';

/** A request to the cluster, as RBAC calls it. */
export interface CaseRequest {
  readonly client: string;
  readonly verb: string;
  readonly resource: string;
  readonly dryRun?: boolean | undefined;
}

/**
 * A live cluster to run a case on, handed in by whoever runs the cases: connections by name, and what can be put between them and the
 * cluster. The sandbox's cluster rig is one.
 */
export interface CaseCluster {
  cluster(name: string): Cluster;
  readonly faults: {
    /** Called before and after each request; may throw or take its time. Returns the removal. */
    add(hook: (request: CaseRequest, phase: 'before' | 'after') => void | Promise<void>): () => void;
    /** Takes rights away. Returns the removal. */
    deny(denied: (check: AccessCheck, client: string) => boolean): () => void;
    /** The client's k-th request from now, and all later ones, never return. */
    crash(client: string, k: number, phase?: 'before' | 'after'): { readonly reached: Promise<unknown>; revive(): void };
  };
}

/** Makes a fresh one that holds just these objects, and serves their kinds and the adapter's. */
export type CaseClusterFactory = (objects: readonly KubeObject[]) => CaseCluster;
