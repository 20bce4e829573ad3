import type { OwnedRule } from '../contracts/mesh-adapter.js';
import type { ObjectEdit } from '../model/change.js';
import type { KubeObject } from '../model/object.js';
import type { Planning } from '../plan/types.js';

export interface ApplyOptions {
  /** Obeyed between edits, never within one. */
  readonly signal?: AbortSignal;
  /** Observes and encodes again: called when an object changed under the plan. */
  replan(): Promise<Planning>;
  /** How often the plan may be made anew before giving up. 5 by default. */
  readonly maxRounds?: number;
  /** Before each write; throwing stops there. */
  before?(edit: ObjectEdit): Promise<void>;
  /** After each write, with the object as the server stored it; for a deletion, as it was last seen. Throwing stops there. */
  after?(edit: ObjectEdit, stored: KubeObject): Promise<void>;
  onProgress?(message: string): void;
  /**
   * Waits until proxies have heard of what was written: between the stages of a plan, and before an object of it is written for the
   * second time.
   */
  settle?(): Promise<void>;
  /** Waits before plan number `round` (2, 3, …), so that writers that collide drift apart; a short random time by default. */
  pause?(round: number, signal?: AbortSignal): Promise<void>;
}

export interface AppliedEdit {
  readonly edit: ObjectEdit;
  /** As the server returned it; absent for deletions. */
  readonly stored?: KubeObject;
}

export interface Applied {
  /** In the order in which they were written; more than the plan's when it had to be made anew. */
  readonly edits: readonly AppliedEdit[];
  /** The owner's rules as read back afterwards. */
  readonly owned: readonly OwnedRule[];
  /** Plans that it took: 1 when nobody interfered. */
  readonly rounds: number;
}
