import type { Cluster, KubeObject, MeshAdapter, MeshContext, MeshEnvironment, ObjectQuery, Plan, RecordedHash } from '@heddle/core';
import type { Case } from './case.js';
import type { CaseCluster, CaseClusterFactory } from './case-cluster.js';
import type { ChangeSpec } from './change-spec.js';

/** A case while it runs. */
export interface CaseRun {
  readonly test: Case;
  readonly adapter: MeshAdapter;
  readonly env: MeshEnvironment;
  readonly kinds: readonly ObjectQuery[];
  /** Present for cases that need a live cluster. */
  readonly live?: CaseCluster;
  readonly fresh?: CaseClusterFactory;
  connect(client: string): Cluster;
  /** Objects after the steps that have marks; `start` is before the first. */
  readonly marks: Map<string, readonly KubeObject[]>;
  /** Plans that were kept for later. */
  readonly plans: Map<string, { readonly plan: Plan; readonly spec: ChangeSpec }>;
  /** Hashes of a session's rules as read back after its last change, and what the change was. */
  readonly written: Map<string, { readonly spec: ChangeSpec; readonly rules: readonly RecordedHash[] }>;
}

/** heddle's own connection is called by the session, so that faults can be meant for one session. */
export function contextOf(run: CaseRun, client: string): MeshContext {
  return { cluster: run.connect(client), adapter: run.adapter, env: run.env };
}

/** Runs of one step: what was not as expected, in words. */
export type Failures = readonly string[];

export const differing = (what: string, expected: unknown, received: unknown): Failures =>
  JSON.stringify(expected) === JSON.stringify(received)
    ? []
    : [`${what}: expected ${JSON.stringify(expected)}, received ${JSON.stringify(received)}`];
