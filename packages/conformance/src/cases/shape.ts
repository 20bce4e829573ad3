import { inputError, isRecord } from '@heddle/core';

/** Reading of untyped data with the place in every error (`bad-case`: path, expected, received). */
export type Raw = Readonly<Record<string, unknown>>;

export function bad(path: string, expected: string, received: unknown): Error {
  const shown = JSON.stringify(received) ?? 'nothing';
  return inputError('bad-case', { path, expected, received: shown.length > 80 ? `${shown.slice(0, 77)}...` : shown });
}

export function map(value: unknown, path: string, keys?: readonly string[]): Raw {
  if (!isRecord(value)) throw bad(path, 'a map', value);
  const strange = keys === undefined ? undefined : Object.keys(value).find((key) => !keys.includes(key));
  if (strange !== undefined) throw bad(`${path}.${strange}`, `one of ${keys?.join(', ')}`, strange);
  return value;
}

export function list(value: unknown, path: string): readonly unknown[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw bad(path, 'a list', value);
  return value;
}

export function text(value: unknown, path: string): string {
  if (typeof value !== 'string' || value === '') throw bad(path, 'a text', value);
  return value;
}

export function texts(value: unknown, path: string): readonly string[] {
  return list(value, path).map((item, index) => text(item, `${path}[${index}]`));
}

export function number(value: unknown, path: string): number {
  if (typeof value !== 'number') throw bad(path, 'a number', value);
  return value;
}

export function oneOf<T extends string>(value: unknown, allowed: readonly T[], path: string): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw bad(path, `one of ${allowed.join(', ')}`, value);
  return found;
}

/** A member that may be absent, under the same key. */
export function maybe<K extends string, T>(
  raw: Raw,
  key: K,
  read: (value: unknown, path: string) => T,
  path: string,
): { readonly [P in K]?: T } {
  return raw[key] === undefined
    ? {}
    : ({ [key]: read(raw[key], path.endsWith(':') ? `${path} ${key}` : `${path}.${key}`) } as { readonly [P in K]?: T });
}
