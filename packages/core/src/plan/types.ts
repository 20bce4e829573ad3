import type { Cluster } from '../contracts/cluster.js';
import type { Decoded, MeshAdapter, MeshEnvironment } from '../contracts/mesh-adapter.js';
import type { Change, Intent, Note, ObjectEdit, Refusal } from '../model/change.js';
import type { KubeObject, ObjectRef } from '../model/object.js';
import type { Observed } from '../model/observed.js';
import type { View } from '../model/view.js';

/** A mesh in a cluster, as every plan needs it. */
export interface MeshContext {
  readonly cluster: Cluster;
  readonly adapter: MeshAdapter;
  readonly env: MeshEnvironment;
}

export interface PlanOptions {
  /** Objects taken as present though they do not exist yet: the shadow's Service and its ready Pod. */
  readonly assume?: readonly KubeObject[];
  /** What the owner's rules say today, for the words of the effects. */
  readonly was?: readonly Intent[];
}

/** An object before and after the plan's edits, for the diff. */
export interface ObjectDiff {
  readonly ref: ObjectRef;
  readonly before?: KubeObject;
  readonly after?: KubeObject;
}

/** What the change does to the requests of one view: `requests with x-dev = alice`, `v1 100 %` → `shadow 100 %`. */
export interface Effect {
  readonly view: View;
  readonly port: number;
  readonly requests: string;
  readonly before: string;
  readonly after: string;
}

/** What the two checks of a plan looked at. "Checked", never "proved". */
export interface CheckReport {
  readonly foreignRules: number;
  readonly witnesses: number;
  /** Conditions that no witness could be found for, in words. */
  readonly unwitnessed: readonly string[];
}

export interface Plan {
  readonly change: Change;
  readonly edits: readonly ObjectEdit[];
  readonly diffs: readonly ObjectDiff[];
  readonly seen: Observed;
  readonly before: Decoded;
  readonly after: Decoded;
  readonly effects: readonly Effect[];
  readonly checks: CheckReport;
  readonly notes: readonly Note[];
}

export type Planning = { readonly plan: Plan } | { readonly refused: readonly Refusal[] };
