import type { ObjectRef, Refusal } from '@heddle/core';

/** What cannot be done comes back as data: the caller decides what to do with it. */
export type Outcome<T> = { readonly ok: T } | { readonly refused: readonly Refusal[] };

export function refusal(code: string, message: string, more: { readonly instead?: string; readonly ref?: ObjectRef } = {}): Refusal {
  return { code, message, ...more };
}
