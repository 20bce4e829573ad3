import type { Raw } from '../../decode/raw.js';

/** A rule of ours while it is put together. */
export interface RuleDraft {
  /** Which of the intents it is for: a request that satisfies rules of several is decided by the earliest. */
  readonly intent: number;
  /** How a message names what it is made of. */
  readonly where: string;
  readonly matches: readonly MatchDraft[];
  /** All of the rule but its matches, as it is written. */
  readonly content: Raw;
}

export interface MatchDraft {
  readonly raw: Raw;
  /** The user's match that it narrows; absent: it is for what no rule of a user's matches. */
  readonly original?: Raw;
}
