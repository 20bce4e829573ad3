import type { Refusal } from '@heddle/core';

/** A step's result, or why it cannot be done. */
export type Outcome<T> = { readonly ok: T } | { readonly refused: readonly Refusal[] };

export const ok = <T>(value: T): Outcome<T> => ({ ok: value });

export const refuse = (code: string, message: string, instead?: string): { readonly refused: readonly Refusal[] } => ({
  refused: [{ code, message, ...(instead === undefined ? {} : { instead }) }],
});

/** All results, or all refusals. */
export function collect<T>(outcomes: readonly Outcome<T>[]): Outcome<readonly T[]> {
  const refused = outcomes.flatMap((outcome) => ('refused' in outcome ? outcome.refused : []));
  if (refused.length > 0) return { refused };
  return ok(outcomes.flatMap((outcome) => ('ok' in outcome ? [outcome.ok] : [])));
}
