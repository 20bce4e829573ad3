import { type Match, type NamedMatch, type PathMatch, quoteMeta, type Str } from '@heddle/core';
import type { Raw } from '../../decode/raw.js';
import type { Entry } from '../entry.js';
import { written } from '../matches.js';
import { replacesPrefix } from '../rewrites.js';

/** How an entry's path is written, where there is a choice: Kuma tries rules in an order that depends on it. */
export interface Form {
  /** As it is said best; as a regular expression, which comes after the others; or every path as no condition, which comes last. */
  readonly path: 'plain' | 'pattern' | 'none';
  /** Bytes of a pattern beside what it needs: the longer one is tried first. */
  readonly padding: number;
}

export const PLAIN: Form = { path: 'plain', padding: 0 };

/** A match of a MeshHTTPRoute's rule. */
export function writtenMatch({ match, effect }: Pick<Entry, 'match' | 'effect'>, form: Form): Raw {
  const { method, headers = [], query = [] } = match;
  const path = writtenPath(match.path, replacesPrefix(effect) ? PLAIN : form);
  return {
    ...(path === undefined ? {} : { path }),
    ...(method !== undefined && 'exact' in method ? { method: method.exact } : {}),
    ...(headers.length === 0 ? {} : { headers: headers.map(writtenHeader) }),
    ...(query.length === 0 ? {} : { queryParams: query.map(writtenParameter) }),
  };
}

function writtenPath(path: PathMatch | undefined, { path: form, padding }: Form): Raw | undefined {
  if (path === undefined && form === 'none') return undefined;
  if (path === undefined && form === 'plain') return { type: 'PathPrefix', value: '/' };
  if (form === 'plain' && path?.kind === 'exact') return { type: 'Exact', value: path.value };
  if (form === 'plain' && path?.kind === 'segmentPrefix') return { type: 'PathPrefix', value: path.value.replace(/(.)\/+$/, '$1') };
  return { type: 'RegularExpression', value: padded(path === undefined ? '.*' : written(path), padding) };
}

/** A group of nothing changes nothing. */
const NOTHING = '(?:)';

const padded = (regex: string, bytes: number): string => regex + NOTHING.repeat(Math.ceil(bytes / NOTHING.length));

function writtenHeader({ name, is }: NamedMatch): Raw {
  if ('present' in is) return { type: 'Present', name };
  if ('absent' in is) return { type: 'Absent', name };
  const [type, value] = typeAndValue(is);
  return { type, name, value };
}

function typeAndValue(is: Str): readonly [string, string] {
  if ('exact' in is) return ['Exact', is.exact];
  if ('prefix' in is) return ['Prefix', is.prefix];
  return ['RegularExpression', 'regex' in is ? is.regex : '.*'];
}

/** Of a parameter one can ask for a value or a pattern. */
function writtenParameter({ name, is }: NamedMatch): Raw {
  if ('exact' in is) return { type: 'Exact', name, value: is.exact };
  return { type: 'RegularExpression', name, value: 'prefix' in is ? `${quoteMeta(is.prefix)}.*` : 'regex' in is ? is.regex : '.*' };
}

export const isEverything = (match: Match): boolean => Object.keys(match).length === 0;
