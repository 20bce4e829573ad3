import type { Match } from '@heddle/core';
import { type Raw, records } from '../raw.js';
import { compareAges, compareMatches } from './precedence.js';
import { readMatch } from './read-match.js';
import type { Route } from './world.js';

/** One match of one rule of a route: what precedence is about. */
export interface Placed {
  readonly route: Route;
  /** Position of the rule in the route. */
  readonly index: number;
  readonly rule: Raw;
  readonly match: Match;
  /** Fields of the match that are not understood. */
  readonly unknown: Raw | undefined;
}

/** All matches of routes in the order in which they are tried. A rule without matches is one for every request. */
export function placed(routes: readonly Route[]): readonly Placed[] {
  return routes
    .toSorted(compareAges)
    .flatMap((route) =>
      route.rules.flatMap((rule, index) => {
        const matches = records(rule.matches);
        return (matches.length === 0 ? [{}] : matches).map((match) => ({ route, index, rule, ...readMatch(match) }));
      }),
    )
    .toSorted((a, b) => compareMatches(a.match, b.match));
}
