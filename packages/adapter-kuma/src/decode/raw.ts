import { isRecord } from '@heddle/core';

/** A part of an object as a user wrote it. */
export type Raw = Readonly<Record<string, unknown>>;

export const record = (value: unknown): Raw => (isRecord(value) ? value : {});

export const maybeRecord = (value: unknown): Raw | undefined => (isRecord(value) ? value : undefined);

export const records = (value: unknown): readonly Raw[] => (Array.isArray(value) ? value.filter(isRecord) : []);

/** The entries of a list that are objects, with their places in it: pointers count what a user wrote wrongly too. */
export const indexed = (value: unknown): readonly (readonly [index: number, item: Raw])[] =>
  Array.isArray(value) ? value.flatMap((item: unknown, index): (readonly [number, Raw])[] => (isRecord(item) ? [[index, item]] : [])) : [];

export const text = (value: unknown): string => (typeof value === 'string' ? value : '');

export const maybeText = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

export const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];

export const number = (value: unknown): number | undefined => (typeof value === 'number' && Number.isFinite(value) ? value : undefined);
