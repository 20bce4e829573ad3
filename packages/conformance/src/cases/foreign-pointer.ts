import { isRecord } from '@heddle/core';
import { partsOf, pointerOf } from './pointer.js';

/**
 * The pointer that a position among the items of others has in an object in which heddle's rules stand as well: `owned` are the pointers
 * of those, which positions skip. `-` and `*` stay.
 */
export function foreignPointer(object: unknown, pointer: string, owned: readonly string[]): string {
  const ours = new Set(owned);
  let at = object;
  const real: string[] = [];
  for (const part of partsOf(pointer)) {
    const place = Array.isArray(at) && /^\d+$/.test(part) ? foreignIndex(at, Number(part), real, ours) : part;
    real.push(place);
    at = Array.isArray(at) ? at[Number(place)] : isRecord(at) ? at[place] : undefined;
  }
  return pointerOf(real);
}

function foreignIndex(list: readonly unknown[], wanted: number, at: readonly string[], ours: ReadonlySet<string>): string {
  const theirs = list.map((_, index) => index).filter((index) => !ours.has(pointerOf([...at, String(index)])));
  return String(theirs[wanted] ?? list.length);
}
