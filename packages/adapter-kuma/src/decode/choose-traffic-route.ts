import type { CellProxy } from '@heddle/core';
import { combine, compareRanks, type Rank, rankOf, SERVICE_TAG, tagsMatch } from './tags.js';
import { isWho, type Who, whoHasTags } from './who.js';
import type { TrafficRoute, World } from './world-types.js';

/** A TrafficRoute with those whose calls it is about, for each of its sources. */
export interface SourcedRoute {
  readonly route: TrafficRoute;
  readonly sources: readonly { readonly who: Who; readonly rank: Rank }[];
}

export function sourcedRoutes(world: World, mesh: string): readonly SourcedRoute[] {
  if (world.release.major >= 3) return [];
  return world.trafficRoutes
    .filter((route) => route.mesh === mesh)
    .map((route) => ({ route, sources: route.sources.map((tags) => ({ who: whoHasTags(world, tags), rank: rankOf(tags) })) }));
}

export const isForService = ({ destinations }: TrafficRoute, serviceTag: string): boolean =>
  destinations.some((tags) => tagsMatch(tags, { [SERVICE_TAG]: serviceTag }));

/**
 * The one TrafficRoute that decides for a client and a service: the best source and the best destination, their tags added up; of
 * equals the newest, of as new the one whose name comes first (kuma `pkg/core/policy/connection_matcher.go`, 2.14).
 */
export function chooseTrafficRoute(
  routes: readonly SourcedRoute[],
  serviceTag: string,
  proxy: Pick<CellProxy, 'namespace' | 'has'>,
): TrafficRoute | undefined {
  let best: { readonly route: TrafficRoute; readonly rank: Rank } | undefined;
  for (const { route, sources } of routes) {
    const source = highest(sources.filter(({ who }) => isWho(who, proxy)).map(({ rank }) => rank));
    const fitting = route.destinations.filter((tags) => tagsMatch(tags, { [SERVICE_TAG]: serviceTag }));
    const destination = highest(fitting.map(rankOf));
    if (source === undefined || destination === undefined) continue;
    const rank = combine(source, destination);
    const order = best === undefined ? 1 : compareRanks(rank, best.rank) || newer(route, best.route);
    if (order > 0) best = { route, rank };
  }
  return best?.route;
}

const newer = (a: TrafficRoute, b: TrafficRoute): number => (a.age === b.age ? 0 : a.age > b.age ? 1 : -1);

function highest(ranks: readonly Rank[]): Rank | undefined {
  return ranks.reduce((best: Rank | undefined, rank) => (best === undefined || compareRanks(rank, best) > 0 ? rank : best), undefined);
}
