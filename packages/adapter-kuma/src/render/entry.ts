import type { Action, Match, Redirect, Rewrite, Rule } from '@heddle/core';
import type { Backend } from './destinations.js';
import type { Lost } from './losses.js';

export interface MirrorTo {
  readonly backend: Backend;
  readonly percent: number;
}

/** What becomes of requests, in the mesh's terms. */
export interface Effect {
  /** `nowhere`: no rule takes them, so that the proxy answers 404 itself. */
  readonly to: readonly Backend[] | 'nowhere' | { readonly redirect: Redirect };
  readonly rewrite?: Rewrite;
  readonly headers?: Rule['headers'];
  readonly mirrors: readonly MirrorTo[];
  readonly timeoutMs?: number;
  readonly retry?: Readonly<Record<string, unknown>>;
}

/** One match with what becomes of its requests: the first entry that a request satisfies decides. */
export interface Entry {
  readonly match: Match;
  readonly effect: Effect;
  /** Whose requests these are; `undefined`: no rule's. */
  readonly rule: Rule | undefined;
  /** What of that cannot be said. */
  readonly losses: readonly Lost[];
}

export const isSent = (to: Effect['to']): to is readonly Backend[] => Array.isArray(to);

export const sendsTo = (action: Action): action is Extract<Action, { to: unknown }> => typeof action === 'object' && 'to' in action;
