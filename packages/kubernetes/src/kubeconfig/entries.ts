import { inputError, isRecord } from '@heddle/core';

/** One named entry of a kubeconfig, as written, with the file that it came from. */
export interface Entry {
  readonly name: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** How a message names it: `/ada/.kube/config: users[0].user`. */
  readonly where: string;
  /** Relative paths in the entry start here. */
  readonly directory: string;
}

export interface Kubeconfig {
  readonly files: readonly string[];
  readonly currentContext?: string;
  readonly clusters: ReadonlyMap<string, Entry>;
  readonly contexts: ReadonlyMap<string, Entry>;
  readonly users: ReadonlyMap<string, Entry>;
}

export function invalid(where: string, key: string, expected: string, value: unknown): Error {
  const received = value === undefined || value === null ? 'nothing' : Array.isArray(value) ? 'a list' : typeof value;
  return inputError('kubeconfig-invalid', { path: `${where}.${key}`, expected, received }, [
    'Correct the file, or name another one with --kubeconfig or KUBECONFIG.',
  ]);
}

/** A text field; empty means absent, as for kubectl. */
export function textOf(entry: Entry, key: string): string | undefined {
  const value = entry.body[key];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw invalid(entry.where, key, 'a string', value);
  return value;
}

export function flagOf(entry: Entry, key: string): boolean {
  const value = entry.body[key];
  if (value === undefined || value === null) return false;
  if (typeof value !== 'boolean') throw invalid(entry.where, key, 'true or false', value);
  return value;
}

export function recordOf(entry: Entry, key: string): Readonly<Record<string, unknown>> | undefined {
  const value = entry.body[key];
  if (value === undefined || value === null) return undefined;
  if (!isRecord(value)) throw invalid(entry.where, key, 'a mapping', value);
  return value;
}

export function textsOf(entry: Entry, key: string): readonly string[] {
  const value = entry.body[key];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string'))
    throw invalid(entry.where, key, 'a list of strings', value);
  return value;
}
