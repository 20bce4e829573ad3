import { clusterReason } from '../errors/cluster-error.js';
import { canonicalJson } from '../plan/content-hash.js';
import { createLease } from '../sessions/claim.js';
import { leaseDepsOf } from '../sessions/deps.js';
import { type LeaseDeps, LeaseHolder } from '../sessions/lease/lease-holder.js';
import { readLease } from '../sessions/lease/lease-object.js';
import { listLeases } from '../sessions/lease/leases.js';
import { RECORD_VERSION, type RecordedRoute, type SessionRecord, standingEntries } from '../sessions/lease/record.js';
import { leaseRef } from '../sessions/names.js';
import { refusedError } from '../sessions/refused.js';
import { persistently } from '../sessions/retry.js';
import type { RouteEntry } from './entry.js';
import { isBusy, routeBusy } from './held-route.js';
import { rivalRoutes, routeExists } from './rival-routes.js';
import type { RouteDeps, RoutePlan } from './types.js';

/** The Lease of a route, held for one change of it. */
export interface HeldRoute {
  readonly guard: LeaseHolder;
  readonly route: RecordedRoute;
  /** What the record said before; absent for a new route. */
  readonly before?: SessionRecord;
}

/**
 * Takes the route's Lease, or makes it, with the record of what it shall be: before anything is changed.
 * Throws the refusals `route-busy`, `route-exists` and `plan-changed`.
 */
export async function holdRoute(deps: RouteDeps, planned: RoutePlan, signal?: AbortSignal): Promise<HeldRoute> {
  const [{ namespace, name: service } = { namespace: '', name: '' }] = planned.services;
  const object = await deps.cluster.get(leaseRef(namespace, planned.id));
  const lease = object === undefined ? undefined : readLease(object);
  const before = lease?.record;
  const { entries, versions, allPorts } = planned;
  const established = standingEntries(before).length > 0;
  const route: RecordedRoute = { entries, versions, ...(allPorts === true ? { allPorts } : {}), established };
  const record: SessionRecord = {
    version: RECORD_VERSION,
    kind: 'route',
    id: planned.id,
    namespace,
    service,
    ports: planned.services.map(({ port }) => port),
    adapter: deps.adapter.id,
    views: 'all',
    match: {},
    state: 'planned',
    startedBy: before?.startedBy ?? deps.identity,
    holder: deps.identity,
    createdAt: before?.createdAt ?? new Date(await deps.cluster.serverTime()).toISOString(),
    objects: [],
    rules: before?.rules ?? [],
    route,
  };
  if (lease === undefined || before === undefined) {
    refuseOtherEntries(planned, []);
    return { guard: await createAlone(deps, record, signal), route };
  }
  if (await isBusy(deps, lease, before)) throw refusedError([routeBusy(before)]);
  refuseOtherEntries(planned, standingEntries(before));
  refuseOtherPorts(planned, before);
  const guard = await LeaseHolder.takeOver(leaseDepsOf(deps), lease, record, 'routing');
  if (guard === undefined) throw refusedError([routeBusy(before)]);
  if (record.ports.some((port) => !before.ports.includes(port))) await growAlone(deps, guard, before);
  return { guard, route, before };
}

/** For a port that somebody has taken in since the plan, rules would be forgotten. */
function refuseOtherPorts({ portsBefore }: RoutePlan, { ports, service }: SessionRecord): void {
  if (canonicalJson(ports) === canonicalJson(portsBefore)) return;
  throw refusedError([
    {
      code: 'plan-changed',
      message: `The standing routes of ${service} have changed since you were asked: they are for port ${ports.join(', ')} now`,
      instead: 'Look at the new plan: run the command again',
    },
  ]);
}

/** The record says its new ports; then it is looked for routes of one of them that were made at the same moment. */
async function growAlone(deps: RouteDeps, guard: LeaseHolder, before: SessionRecord): Promise<void> {
  const { record } = guard;
  const [rival] = rivalRoutes(record, await listLeases(deps.cluster, record.namespace));
  if (rival === undefined) return;
  await guard.update(({ holder }) => ({ ...before, holder }));
  throw refusedError([routeExists(record, rival)]);
}

/** Somebody else's entries, made since the plan, would be lost with it, or come back by it. */
export function refuseOtherEntries({ services, was }: RoutePlan, stands: readonly RouteEntry[]): void {
  if (canonicalJson(stands) === canonicalJson(was)) return;
  const [{ name: service } = { name: '' }] = services;
  throw refusedError([
    {
      code: 'plan-changed',
      message: `The standing routes of ${service} have changed since you were asked: ${changesOf(was, stands)}`,
      instead: 'Look at the new plan: run the command again',
    },
  ]);
}

/** What became of which of them: `canary was changed by alice@laptop, slow is gone`. */
function changesOf(was: readonly RouteEntry[], stands: readonly RouteEntry[]): string {
  const known = new Map(was.map((entry) => [entry.name, entry]));
  const left = new Set(stands.map(({ name }) => name));
  const other = stands.flatMap((entry) => {
    const { name, by } = entry;
    const before = known.get(name);
    if (before === undefined) return [`there is ${name} of ${by.user}@${by.host} now`];
    return canonicalJson(entry) === canonicalJson(before) ? [] : [`${name} was changed by ${by.user}@${by.host}`];
  });
  const gone = was.filter(({ name }) => !left.has(name)).map(({ name }) => `${name} is gone`);
  return [...other, ...gone].join(', ') || 'they are in another order now';
}

/** A new Lease; then it is looked for another route of the same requests that was made at the same moment. */
async function createAlone(deps: RouteDeps, record: SessionRecord, signal: AbortSignal | undefined): Promise<LeaseHolder> {
  const parts = leaseDepsOf(deps);
  let guard: LeaseHolder;
  try {
    guard = await createLease(parts, record);
  } catch (error) {
    if (clusterReason(error) === 'AlreadyExists') throw refusedError([routeBusy(record)], error);
    throw error;
  }
  try {
    const rival = await lastRival(parts, record, signal);
    if (rival !== undefined) throw refusedError([routeExists(record, rival)]);
    await guard.update((one) => ({ ...one, state: 'routing' }));
    return guard;
  } catch (error) {
    await persistently(parts, () => guard.release());
    throw error;
  }
}

/**
 * Of two routes that are made at once, one sees the other: the one whose Lease was there second. It withdraws if the first has gone on
 * already (its state is beyond `planned`) or comes first by name; otherwise the first will see it and withdraw, and it waits for that.
 */
async function lastRival(
  { cluster, clock, timing }: LeaseDeps,
  record: SessionRecord,
  signal?: AbortSignal,
): Promise<SessionRecord | undefined> {
  const until = clock.monotonic() + timing.withdrawMs;
  for (;;) {
    signal?.throwIfAborted();
    const rivals = rivalRoutes(record, await listLeases(cluster, record.namespace));
    const firm = rivals.find((rival) => rival.state !== 'planned' || rival.id < record.id);
    if (firm !== undefined || rivals.length === 0) return firm;
    if (clock.monotonic() >= until) return rivals[0];
    await clock.sleep(timing.backOffFirstMs, signal);
  }
}
