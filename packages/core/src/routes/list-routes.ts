import type { Cluster } from '../contracts/cluster.js';
import type { LeaseView } from '../sessions/lease/lease-object.js';
import { listLeases } from '../sessions/lease/leases.js';
import { kindOfId, partsOfRouteId } from '../sessions/names.js';
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
    allPorts: record?.route?.allPorts === true,
    adapter: record?.adapter ?? '',
    entries,
    versions,
    rules: record?.rules ?? [],
    state: record?.state === 'active' ? 'stands' : 'unfinished',
    ...(copied === undefined ? {} : { copied }),
    ...(problem === undefined ? {} : { problem }),
  };
}
