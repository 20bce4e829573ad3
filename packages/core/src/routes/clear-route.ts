import { UserError } from '../errors/user-error.js';
import type { ServiceRef } from '../model/change.js';
import { type Owner, sameOwner } from '../model/owner.js';
import { planChange } from '../plan/index.js';
import { cleanLease, drainParts } from '../sessions/clean/clean-lease.js';
import { cleanOrphan, orphansOf } from '../sessions/clean/orphans.js';
import { type FoundRule, scanRules } from '../sessions/clean/scan.js';
import { cleanDepsOf, meshOf, standingContext } from '../sessions/deps.js';
import { standingOf } from '../sessions/lease/expiry.js';
import { type LeaseView, readLease } from '../sessions/lease/lease-object.js';
import { listLeases } from '../sessions/lease/leases.js';
import { servicesOf } from '../sessions/lease/record.js';
import { leaseRef, routeId } from '../sessions/names.js';
import { refusedError } from '../sessions/refused.js';
import type { CleanDeps, CleanReport } from '../sessions/types.js';
import { isBusy, routeBusy } from './busy-route.js';
import { checkRouteName } from './route-name.js';
import type { ClearPlan, ClearPlanning, RouteDeps } from './types.js';

export interface ClearOptions {
  readonly service: { readonly namespace: string; readonly name: string };
  readonly name: string;
}

/**
 * What taking a standing route back would do: requests go where the rules of others send them. Throws `unknown-route` where there is
 * neither a record nor a rule of it, and what the API server refuses.
 */
export async function planClear(deps: RouteDeps, options: ClearOptions): Promise<ClearPlanning> {
  const { namespace, name: service } = options.service;
  const name = checkRouteName(options.name);
  const owner: Owner = { kind: 'route', namespace, id: routeId(service, name) };
  const lease = await leaseOf(deps, owner);
  const record = lease?.record;
  if (lease !== undefined && record !== undefined && (await isBusy(deps, lease, record))) return { refused: [routeBusy(record)] };
  const services = record === undefined ? serviceRefs(await rulesOf(cleanDepsOf(deps), owner), options) : servicesOf(record);
  if (lease === undefined && services.length === 0) throw await unknownRoute(deps, options);
  // The versions are for the plan's words alone: what is removed is all of the owner's.
  const planning = await planChange(meshOf(deps), { owner, services, views: 'all', versions: record?.route?.versions ?? [], intents: [] });
  if ('refused' in planning) return planning;
  const { to } = record?.route ?? {};
  return {
    clear: {
      id: owner.id,
      name,
      namespace,
      services,
      ...(to === undefined ? {} : { was: to }),
      ...(record === undefined ? {} : { by: { user: record.startedBy.user, host: record.startedBy.host } }),
      plan: planning.plan,
    },
  };
}

/** Takes a standing route back: rules, verified gone, Lease. What could not be removed is in the report. Throws the refusal `route-busy`. */
export async function applyClear(deps: RouteDeps, { id, namespace }: Pick<ClearPlan, 'id' | 'namespace'>): Promise<CleanReport> {
  const owner: Owner = { kind: 'route', namespace, id };
  const clean = cleanDepsOf(deps);
  const lease = await leaseOf(deps, owner);
  const rules = await rulesOf(clean, owner);
  if (lease === undefined) {
    const [orphan] = orphansOf(rules, [], []);
    return orphan === undefined
      ? { sessions: [], orphans: [], removed: [], left: [], kept: [] }
      : await cleanOrphan(clean, orphan, drainParts(clean));
  }
  if (lease.record !== undefined && (await isBusy(deps, lease, lease.record))) throw refusedError([routeBusy(lease.record)]);
  // A record that cannot be read keeps nobody from taking back what the rules themselves say is the route's.
  return await cleanLease(clean, lease, standingOf(lease, await standingContext(clean)), { force: true }, rules);
}

async function leaseOf({ cluster }: RouteDeps, { namespace, id }: Owner): Promise<LeaseView | undefined> {
  const object = await cluster.get(leaseRef(namespace, id));
  return object === undefined ? undefined : readLease(object);
}

async function rulesOf(deps: CleanDeps, owner: Owner): Promise<readonly FoundRule[]> {
  return (await scanRules(deps, owner.namespace)).filter(({ rule }) => sameOwner(rule.owner, owner));
}

/** Whose port does not matter: removal looks at the owner alone. */
function serviceRefs(rules: readonly FoundRule[], { service }: ClearOptions): readonly ServiceRef[] {
  return rules.length === 0 ? [] : [{ ...service, port: 80 }];
}

async function unknownRoute(deps: RouteDeps, { service, name }: ClearOptions): Promise<UserError> {
  const records = (await listLeases(deps.cluster, service.namespace)).flatMap(({ record }) =>
    record?.route === undefined ? [] : [record],
  );
  const there = records.map((record) => `${record.service} --name ${record.route?.name ?? ''}`);
  return new UserError({
    code: 'unknown-route',
    exit: 'usage',
    message: `${service.namespace}/${service.name} has no standing route ${name}`,
    next:
      there.length === 0 ? [`There is none in namespace ${service.namespace}: choose another with -n`] : [`There is: ${there.join(', ')}`],
  });
}
