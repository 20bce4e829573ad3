import type { Match, NamedMatch, PathMatch, Str } from '@heddle/core';
import { others, type Raw, record, records, text } from '../raw.js';

/** Fields of an HTTPRouteMatch that are understood. */
const KNOWN = ['path', 'method', 'headers', 'queryParams'];

/** A condition of a route in core's words; `unknown`: fields that it could depend on besides. */
export function readMatch(match: Raw): { readonly match: Match; readonly unknown: Raw | undefined } {
  const headers = named(match.headers, (name) => name.toLowerCase());
  const query = named(match.queryParams, (name) => name);
  const method = text(match.method);
  return {
    match: {
      path: readPath(record(match.path)),
      ...(method === '' ? {} : { method: { exact: method } }),
      ...(headers.length === 0 ? {} : { headers }),
      ...(query.length === 0 ? {} : { query }),
    },
    unknown: others(match, KNOWN),
  };
}

/** Prefix `/` unless something is said; a slash at the end of a prefix does not count (Gateway API, HTTPPathMatch). */
function readPath(path: Raw): PathMatch {
  const value = typeof path.value === 'string' ? path.value : '/';
  if (path.type === 'Exact') return { kind: 'exact', value };
  if (path.type === 'RegularExpression') return { kind: 'regex', value };
  return { kind: 'segmentPrefix', value: value === '/' ? value : value.replace(/\/$/, '') };
}

/** All must hold, also two for names that differ in letter case only (Istio 1.31, recorded); the API server refuses equal names. */
function named(conditions: unknown, spell: (name: string) => string): readonly NamedMatch[] {
  return records(conditions).map((condition) => {
    const value = text(condition.value);
    const is: Str = condition.type === 'RegularExpression' ? { regex: value } : { exact: value };
    return { name: spell(text(condition.name)), is };
  });
}
