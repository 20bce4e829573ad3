import type { Problem } from '../contracts/mesh-adapter.js';
import { clusterReason } from '../errors/cluster-error.js';
import type { ServiceRef } from '../model/change.js';
import { describeRef } from '../model/object.js';
import type { Observed } from '../model/observed.js';
import type { MeshContext } from '../plan/types.js';
import { leaseRef } from '../sessions/names.js';
import { driftOf, ownedRules, type RouteDrift } from './drift.js';
import { listRoutes } from './list-routes.js';
import type { StandingRoutes } from './types.js';

/**
 * What others did to the standing routes of services, by what was seen for these: rules edited by hand or gone, copies of rules that
 * have been changed since, and names that mean nothing any more. Nothing is said where records may not be listed.
 */
export async function routeProblems(mesh: MeshContext, services: readonly ServiceRef[], seen: Observed): Promise<readonly Problem[]> {
  const [first] = services;
  if (first === undefined) return [];
  const routes = await listRoutes(mesh.cluster, { namespace: first.namespace }).catch(noneWithoutRights);
  const concerned = routes.filter(
    ({ adapter, state, service, ports }) =>
      adapter === mesh.adapter.id && state === 'stands' && services.some(({ name, port }) => name === service && ports.includes(port)),
  );
  const owned = ownedRules(mesh.adapter, seen);
  return concerned.flatMap((route) => driftProblems(route, driftOf(mesh, route, { seen, owned, routes })));
}

/** What may not be read cannot be told of: what the mesh does is told all the same. */
function noneWithoutRights(error: unknown): readonly StandingRoutes[] {
  if (clusterReason(error) === 'Forbidden') return [];
  throw error;
}

/** What became of standing routes, a problem for each thing, and what to do about it. */
export function driftProblems(route: StandingRoutes, { edited, missing, uncovered, stale, outdated }: RouteDrift): readonly Problem[] {
  const ref = leaseRef(route.namespace, route.id);
  const refresh = refreshOf(route);
  const routes = routesText(route);
  const are = route.entries.length === 1 ? 'is' : 'are';
  return [
    ...edited.map((rule) => ({
      code: 'rule-edited',
      message: `Somebody edited a rule of ${routes} by hand, at ${rule.pointer} of ${describeRef(rule.ref)}, so heddle leaves it alone`,
      ref: rule.ref,
      pointer: rule.pointer,
      fix: `Put it back as it was, or take it out and then write the routes anew: ${refresh}`,
    })),
    ...missing.map((gone) => ({
      code: 'rule-missing',
      message: `${gone.rules === 1 ? 'A rule' : `${gone.rules} rules`} of ${routes} ${gone.rules === 1 ? 'is' : 'are'} gone from ${describeRef(gone.ref)}`,
      ref: gone.ref,
      fix: refresh,
    })),
    ...uncovered.map((port) => ({
      code: 'port-uncovered',
      message: `Port ${port} has come since, and ${routes} ${route.entries.length === 1 ? 'does' : 'do'} not hold for it`,
      ref,
      fix: refresh,
    })),
    ...(stale
      ? [{ code: 'copied-from-changed', ref, message: `${capital(routes)} ${are} copied from a table that changed`, fix: refresh }]
      : []),
    ...outdated.map((object) => ({
      code: 'route-outdated',
      message: `${capital(routes)} would be written otherwise now: ${describeRef(object)} has been changed, or what it names has, so it may not do what was meant`,
      ref: object,
      fix: refresh,
    })),
  ];
}

const capital = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** `standing routes mirror, split of shop/reviews` */
function routesText({ namespace, service, entries }: StandingRoutes): string {
  return `standing ${entries.length === 1 ? 'route' : 'routes'} ${entries.map(({ name }) => name).join(', ')} of ${namespace}/${service}`;
}

const refreshOf = ({ namespace, service }: StandingRoutes) => `heddle route refresh ${service} -n ${namespace}`;
