import { isRecord, type KubeObject } from '@heddle/core';

/** What stands at a dotted path in an untyped object: `spec.ports.0.name`. */
export function dig(value: unknown, path: string): unknown {
  const step = (part: unknown, key: string) => (typeof part === 'object' && part !== null ? Reflect.get(part, key) : undefined);
  return path.split('.').reduce(step, value);
}

/** The records in the list at a path; empty when there is none. */
export function digList(value: unknown, path: string): readonly KubeObject[] {
  const found = dig(value, path);
  return Array.isArray(found) ? found.filter(isRecord) : [];
}

/** The record at a path; empty when there is none. */
export function digRecord(value: unknown, path: string): KubeObject {
  const found = dig(value, path);
  return isRecord(found) ? found : {};
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** A record of those entries that have a value. */
export function defined<T extends object>(entries: T): Defined<T> {
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined)) as Defined<T>;
}
