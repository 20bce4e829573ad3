import type { Match, NamedMatch, PathMatch, Str } from '@heddle/core';
import { type Raw, record, records, text } from './raw.js';

/**
 * One match of a MeshHTTPRoute's rule (kuma `meshhttproute/xds/configurer.go` and `match.go`, 2.14). `apart`: a prefix is two matches,
 * the path itself and what is below it, since a rewrite replaces something else in each.
 */
export function compileMatches(raw: Raw, apart: boolean): readonly Match[] {
  const method = typeof raw.method === 'string' ? { method: { exact: raw.method } } : {};
  const headers = named(records(raw.headers), headerStr);
  const query = named(records(raw.queryParams), queryStr);
  const rest: Match = { ...method, ...(headers.length === 0 ? {} : { headers }), ...(query.length === 0 ? {} : { query }) };
  return pathsOf(raw.path, apart).map((path) => ({ ...(path === undefined ? {} : { path }), ...rest }));
}

function pathsOf(raw: unknown, apart: boolean): readonly (PathMatch | undefined)[] {
  if (typeof raw !== 'object' || raw === null) return [undefined];
  const { type, value: written } = record(raw);
  const value = text(written);
  if (type === 'Exact') return [{ kind: 'exact', value }];
  if (type === 'RegularExpression') return [{ kind: 'regex', value }];
  if (value === '/') return [{ kind: 'segmentPrefix', value }];
  const base = value.endsWith('/') ? value.slice(0, -1) : value;
  if (!apart) return [{ kind: 'segmentPrefix', value: base }];
  return [
    { kind: 'exact', value: base },
    { kind: 'rawPrefix', value: `${base}/` },
  ];
}

/** Of several conditions on one name the first counts. */
function named(all: readonly Raw[], str: (raw: Raw) => Str): readonly NamedMatch[] {
  const found = new Map<string, NamedMatch>();
  for (const raw of all) {
    const name = text(raw.name);
    if (!found.has(name)) found.set(name, { name, is: str(raw) });
  }
  return [...found.values()];
}

function headerStr({ type = 'Exact', value: written }: Raw): Str {
  const value = text(written);
  if (type === 'Present' || (type === 'Prefix' && value === '')) return { present: true };
  if (type === 'Absent') return { absent: true };
  if (type === 'Prefix') return { prefix: value };
  return type === 'RegularExpression' ? { regex: value } : { exact: value };
}

const queryStr = ({ type, value }: Raw): Str => (type === 'RegularExpression' ? { regex: text(value) } : { exact: text(value) });
