import { expectPath, expectStr, quoteValues } from '../describe/expectation.js';
import type { Match, PathMatch, Str } from '../model/match.js';
import type { Regexes } from './re2.js';
import type { RequestView } from './request-view.js';
import { strHolds } from './str-condition.js';

/** The first condition that failed, and how many held before it. */
export interface Failure {
  readonly passed: number;
  readonly because: string;
}

/** The first condition of a match that a request fails; `undefined` when all hold. */
export function firstFailure(match: Match, view: RequestView, regexes: Regexes): Failure | undefined {
  let passed = 0;
  const { request } = view;
  if (match.path !== undefined) {
    if (!pathHolds(match.path, view.path, regexes)) return fail(passed, `path: expected ${expectPath(match.path)}, got ${view.path}`);
    passed += 1;
  }
  const singles: readonly (readonly [string, Str | undefined, string])[] = [
    ['method', match.method, request.method],
    ['scheme', match.scheme, view.headers.scheme],
    ['authority', match.authority, request.authority],
  ];
  for (const [name, is, value] of singles) {
    if (is === undefined) continue;
    if (!strHolds(is, [value], regexes)) return fail(passed, `${name}: expected ${expectStr(is)}, got ${quoteValues([value])}`);
    passed += 1;
  }
  for (const { name, is } of match.headers ?? []) {
    const values = view.header(name);
    if (!strHolds(is, values, regexes)) return fail(passed, `header ${name}: expected ${expectStr(is)}, got ${quoteValues(values)}`);
    passed += 1;
  }
  for (const { name, is } of match.query ?? []) {
    const value = view.query(name);
    const values = value === undefined ? [] : [value];
    if (!strHolds(is, values, regexes)) return fail(passed, `query ${name}: expected ${expectStr(is)}, got ${quoteValues(values)}`);
    passed += 1;
  }
  return undefined;
}

export function pathHolds(is: PathMatch, path: string, regexes: Regexes): boolean {
  if (is.kind === 'regex') {
    const regex = regexes(is.value);
    return 'matches' in regex && regex.matches(path);
  }
  const fold = (text: string) => (is.ignoreCase === true ? text.toLowerCase() : text);
  const [value, actual] = [fold(is.value), fold(path)];
  if (is.kind === 'exact') return actual === value;
  if (is.kind === 'rawPrefix') return actual.startsWith(value);
  const base = value.endsWith('/') ? value.slice(0, -1) : value;
  return actual === base || actual.startsWith(`${base}/`);
}

/** Patterns of a match that RE2 refuses; such a condition never holds. */
export function refusedPatterns(match: Match, regexes: Regexes): readonly string[] {
  const named = [...(match.headers ?? []), ...(match.query ?? [])].map(({ is }) => is);
  const strs = [match.method, match.scheme, match.authority, ...named].flatMap((is) => (is === undefined ? [] : patternsOf(is)));
  const patterns = match.path?.kind === 'regex' ? [match.path.value, ...strs] : strs;
  return patterns.filter((pattern) => 'invalid' in regexes(pattern));
}

function patternsOf(is: Str): readonly string[] {
  if ('regex' in is) return [is.regex];
  return 'not' in is ? patternsOf(is.not) : [];
}

const fail = (passed: number, because: string): Failure => ({ passed, because });
