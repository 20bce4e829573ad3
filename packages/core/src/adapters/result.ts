import type { Refusal } from '../model/change.js';
import type { ObjectRef } from '../model/object.js';

/** What a step of an encode came to, or why it cannot be done: refusals are data, and the caller decides what to do with them. */
export type Result<T> = { readonly ok: T } | Refused;

export interface Refused {
  readonly refused: readonly Refusal[];
}

export const ok = <T>(value: T): { readonly ok: T } => ({ ok: value });

/** `code` is a capability's name or kebab case and stable, `message` one sentence, `instead` what would work. */
export function refuse(code: string, message: string, instead?: string): Refused {
  return { refused: [refusal(code, message, instead === undefined ? {} : { instead })] };
}

/** One refusal, for a list of several. `ref`: the object that it is about. */
export function refusal(code: string, message: string, more: { readonly instead?: string; readonly ref?: ObjectRef } = {}): Refusal {
  return { code, message, ...more };
}

/** All values, or all refusals. */
export function collectResults<T>(results: readonly Result<T>[]): Result<readonly T[]> {
  const refused = results.flatMap((result) => ('refused' in result ? result.refused : []));
  if (refused.length > 0) return { refused };
  return ok(results.flatMap((result) => ('ok' in result ? [result.ok] : [])));
}
