import { isRecord, type KubeObject } from '@heddle/core';

/** Fields of a kind that its stored schema does not know, as an older custom resource definition would not. */
export interface PrunedFields {
  readonly group: string;
  readonly kind: string;
  /** Dotted paths; `*` steps through a list or map: `spec.http.*.mirrors`. */
  readonly fields: readonly string[];
}

/** A copy without the field at a path. */
function without(value: unknown, [head, ...rest]: readonly string[]): unknown {
  if (Array.isArray(value)) return head === '*' ? value.map((item) => without(item, rest)) : value;
  if (!isRecord(value)) return value;
  const hit = (key: string) => head === '*' || head === key;
  const kept = Object.entries(value).filter(([key]) => rest.length > 0 || !hit(key));
  return Object.fromEntries(kept.map(([key, item]) => [key, hit(key) ? without(item, rest) : item]));
}

export function pruneFields(object: KubeObject, group: string, pruned: readonly PrunedFields[]): KubeObject {
  const paths = pruned.filter((entry) => entry.group === group && entry.kind === object.kind).flatMap((entry) => entry.fields);
  return paths.reduce((rest, path) => without(rest, path.split('.')) as KubeObject, object);
}

export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const item of Object.values(Object.freeze(value))) deepFreeze(item);
  return value;
}
