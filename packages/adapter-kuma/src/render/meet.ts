import { compileRe2, joinMatches, type Match, matchExcludes, matchImplies, type NamedMatch, type Str } from '@heddle/core';

/** The match that just the requests satisfy which satisfy both; with one condition at most on a name, as Kuma counts no more. */
export function meet(a: Match, b: Match): Match | 'never' | 'unsayable' {
  const both = joinMatches(a, b);
  if (typeof both === 'string') return both;
  const headers = oneEach(both.headers);
  const query = oneEach(both.query);
  if (headers === 'never' || query === 'never') return 'never';
  if (headers === 'unsayable' || query === 'unsayable') return 'unsayable';
  const { headers: _headers, query: _query, ...rest } = both;
  return { ...rest, ...(headers.length === 0 ? {} : { headers }), ...(query.length === 0 ? {} : { query }) };
}

export function oneEach(all: readonly NamedMatch[] = []): readonly NamedMatch[] | 'never' | 'unsayable' {
  const byName = Map.groupBy(all, ({ name }) => name);
  const out: NamedMatch[] = [];
  for (const [name, conditions] of byName) {
    const is = together(conditions.map((one) => one.is));
    if (is === 'never' || is === 'unsayable') return is;
    out.push({ name, is });
  }
  return out;
}

/** Conditions on one value, as one. */
export function together([first, ...others]: readonly Str[]): Str | 'never' | 'unsayable' {
  let is: Str = first ?? { present: true };
  for (const other of others) {
    if (excludes(is, other)) return 'never';
    if (implies(is, other)) continue;
    if (!implies(other, is)) return 'unsayable';
    is = other;
  }
  return is;
}

const implies = (narrow: Str, wide: Str): boolean => matchImplies({ method: narrow }, { method: wide });
const excludes = (a: Str, b: Str): boolean => matchExcludes({ method: a }, { method: b });

/** Whether a condition holds for a value that is there. */
export function holds(is: Str, value: string): boolean {
  if ('present' in is) return true;
  if ('absent' in is) return false;
  if ('not' in is) return !holds(is.not, value);
  if ('exact' in is) return is.exact === value;
  if ('prefix' in is) return value.startsWith(is.prefix);
  const regex = compileRe2(is.regex);
  return 'matches' in regex && regex.matches(value);
}
