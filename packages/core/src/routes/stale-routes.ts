import type { Problem } from '../contracts/mesh-adapter.js';
import { clusterReason } from '../errors/cluster-error.js';
import type { ServiceRef } from '../model/change.js';
import type { Observed } from '../model/observed.js';
import { allObjects } from '../plan/simulate.js';
import type { MeshContext } from '../plan/types.js';
import type { LeaseView } from '../sessions/lease/lease-object.js';
import { listLeases } from '../sessions/lease/leases.js';
import { type SessionRecord, servicesOf } from '../sessions/lease/record.js';
import { leaseRef } from '../sessions/names.js';
import { copiedFrom } from './copied-from.js';
import { listRoutes, staleAmong } from './list-routes.js';
import type { StandingRoutes } from './types.js';

/** Standing routes of the services whose rules are copies of rules that have been changed since: what others changed does not count. */
export async function staleRoutes(mesh: MeshContext, services: readonly ServiceRef[], seen: Observed): Promise<readonly Problem[]> {
  const [first] = services;
  if (first === undefined) return [];
  const concerns = ({ service, ports }: SessionRecord) => services.some(({ name, port }) => name === service && ports.includes(port));
  const leases = await listLeases(mesh.cluster, first.namespace).catch(noneWithoutRights);
  return leases.flatMap(({ record }: LeaseView) => {
    const copied = record?.route?.copied;
    if (record === undefined || copied === undefined || record.adapter !== mesh.adapter.id || !concerns(record)) return [];
    return isStale(mesh, record, seen) ? [staleProblem({ ...record, entries: record.route?.entries ?? [] })] : [];
  });
}

/** What may not be read cannot be told of: what the mesh does is told all the same. */
function noneWithoutRights(error: unknown): readonly LeaseView[] {
  if (clusterReason(error) === 'Forbidden') return [];
  throw error;
}

export function isStale(mesh: Pick<MeshContext, 'adapter' | 'env'>, record: SessionRecord, seen: Observed): boolean {
  const copied = record.route?.copied;
  return copied !== undefined && copied !== copiedFrom(mesh, servicesOf(record), seen);
}

/** For `heddle lint`: all standing routes of a namespace, or of all, that the mesh's adapter wrote. Reads nothing where none of its rules is one. */
export async function lintStaleRoutes(
  mesh: MeshContext,
  seen: Observed,
  scope: { readonly namespace?: string },
): Promise<readonly Problem[]> {
  const rules = allObjects(seen).flatMap((object) => mesh.adapter.owned(object));
  if (!rules.some(({ owner }) => owner.kind === 'route')) return [];
  const routes = await listRoutes(mesh.cluster, scope).catch((error: unknown) => {
    if (clusterReason(error) === 'Forbidden') return [];
    throw error;
  });
  return (await staleAmong(mesh, routes)).map(staleProblem);
}

function staleProblem({ id, namespace, service, entries }: Pick<StandingRoutes, 'id' | 'namespace' | 'service' | 'entries'>): Problem {
  const names = entries.map(({ name }) => name);
  const [routes, are] = names.length === 1 ? ['route', 'is'] : ['routes', 'are'];
  return {
    code: 'copied-from-changed',
    message: `Standing ${routes} ${names.join(', ')} of ${namespace}/${service} ${are} copied from a table that changed`,
    ref: leaseRef(namespace, id),
    fix: `heddle route refresh ${service} -n ${namespace}`,
  };
}
