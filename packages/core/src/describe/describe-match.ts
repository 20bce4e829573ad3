import type { Match, PathMatch, Str } from '../model/match.js';
import { shown } from './expectation.js';

/** A condition as an operator and a value: `= alice`, `=~ al.*`, `^= al`, `present`, `!= bob`. */
export function describeStr(is: Str): string {
  if ('exact' in is) return `= ${shown(is.exact)}`;
  if ('prefix' in is) return `^= ${shown(is.prefix)}`;
  if ('regex' in is) return `=~ ${shown(is.regex)}`;
  if ('present' in is) return 'present';
  if ('absent' in is) return 'absent';
  return describeNot(is.not);
}

function describeNot(is: Str): string {
  if ('exact' in is) return `!= ${shown(is.exact)}`;
  if ('prefix' in is) return `!^= ${shown(is.prefix)}`;
  if ('regex' in is) return `!~ ${shown(is.regex)}`;
  if ('present' in is) return 'absent';
  if ('absent' in is) return 'present';
  return describeStr(is.not);
}

/** The conditions of a match in one line, joined with `and`; `every request` when there are none. */
export function describeMatch(match: Match): string {
  const terms = [
    ...(match.path === undefined || isEveryPath(match.path) ? [] : [describePath(match.path)]),
    ...(['method', 'scheme', 'authority'] as const).flatMap((name) => {
      const is = match[name];
      return is === undefined ? [] : [`${name} ${describeStr(is)}`];
    }),
    ...(match.headers ?? []).map(({ name, is }) => `${name} ${describeStr(is)}`),
    ...(match.query ?? []).map(({ name, is }) => `query ${name} ${describeStr(is)}`),
  ];
  return terms.length === 0 ? 'every request' : terms.join(' and ');
}

/** Several matches, any of which may hold; none at all is every request. */
export function describeMatches(matches: readonly Match[]): string {
  return matches.length === 0 ? 'every request' : [...new Set(matches.map(describeMatch))].join(' or ');
}

/** Meshes that want a path in every rule are given this one; it says nothing to people. */
const isEveryPath = ({ kind, value }: PathMatch) => value === '/' && (kind === 'segmentPrefix' || kind === 'rawPrefix');

function describePath(path: PathMatch): string {
  const operator = { exact: '=', segmentPrefix: '^=', rawPrefix: '^=', regex: '=~' }[path.kind];
  const remarks = [
    ...(path.kind === 'segmentPrefix' ? ['by segments'] : []),
    ...(path.ignoreCase === true && path.kind !== 'regex' ? ['any case'] : []),
  ];
  return `path ${operator} ${shown(path.value)}${remarks.length === 0 ? '' : ` (${remarks.join(', ')})`}`;
}
