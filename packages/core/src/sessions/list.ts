import type { Cluster } from '../contracts/cluster.js';
import { type Standing, standingOf } from './lease/expiry.js';
import type { LeaseView } from './lease/lease-object.js';
import { listLeases } from './lease/leases.js';
import { kindOfId } from './names.js';
import { TIMING } from './timing.js';
import type { SessionDeps, SessionSummary } from './types.js';

/** Sessions and standing routes of a namespace, or of all, as their records tell them; the oldest first. */
export async function listSessions(
  cluster: Cluster,
  scope: { readonly namespace?: string },
  identity: Pick<SessionDeps, 'isGone'>,
): Promise<readonly SessionSummary[]> {
  const leases = await listLeases(cluster, scope.namespace);
  if (leases.length === 0) return [];
  const context = { serverTime: await cluster.serverTime(), graceMs: TIMING.expiryGraceMs, isGone: identity.isGone.bind(identity) };
  return leases.map((lease) => summaryOf(lease, standingOf(lease, context)));
}

function summaryOf(lease: LeaseView, standing: Standing): SessionSummary {
  const { record, renewedAt } = lease;
  const holder = record?.startedBy;
  return {
    id: lease.id,
    kind: record?.kind ?? kindOfId(lease.id),
    namespace: lease.namespace,
    service: record?.service ?? '',
    ports: record?.ports ?? [],
    match: record?.match ?? {},
    state: record?.state ?? 'draining',
    adapter: record?.adapter ?? '',
    holder: { user: holder?.user ?? '', host: holder?.host ?? '', pid: holder?.pid ?? 0 },
    renewedAt: renewedAt === undefined ? undefined : new Date(renewedAt).toISOString(),
    expired: standing.is === 'expired',
    abandoned: standing.is === 'abandoned',
    ...(record?.condition === undefined ? {} : { condition: record.condition }),
    ...(record?.route === undefined ? {} : { entries: record.route.entries }),
    ...(lease.problem === undefined ? {} : { problem: lease.problem }),
  };
}
