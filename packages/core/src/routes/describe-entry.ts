import { describeMatches } from '../describe/describe-match.js';
import { describeMs } from '../describe/describe-ms.js';
import type { RouteAction, RouteSpec } from './entry.js';
import { describeShares } from './shares.js';

/** What a route does with its requests: `v1 90 %, v2 10 %`, `also copied to v3 (10 %)`, `delayed 7 s (100 %), aborted with 503 (5 %)`. */
export function describeRouteAction(action: RouteAction): string {
  if ('to' in action) return describeShares(action.to);
  if ('mirror' in action) return `also copied to ${action.mirror.version} (${action.mirror.percent} %)`;
  const { delay, abort } = action.fault;
  return [
    ...(delay === undefined ? [] : [`delayed ${describeMs(delay.ms)} (${delay.percent} %)`]),
    ...(abort === undefined ? [] : [`aborted with ${abort.status} (${abort.percent} %)`]),
  ].join(', ');
}

/** `every request: v1 90 %, v2 10 %` */
export function describeEntry(entry: RouteSpec): string {
  return `${describeMatches(entry.match)}: ${describeRouteAction(entry)}`;
}
