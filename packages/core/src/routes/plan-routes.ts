import { observe } from '../plan/index.js';
import { meshOf } from '../sessions/deps.js';
import { listLeases } from '../sessions/lease/leases.js';
import { readService } from '../sessions/read-service.js';
import { planOwner } from './plan-owner.js';
import { movedOn, routeExists } from './rival-routes.js';
import { routesOfAllPorts, routesOfPort } from './route-ports.js';
import { refuseRecordRights } from './route-rights.js';
import { choosePorts } from './service-ports.js';
import type { RouteDeps, RoutePlanning, RouteRequest } from './types.js';

/**
 * What an edit of a service's standing routes would do, without doing any of it. Refusals are data: the edit's own, `route-exists`,
 * `route-busy`, `record-unreadable`, `other-mesh`, `unknown-version`, `version-port`, `no-ready-pods`, `version-unseen`, `rule-edited`,
 * `missing-rights`, and those of the plan. Throws input errors (`unknown-service`, `unknown-port`, `route-name-invalid`) and what the API
 * server refuses.
 */
export async function planRoutes(deps: RouteDeps, request: RouteRequest): Promise<RoutePlanning> {
  const { cluster } = deps;
  const { namespace } = request.service;
  const object = await readService(cluster, request.service);
  const named = request.port === undefined ? undefined : choosePorts(object, request.port);
  const rights = await refuseRecordRights(deps, namespace);
  if (rights.length > 0) return { refused: rights };
  const leases = await listLeases(cluster, namespace);
  const ports =
    named === undefined
      ? await routesOfAllPorts(deps, object, leases)
      : { ...routesOfPort(named, leases), seen: await observe(meshOf(deps), { services: named }) };
  if (named !== undefined) {
    const claim = { id: ports.owner.id, namespace, service: request.service.name, ports: named.map(({ port }) => port) };
    const others = movedOn(claim, leases).map((other) => routeExists(claim, other));
    if (others.length > 0) return { refused: others };
  }
  return planOwner(deps, { object, ...ports, leases, edit: request.edit });
}
