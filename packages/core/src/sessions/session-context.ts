import type { MeshContext } from '../plan/types.js';
import type { LeaseHolder } from './lease/lease-holder.js';
import type { Prepared } from './prepare.js';
import type { RuleMemory } from './rules/edited-rules.js';
import type { Shadow } from './shadow/shadow.js';
import type { Timing } from './timing.js';
import type { SessionDeps, SessionEvent, SessionOptions } from './types.js';

/** What the parts of a running session share. */
export interface SessionContext {
  readonly deps: SessionDeps;
  readonly options: SessionOptions;
  readonly timing: Timing;
  readonly mesh: MeshContext;
  readonly prepared: Prepared;
  readonly holder: LeaseHolder;
  readonly shadow: Shadow;
  readonly memory: RuleMemory;
  emit(event: SessionEvent): void;
  /** Ends the session, for this reason. */
  fail(error: Error): void;
}
