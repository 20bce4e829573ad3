import { createHash } from 'node:crypto';
import { isRecord } from '../model/object.js';

/** Hexadecimal digits kept of the SHA-256: 80 bits, far more than the rules of one object need. */
const DIGITS = 20;

/**
 * JSON with object keys in code-unit order, without spaces: equal for equal content whatever order it was written in.
 * Like JSON, it drops object members that are undefined and writes null for undefined in arrays.
 */
export function canonicalJson(value: unknown): string {
  // Asked thousands of times in one plan: put together in place.
  let text = '';
  if (Array.isArray(value)) {
    for (const item of value) text += `${text === '' ? '' : ','}${canonicalJson(item)}`;
    return `[${text}]`;
  }
  if (!isRecord(value)) return JSON.stringify(value) ?? 'null';
  for (const key of Object.keys(value).sort()) {
    const member = value[key];
    if (member !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(member)}`;
  }
  return `{${text}}`;
}

/** The first 20 hexadecimal digits of the SHA-256 over the canonical JSON. */
export function contentHash(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, DIGITS);
}
