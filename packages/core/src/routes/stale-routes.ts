import type { Problem } from '../contracts/mesh-adapter.js';
import { clusterReason } from '../errors/cluster-error.js';
import type { ServiceRef } from '../model/change.js';
import type { Observed } from '../model/observed.js';
import type { MeshContext } from '../plan/types.js';
import type { LeaseView } from '../sessions/lease/lease-object.js';
import { listLeases } from '../sessions/lease/leases.js';
import { type SessionRecord, servicesOf } from '../sessions/lease/record.js';
import { leaseRef } from '../sessions/names.js';
import { copiedFrom } from './copied-from.js';
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
    return isStale(mesh, record, seen) ? [problem(record)] : [];
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

function problem({ id, namespace, service, route }: SessionRecord): Problem {
  const { entries = [] } = route ?? {};
  return { code: 'copied-from-changed', ref: leaseRef(namespace, id), ...staleWords({ namespace, service, entries }) };
}

/** What is said of standing routes that are copies of rules which others have changed since, and what to do about it. */
export function staleWords({ namespace, service, entries }: Pick<StandingRoutes, 'namespace' | 'service' | 'entries'>): {
  readonly message: string;
  readonly fix: string;
} {
  const names = entries.map(({ name }) => name);
  const [routes, are] = names.length === 1 ? ['route', 'is'] : ['routes', 'are'];
  return {
    message: `Standing ${routes} ${names.join(', ')} of ${namespace}/${service} ${are} copied from a table that changed`,
    fix: `heddle route refresh ${service} -n ${namespace}`,
  };
}
