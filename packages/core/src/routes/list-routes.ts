import type { Cluster } from '../contracts/cluster.js';
import { observe } from '../plan/index.js';
import type { MeshContext } from '../plan/types.js';
import type { LeaseView } from '../sessions/lease/lease-object.js';
import { listLeases } from '../sessions/lease/leases.js';
import { kindOfId, partsOfRouteId } from '../sessions/names.js';
import { copiedFrom } from './copied-from.js';
import type { StandingRoutes } from './types.js';

/** The standing routes of a namespace, or of all, as their records tell them; one of these for each owner, by service. */
export async function listRoutes(cluster: Cluster, scope: { readonly namespace?: string }): Promise<readonly StandingRoutes[]> {
  const leases = await listLeases(cluster, scope.namespace);
  return leases.filter(({ id, record }) => (record?.kind ?? kindOfId(id)) === 'route').map(routesOf);
}

function routesOf({ id, namespace, record, problem }: LeaseView): StandingRoutes {
  const { copied, entries = [], versions = [] } = record?.route ?? {};
  return {
    id,
    namespace,
    service: record?.service ?? partsOfRouteId(id).service,
    ports: record?.ports ?? [],
    adapter: record?.adapter ?? '',
    entries,
    versions,
    state: record?.state === 'active' ? 'stands' : 'unfinished',
    ...(copied === undefined ? {} : { copied }),
    ...(problem === undefined ? {} : { problem }),
  };
}

/**
 * Those of the routes that are copies of rules which others have changed since. Routes that another adapter wrote are not looked at, and none
 * where objects of the mesh may not be read. Throws what the API server refuses.
 */
export async function staleAmong(mesh: MeshContext, routes: readonly StandingRoutes[]): Promise<readonly StandingRoutes[]> {
  const own = routes.filter(({ adapter, copied }) => adapter === mesh.adapter.id && copied !== undefined);
  if (own.length === 0) return [];
  const seen = await observe(mesh, { services: own.flatMap(servicesOf) });
  // What may not be read looks like what is gone: nothing can be told then.
  if ([...seen.values()].some((observation) => 'unread' in observation && observation.unread === 'forbidden')) return [];
  return own.filter((route) => route.copied !== copiedFrom(mesh, servicesOf(route), seen));
}

const servicesOf = ({ namespace, service, ports }: StandingRoutes) => ports.map((port) => ({ namespace, name: service, port }));
