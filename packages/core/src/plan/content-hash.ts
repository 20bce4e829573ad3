import { createHash } from 'node:crypto';
import { isRecord } from '../model/object.js';

/** Hexadecimal digits kept of the SHA-256: 80 bits, far more than the rules of one object need. */
const DIGITS = 20;

/**
 * JSON with object keys in code-unit order, without spaces: equal for equal content whatever order it was written in.
 * Like JSON, it drops object members that are undefined and writes null for undefined in arrays.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item)).join(',')}]`;
  if (!isRecord(value)) return JSON.stringify(value) ?? 'null';
  const members = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key])}`);
  return `{${members.join(',')}}`;
}

/** The first 20 hexadecimal digits of the SHA-256 over the canonical JSON. */
export function contentHash(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, DIGITS);
}
