import type { Match, NamedMatch, Str } from '../model/match.js';
import { isEveryPath, pathExcludes, pathImplies } from './overlap-path.js';
import { strExcludes, strImplies } from './overlap-str.js';

export type Overlap = 'contains' | 'contained' | 'equal' | 'may-meet' | 'disjoint';

/**
 * How the requests of two lists of ORed matches lie to each other; an empty list, like an empty match, is every request.
 * Sound, not complete: `contains`, `contained`, `equal` and `disjoint` hold, `may-meet` may stand for any of them.
 * Taken for requests that carry each header once: one that repeats a header with two values can satisfy two different exact
 * conditions on Envoy ≥1.39, which matches each value alone.
 */
export function overlapping(a: readonly Match[], b: readonly Match[]): Overlap {
  const [left, right] = [orEvery(a), orEvery(b)];
  const contained = left.every((narrow) => right.some((wide) => matchImplies(narrow, wide)));
  const contains = right.every((narrow) => left.some((wide) => matchImplies(narrow, wide)));
  if (contained && contains) return 'equal';
  if (contains) return 'contains';
  if (contained) return 'contained';
  return left.every((x) => right.every((y) => matchExcludes(x, y))) ? 'disjoint' : 'may-meet';
}

/** Whether every request that satisfies `narrow` satisfies `wide`; sound, as `overlapping` is. */
export function matchImplies(narrow: Match, wide: Match): boolean {
  if (wide.path !== undefined && !isEveryPath(wide.path) && (narrow.path === undefined || !pathImplies(narrow.path, wide.path)))
    return false;
  const singles = [
    [narrow.method, wide.method],
    [narrow.scheme, wide.scheme],
    [narrow.authority, wide.authority],
  ] as const;
  if (!singles.every(([x, y]) => y === undefined || (x !== undefined && strImplies(x, y)))) return false;
  return namedImply(narrow.headers ?? [], wide.headers ?? []) && namedImply(narrow.query ?? [], wide.query ?? []);
}

/** Whether no request can satisfy both. */
export function matchExcludes(x: Match, y: Match): boolean {
  if (x.path !== undefined && y.path !== undefined && pathExcludes(x.path, y.path)) return true;
  const both = (a: Str | undefined, b: Str | undefined) => a !== undefined && b !== undefined && strExcludes(a, b);
  if (both(x.method, y.method) || both(x.scheme, y.scheme) || both(x.authority, y.authority)) return true;
  return namedExclude(x.headers ?? [], y.headers ?? []) || namedExclude(x.query ?? [], y.query ?? []);
}

/** Conditions that every request satisfies which satisfies both: all of them, but for what one match cannot hold twice. */
export function bothHold(a: Match, b: Match): Match {
  const path = a.path !== undefined && b.path !== undefined ? (pathImplies(a.path, b.path) ? a.path : b.path) : (a.path ?? b.path);
  const singles = (['method', 'scheme', 'authority'] as const).flatMap((name) => {
    const is = a[name] ?? b[name];
    return is === undefined ? [] : [[name, is] as const];
  });
  return {
    ...(path === undefined ? {} : { path }),
    ...Object.fromEntries(singles),
    headers: [...(a.headers ?? []), ...(b.headers ?? [])],
    query: [...(a.query ?? []), ...(b.query ?? [])],
  };
}

function namedImply(narrow: readonly NamedMatch[], wide: readonly NamedMatch[]): boolean {
  return wide.every(({ name, is }) => narrow.some((other) => other.name === name && strImplies(other.is, is)));
}

function namedExclude(a: readonly NamedMatch[], b: readonly NamedMatch[]): boolean {
  return a.some(({ name, is }) => b.some((other) => other.name === name && strExcludes(is, other.is)));
}

/** No match at all is a match without conditions. */
export const orEvery = (matches: readonly Match[]): readonly Match[] => (matches.length === 0 ? [{}] : matches);
