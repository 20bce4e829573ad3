import { isRecord, type KubeObject } from '@heddle/core';

/** Fields of a kind that its stored schema does not know, as an older custom resource definition would not. */
export interface PrunedFields {
  readonly group: string;
  readonly kind: string;
  /** Dotted paths; `*` steps through a list or map: `spec.http.*.mirrors`. */
  readonly fields: readonly string[];
}

/** A copy without the field at `path`. */
function without(value: unknown, path: readonly string[]): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return value;
  if (Array.isArray(value)) return head === '*' ? value.map((item) => without(item, rest)) : value;
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).flatMap(([key, item]): [string, unknown][] => {
    if (head !== '*' && head !== key) return [[key, item]];
    return rest.length === 0 ? [] : [[key, without(item, rest)]];
  });
  return Object.fromEntries(entries);
}

export function pruneFields(object: KubeObject, group: string, pruned: readonly PrunedFields[]): KubeObject {
  const paths = pruned.filter((entry) => entry.group === group && entry.kind === object.kind).flatMap((entry) => entry.fields);
  return paths.reduce((rest, path) => without(rest, path.split('.')) as KubeObject, object);
}

export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const item of Object.values(value)) deepFreeze(item);
  }
  return value;
}

export function deepEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => deepEqual(item, b[i]));
  if (!isRecord(a) || !isRecord(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && deepEqual(a[key], b[key]));
}
