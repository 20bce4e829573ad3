import { isRecord } from '@heddle/core';

/** A part of an object as a user wrote it: nothing is known of its types. */
export type Raw = Readonly<Record<string, unknown>>;

export const record = (value: unknown): Raw => (isRecord(value) ? value : {});

export const records = (value: unknown): readonly Raw[] => (Array.isArray(value) ? value.filter(isRecord) : []);

export const text = (value: unknown): string => (typeof value === 'string' ? value : '');

export const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []);

export const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** The entries of a record other than these, or `undefined` when there are none. */
export function others(value: Raw, known: readonly string[]): Raw | undefined {
  const entries = Object.entries(value).filter(([key]) => !known.includes(key));
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
