import { type Match, type NamedMatch, overlapping } from '@heddle/core';

/** The requests that satisfy both of two matches, as one match; or that there are none; or that no single match can say it. */
type Meeting<T> = T | 'never' | 'unclear';

/**
 * The requests that satisfy both matches. `unclear`: two conditions on one thing that a single one cannot stand for, such as two
 * regular expressions on one header.
 */
export function meet(a: Match, b: Match): Meeting<Match> {
  const parts: readonly Meeting<Match>[] = [
    narrower(a.path === undefined ? {} : { path: a.path }, b.path === undefined ? {} : { path: b.path }),
    narrower(a.method === undefined ? {} : { method: a.method }, b.method === undefined ? {} : { method: b.method }),
    meetNamed([...(a.headers ?? []), ...(b.headers ?? [])], 'headers'),
    meetNamed([...(a.query ?? []), ...(b.query ?? [])], 'query'),
  ];
  if (parts.includes('never')) return 'never';
  const met = parts.filter((part) => typeof part === 'object');
  return met.length < parts.length ? 'unclear' : Object.assign({}, ...met);
}

/** Of two conditions on one thing the one that implies the other; none at all is implied by each. */
function narrower(a: Match, b: Match): Meeting<Match> {
  switch (overlapping([a], [b])) {
    case 'equal':
    case 'contained':
      return a;
    case 'contains':
      return b;
    case 'disjoint':
      return 'never';
    default:
      return 'unclear';
  }
}

function meetNamed(conditions: readonly NamedMatch[], kind: 'headers' | 'query'): Meeting<Match> {
  const found = new Map<string, Match>();
  for (const one of conditions) {
    const both = narrower({ [kind]: [one] }, found.get(one.name) ?? {});
    if (typeof both === 'string') return both;
    found.set(one.name, both);
  }
  const all = [...found.values()].flatMap((match) => match[kind] ?? []);
  return all.length === 0 ? {} : { [kind]: all };
}
