import { isRecord, type KubeObject } from '@heddle/core';
import { type Break, foreignObjects, mapDeep, rewriting, withEdits } from './spoil.js';

/** Writes users' objects back through types of its own, which know just so many fields. */
export const dropsUnknownFields: Break = (adapter) =>
  withEdits(adapter, (edits, _change, seen) =>
    rewriting(edits, foreignObjects(adapter, seen), (object) => mapDeep(object, withoutFuture) as KubeObject),
  );

function withoutFuture(value: unknown): unknown {
  return isRecord(value) ? Object.fromEntries(Object.entries(value).filter(([key]) => !key.startsWith('future'))) : value;
}

/** Sorts users' rules its own way: those of a list that are not heddle's exchange their places. */
export const reordersForeign: Break = (adapter) =>
  withEdits(adapter, (edits, _change, seen) =>
    rewriting(edits, foreignObjects(adapter, seen), (object) => {
      const ours = new Set(adapter.owned(object).map(({ pointer }) => pointer));
      return reversedLists(object, '', ours) as KubeObject;
    }),
  );

function reversedLists(value: unknown, at: string, ours: ReadonlySet<string>): unknown {
  if (isRecord(value))
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, reversedLists(one, `${at}/${key}`, ours)]));
  if (!Array.isArray(value)) return value;
  const foreign = value.filter((one, index) => isRecord(one) && !ours.has(`${at}/${index}`)).reverse();
  if (foreign.length < 2) return value.map((one, index) => reversedLists(one, `${at}/${index}`, ours));
  return value.map((one, index) => (isRecord(one) && !ours.has(`${at}/${index}`) ? foreign.shift() : one));
}
