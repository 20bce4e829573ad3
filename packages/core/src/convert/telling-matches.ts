import type { Match } from '../model/match.js';
import type { Rule } from '../model/table.js';
import { matchExcludes, matchImplies, orEvery } from '../plan/overlap.js';

/** Pairs of rules that may take requests from one another, tried for one table at most. */
const MAX_MEETINGS = 1_000;

/**
 * Matches that a request must satisfy both of to show what a rule does besides choosing a destination, or which of two rules comes
 * first.
 */
export function* telling(rules: readonly Rule[]): Generator<readonly [Match, Match]> {
  for (const rule of rules) {
    for (const shown of [...rewritten(rule), ...preflights(rule)]) for (const match of orEvery(rule.match)) yield [match, shown];
  }
  yield* meetings(rules);
}

/** Paths in which a rewrite by a pattern finds something. */
function rewritten({ rewrite }: Rule): readonly Match[] {
  const { path, authority } = rewrite ?? {};
  const patterns = [
    path !== undefined && 'regex' in path ? path.regex : undefined,
    typeof authority === 'object' ? authority.regex : undefined,
  ];
  return patterns.flatMap((regex) => (regex === undefined ? [] : [{ path: { kind: 'regex', value: `.*(?:${regex}).*` } }]));
}

/** Requests that a proxy answers itself, where it is told to. */
function preflights({ preflight }: Rule): readonly Match[] {
  if (preflight === undefined) return [];
  const origins = preflight === 'all' ? [{ exact: 'https://heddle-other.test' }] : preflight;
  return origins.map((is) => ({
    method: { exact: 'OPTIONS' },
    headers: [
      { name: 'origin', is },
      { name: 'origin', is: { not: { exact: '' } } },
      { name: 'access-control-request-method', is: { exact: 'GET' } },
    ],
  }));
}

/** Each rule with the later ones that may take a request of its: another order gives that to them. */
function* meetings(rules: readonly Rule[]): Generator<readonly [Match, Match]> {
  let left = MAX_MEETINGS;
  for (const [index, rule] of rules.entries()) {
    for (const match of orEvery(rule.match)) {
      for (const other of rules.slice(index + 1).flatMap((later) => orEvery(later.match))) {
        if (matchExcludes(match, other) || matchImplies(match, other)) continue;
        if (left === 0) return;
        left -= 1;
        yield [match, other];
      }
    }
  }
}
