import { type SourcedRoute, sourcedRoutes } from './choose-traffic-route.js';
import { type Clusters, clustersOf } from './clusters.js';
import { whoIsTargeted } from './targets.js';
import type { Who } from './who.js';
import type { MeshRoute, World } from './world-types.js';

/** A policy with those whose calls it is about. */
export interface TargetedRoute {
  readonly route: MeshRoute;
  readonly who: Who;
}

/** All that one mesh says of routes, made ready to be asked for many clients. */
export interface MeshPolicies {
  readonly mesh: string;
  readonly clusters: Clusters;
  readonly trafficRoutes: readonly SourcedRoute[];
  readonly httpRoutes: readonly TargetedRoute[];
  readonly tcpRoutes: readonly TargetedRoute[];
}

export function meshPolicies(world: World, mesh: string): MeshPolicies {
  const targeted = (routes: readonly MeshRoute[]) =>
    routes.filter((route) => route.mesh === mesh).map((route): TargetedRoute => ({ route, who: whoIsTargeted(world, route) }));
  return {
    mesh,
    clusters: clustersOf(world, mesh),
    trafficRoutes: sourcedRoutes(world, mesh),
    httpRoutes: targeted(world.httpRoutes),
    tcpRoutes: targeted(world.tcpRoutes),
  };
}
