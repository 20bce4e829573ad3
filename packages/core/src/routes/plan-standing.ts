import { UserError } from '../errors/user-error.js';
import type { Owner } from '../model/owner.js';
import { observe } from '../plan/index.js';
import { meshOf } from '../sessions/deps.js';
import { listLeases } from '../sessions/lease/leases.js';
import { servicesOf, standingEntries } from '../sessions/lease/record.js';
import { readService } from '../sessions/read-service.js';
import type { RouteEntry } from './entry.js';
import { type FoundOwner, findOwners } from './find-owners.js';
import { isBusy, routeBusy } from './held-route.js';
import { planOwner } from './plan-owner.js';
import { planRoutes } from './plan-routes.js';
import { planTakeBack } from './plan-take-back.js';
import { keptPorts } from './route-ports.js';
import { refuseRecordRights } from './route-rights.js';
import type { ClearRequest, RouteDeps, RouteEdit, RoutePlanning, RoutesPlanning } from './types.js';

/**
 * What taking standing routes of a service back would do: one by its name, or all; also where their record is gone or cannot be read, or
 * the Service is. Throws `unknown-route` where there is none, and what the API server refuses.
 */
export async function planClear(deps: RouteDeps, request: ClearRequest): Promise<RoutesPlanning> {
  const { name } = request;
  const owners = await findOwners(deps, request);
  if (name === undefined) return await each(owners, (found) => takeBack(deps, found));
  const holders = owners.filter((found) => isGoing(found) || entriesOf(found).some((entry) => entry.name === name));
  if (holders.length === 0) throw unknownName(request, owners);
  return await each(holders, (found) => {
    const rest = entriesOf(found).filter((entry) => entry.name !== name);
    return rest.length === 0 ? takeBack(deps, found) : planFound(deps, found, () => rest);
  });
}

/**
 * What it would do to write a service's standing routes anew, as copies of the rules of others as these are now, and for ports that have come
 * since where they are for all. Throws `unknown-route` where there is none, and what the API server refuses.
 */
export async function planRefresh(deps: RouteDeps, request: Omit<ClearRequest, 'name'>): Promise<RoutesPlanning> {
  const owners = await findOwners(deps, request);
  const asThey = (entries: readonly RouteEntry[]) => entries;
  return await each(owners, (found) => {
    if (isGoing(found)) return takeBack(deps, found);
    const isAll = request.port === undefined && found.lease?.record?.route?.allPorts === true;
    return isAll ? planRoutes(deps, { service: request.service, edit: asThey }) : planFound(deps, found, asThey);
  });
}

/**
 * What an edit of the standing routes of one owner would do, for the ports that they stand for; also where the Service is gone and none is
 * to be left. Refuses as `planRoutes` does.
 */
export async function planStanding(
  deps: RouteDeps,
  { namespace, id }: { readonly namespace: string; readonly id: string },
  edit: RouteEdit,
): Promise<RoutePlanning> {
  const lease = (await listLeases(deps.cluster, namespace)).find((one) => one.id === id);
  const owner: Owner = { kind: 'route', namespace, id };
  const found = { owner, services: lease?.record === undefined ? [] : servicesOf(lease.record), ...(lease === undefined ? {} : { lease }) };
  const edited = edit(entriesOf(found));
  if ('refused' in edited) return { refused: edited.refused };
  return edited.length === 0 ? takeBack(deps, found) : planFound(deps, found, edit);
}

const entriesOf = ({ lease }: FoundOwner) => standingEntries(lease?.record);

/** Nothing of it stands for good: somebody began to take it back, it was never whole, or nobody knows what it is. */
const isGoing = (found: FoundOwner) => entriesOf(found).length === 0;

async function each(owners: readonly FoundOwner[], plan: (found: FoundOwner) => Promise<RoutePlanning>): Promise<RoutesPlanning> {
  const plannings: RoutePlanning[] = [];
  for (const found of owners) plannings.push(await plan(found));
  const refused = plannings.flatMap((planning) => ('refused' in planning ? planning.refused : []));
  return refused.length > 0 ? { refused } : { routes: plannings.flatMap((planning) => ('route' in planning ? [planning.route] : [])) };
}

async function takeBack(deps: RouteDeps, found: FoundOwner): Promise<RoutePlanning> {
  const { lease } = found;
  if (lease?.record !== undefined && (await isBusy(deps, lease, lease.record))) return { refused: [routeBusy(lease.record)] };
  return await planTakeBack(deps, found);
}

async function planFound(deps: RouteDeps, found: FoundOwner, edit: RouteEdit): Promise<RoutePlanning> {
  const { cluster } = deps;
  const { owner, lease } = found;
  const [first] = found.services;
  const rights = await refuseRecordRights(deps, owner.namespace);
  if (rights.length > 0 || first === undefined) return { refused: rights };
  const object = await readService(cluster, first);
  const allPorts = lease?.record?.route?.allPorts === true;
  const kept = keptPorts(object, found.services);
  const { services, notes } = allPorts && kept.services.length > 0 ? kept : { services: found.services, notes: [] };
  const seen = await observe(meshOf(deps), { services });
  return await planOwner(deps, {
    object,
    owner,
    services,
    allPorts,
    notes,
    seen,
    leases: await listLeases(cluster, owner.namespace),
    edit,
  });
}

function unknownName({ service, name = '' }: ClearRequest, owners: readonly FoundOwner[]): UserError {
  const names = owners.flatMap((found) => entriesOf(found).map((entry) => entry.name));
  return new UserError({
    code: 'unknown-route',
    exit: 'usage',
    message: `${service.namespace}/${service.name} has no standing route ${name}`,
    next: [`There is: ${[...new Set(names)].sort().join(', ')}`],
  });
}
