import { compileRe2 } from '../evaluate/re2.js';
import type { NamedMatch } from '../model/match.js';
import { strExcludes } from './overlap-str.js';
import { describeInvalidRe2 } from './regex-position.js';

/** Why no condition can be made of a text: what is expected in its place, and for a pattern what RE2 stumbles over. */
export interface ConditionFault {
  readonly expected: string;
  readonly because?: string;
}

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** HTTP's word for names and methods (RFC 9110, 5.6.2). */
const isToken = (text: string): boolean => TOKEN.test(text);

/** Of a header's name, in any case. */
export function headerNameFault(name: string): ConditionFault | undefined {
  if (!isToken(name)) return { expected: 'a header name' };
  if (name.toLowerCase() === 'host') return { expected: 'another header than Host, which the mesh uses to find the service' };
  return undefined;
}

/** Of a header's value, or of the beginning of one. */
export function headerValueFault(value: string): ConditionFault | undefined {
  if (/^[ \t]|[ \t]$/.test(value)) return { expected: 'a value without spaces at its ends, since HTTP drops them' };
  return hasControl(value) ? { expected: 'a value on one line' } : undefined;
}

export function patternFault(value: string): ConditionFault | undefined {
  const compiled = compileRe2(value);
  return 'invalid' in compiled ? { expected: 'an RE2 pattern', because: describeInvalidRe2(value, compiled.invalid) } : undefined;
}

/** Of a path that is meant as it stands: no pattern. */
export function pathFault(value: string): ConditionFault | undefined {
  if (!value.startsWith('/')) return { expected: 'a path that begins with `/`' };
  return /[?#\s]/.test(value) || hasControl(value) ? { expected: 'a path without query, fragment or spaces' } : undefined;
}

/** Of a query parameter's name or value, as it stands in a URL. */
export function queryFault(text: string): ConditionFault | undefined {
  return /[&#\s]/.test(text) || hasControl(text) ? { expected: 'a parameter as it is sent, without `&`, `#` or spaces' } : undefined;
}

/** A prefix by segments: `/api/` says no more than `/api`, and some meshes refuse the former. */
export const segmentPrefixOf = (value: string): string => value.replace(/(?<=.)\/+$/, '');

export function methodFault(value: string): ConditionFault | undefined {
  return isToken(value) ? undefined : { expected: 'an HTTP method' };
}

/** The name of two conditions on one header or parameter that nothing can satisfy: a slip, not a wish. */
export function contradictory(conditions: readonly NamedMatch[]): string | undefined {
  return conditions.find(({ name, is }, index) =>
    conditions.slice(index + 1).some((other) => other.name === name && strExcludes(other.is, is)),
  )?.name;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const hasControl = (value: string) => /[\0-\x1f\x7f]/.test(value);
