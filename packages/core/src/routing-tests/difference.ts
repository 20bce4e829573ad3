import type { Answer } from '../model/answer.js';
import { canonicalJson } from '../plan/content-hash.js';

/** Where an answer is not what a case file says. Both are plain data in the file's words; `undefined`: nothing. */
export interface Difference {
  readonly what: 'status' | 'outcomes' | 'mirrors' | 'faults' | 'redirect' | 'seen' | 'protocol' | 'body';
  readonly expected: unknown;
  readonly got: unknown;
  /** What it comes to, where the two alone do not show it: `v2 gets 0.1 of the requests`. */
  readonly because?: string;
}

/** Probabilities and percentages are recorded with nine digits. */
const RECORDED = 2e-9;

export const sameRecorded = (a: number, b: number): boolean => Math.abs(a - b) <= RECORDED;

/** Equal data, whatever the order of keys; absent keys do not count. */
export const sameData = (a: unknown, b: unknown): boolean =>
  a === undefined || b === undefined ? a === b : canonicalJson(a) === canonicalJson(b);

export function differs(what: Difference['what'], expected: unknown, got: unknown): readonly Difference[] {
  return sameData(expected, got) ? [] : [{ what, expected, got }];
}

/** A caller's status; it has several where outcomes do. */
export function statusDiffers(
  expected: number | undefined,
  { status, outcomes }: Pick<Answer, 'status'> & { readonly outcomes: readonly unknown[] },
) {
  const because = status === undefined && outcomes.length > 1 ? { because: 'it depends on the outcome' } : {};
  return differs('status', expected, status).map((difference) => ({ ...difference, ...because }));
}

/** In one line: `status: expected 200, got 503`. */
export function describeDifference({ what, expected, got, because }: Difference): string {
  const text = `${what}: expected ${JSON.stringify(expected) ?? 'nothing'}, got ${JSON.stringify(got) ?? 'nothing'}`;
  return because === undefined ? text : `${text} (${because})`;
}
