import { isRecord } from '@heddle/core';

/** A part of an object as a user wrote it. */
export type Raw = Readonly<Record<string, unknown>>;

export const record = (value: unknown): Raw => (isRecord(value) ? value : {});

export const maybeRecord = (value: unknown): Raw | undefined => (isRecord(value) ? value : undefined);

export const records = (value: unknown): readonly Raw[] => (Array.isArray(value) ? value.filter(isRecord) : []);

export const text = (value: unknown): string => (typeof value === 'string' ? value : '');

export const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];

export const number = (value: unknown): number | undefined => (typeof value === 'number' && Number.isFinite(value) ? value : undefined);

/** A Go or protobuf duration (`1.5s`, `100ms`, `1h2m`) in milliseconds. */
export function milliseconds(value: unknown): number | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  const unit: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1, us: 1e-3, µs: 1e-3, ns: 1e-6 };
  let total = 0;
  let rest = value;
  while (rest !== '') {
    const part = /^(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|h|m|s)/.exec(rest);
    if (part === null) return undefined;
    total += Number(part[1]) * (unit[part[2] ?? ''] ?? 0);
    rest = rest.slice(part[0].length);
  }
  return total;
}
