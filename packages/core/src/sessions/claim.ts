import { clusterReason } from '../errors/cluster-error.js';
import type { StandingContext } from './lease/expiry.js';
import { type LeaseDeps, LeaseHolder } from './lease/lease-holder.js';
import { holderText, readLease } from './lease/lease-object.js';
import { listLeases } from './lease/leases.js';
import type { SessionRecord } from './lease/record.js';
import { leaseRef } from './names.js';
import { type Claim, overlapRefusal, type Rival, rivalsOf } from './overlap.js';
import { refusedError } from './refused.js';
import { persistently } from './retry.js';

/**
 * Writes the Lease, then lists again: against a session that started at the same moment. Throws the refusal `overlap` after withdrawing.
 *
 * Two sessions never both pass: the one that wrote its Lease second sees the first one's. If that has passed this check already (its state is
 * beyond `planned`), or is the older one, the second withdraws; if it is the younger one, it will see us and withdraw, and we wait for that.
 */
export async function claimLease(
  deps: LeaseDeps,
  record: SessionRecord,
  isGone: StandingContext['isGone'],
  signal: AbortSignal,
): Promise<LeaseHolder> {
  const holder = await createLease(deps, record);
  try {
    const rival = await lastRival(deps, record, isGone, signal);
    if (rival !== undefined) throw refusedError([overlapRefusal(claimOf(record), rival)]);
    return holder;
  } catch (error) {
    await persistently(deps, () => holder.release());
    throw error;
  }
}

function claimOf(record: SessionRecord): Claim {
  const { id, namespace, service, ports, match } = record;
  return { id, namespace, service, ports, match };
}

async function lastRival(
  { cluster, clock, timing, identity }: LeaseDeps,
  record: SessionRecord,
  isGone: StandingContext['isGone'],
  signal: AbortSignal,
): Promise<Rival | undefined> {
  const until = clock.monotonic() + timing.withdrawMs;
  for (;;) {
    signal.throwIfAborted();
    const leases = await listLeases(cluster, record.namespace);
    const context = { serverTime: await cluster.serverTime(), graceMs: timing.expiryGraceMs, identity, isGone };
    const { holders, dead } = rivalsOf(claimOf(record), leases, context);
    const rivals = [...holders, ...dead];
    if (rivals.length === 0) return undefined;
    const firm = rivals.find((rival) => rival.record.state !== 'planned' || rival.record.id < record.id);
    if (firm !== undefined) return firm;
    if (clock.monotonic() >= until) return rivals[0];
    await clock.sleep(timing.backOffFirstMs, signal);
  }
}

/** When the answer got lost, the Lease may exist all the same: it is looked for, so that nothing stays behind. */
export async function createLease(deps: LeaseDeps, record: SessionRecord): Promise<LeaseHolder> {
  try {
    return await LeaseHolder.create(deps, record);
  } catch (error) {
    if (clusterReason(error) !== 'AlreadyExists') await removeOwn(deps, record).catch(() => undefined);
    throw error;
  }
}

async function removeOwn(deps: LeaseDeps, record: SessionRecord): Promise<void> {
  const ref = leaseRef(record.namespace, record.id);
  const object = await deps.cluster.get(ref);
  const lease = object === undefined ? undefined : readLease(object);
  if (lease === undefined || lease.holder !== holderText(deps.identity)) return;
  await deps.cluster.delete(ref, { uid: lease.uid, resourceVersion: lease.resourceVersion });
}
