import { overlapping } from '../plan/overlap.js';
import { inOrder } from '../routes/entry.js';
import { routeDimension } from '../routes/entry-rivals.js';
import type { CaseProblem } from '../routing-tests/routing-test.js';
import type { FileRoute } from './types.js';

export interface UncountedRoute<R extends FileRoute> extends CaseProblem {
  readonly route: R;
  /** The one that counts in its place. */
  readonly rival: R;
}

/**
 * Routes that can never count: one name twice, or all of their requests taken by another that wants the same of them and counts first,
 * which goes by name.
 */
export function uncountedRoutes<R extends FileRoute>(routes: readonly R[]): readonly UncountedRoute<R>[] {
  const groups = Map.groupBy(routes, ({ service, port = '' }) => `${service}:${port}`);
  return [...groups.values()].flatMap((group) => inOrder(group).flatMap((one, index, all) => problemOf(one, all.slice(0, index)) ?? []));
}

function problemOf<R extends FileRoute>(one: R, earlier: readonly R[]): UncountedRoute<R> | undefined {
  const twin = earlier.find(({ name }) => name === one.name);
  if (twin !== undefined) {
    const expected = `a name that no other route of ${one.service} has`;
    return { route: one, rival: twin, path: [...one.path, 'name'], expected, received: one.name };
  }
  const taker = earlier.find((other) => routeDimension(other) === routeDimension(one) && takesAll(other, one));
  if (taker === undefined) return undefined;
  const why = one.match.length === 0 || taker.match.length === 0 ? '' : ', which comes first by name';
  const received = `only such as ${taker.name} takes${why}`;
  return { route: one, rival: taker, path: one.path, expected: 'requests that are left for it', received };
}

const takesAll = (wide: FileRoute, narrow: FileRoute): boolean => ['equal', 'contains'].includes(overlapping(wide.match, narrow.match));
