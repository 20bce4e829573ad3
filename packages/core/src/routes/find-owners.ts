import { UserError } from '../errors/user-error.js';
import type { ServiceRef } from '../model/change.js';
import type { Owner } from '../model/owner.js';
import { scanRules } from '../sessions/clean/scan.js';
import { cleanDepsOf } from '../sessions/deps.js';
import type { LeaseView } from '../sessions/lease/lease-object.js';
import { listLeases } from '../sessions/lease/leases.js';
import { servicesOf } from '../sessions/lease/record.js';
import { kindOfId, partsOfRouteId } from '../sessions/names.js';
import { readService } from '../sessions/read-service.js';
import { choosePorts } from './service-ports.js';
import type { ClearRequest, RouteDeps } from './types.js';

/** The owner of a service's standing routes for a set of ports, as its record has it, or where that is gone as its rules do. */
export interface FoundOwner {
  readonly owner: Owner;
  readonly services: readonly ServiceRef[];
  readonly lease?: LeaseView;
}

/**
 * All owners of standing routes of a service, or the one for just the port that is named. Rules without a record are looked for where no
 * record says anything. Throws `unknown-route` where there is nothing, and what the API server refuses.
 */
export async function findOwners(deps: RouteDeps, request: Omit<ClearRequest, 'name'>): Promise<readonly FoundOwner[]> {
  const { service } = request;
  const port = await portOf(deps, request);
  const leases = (await listLeases(deps.cluster, service.namespace)).filter(
    ({ id }) => kindOfId(id) === 'route' && partsOfRouteId(id).service === service.name,
  );
  const known = leases.map((lease): FoundOwner => {
    const owner: Owner = { kind: 'route', namespace: lease.namespace, id: lease.id };
    return { owner, lease, services: lease.record === undefined ? servicesIn(owner) : servicesOf(lease.record) };
  });
  const found = known.length > 0 ? known : await withoutRecord(deps, service);
  const meant = found.filter(({ services }) => port === undefined || (services.length === 1 && services[0]?.port === port));
  if (meant.length > 0) return meant;
  throw await unknownRoute(deps, request, found);
}

/** By number no Service is needed: it may be gone, and its routes stand. */
async function portOf({ cluster }: RouteDeps, { service, port }: Omit<ClearRequest, 'name'>): Promise<number | undefined> {
  if (port === undefined) return undefined;
  if (/^\d+$/.test(port)) return Number(port);
  return choosePorts(await readService(cluster, service), port)[0]?.port;
}

async function withoutRecord(deps: RouteDeps, { namespace, name }: ClearRequest['service']): Promise<readonly FoundOwner[]> {
  const rules = await scanRules(cleanDepsOf(deps), namespace);
  const owners = rules.map(({ rule }) => rule.owner).filter(({ kind, id }) => kind === 'route' && partsOfRouteId(id).service === name);
  return [...new Map(owners.map((owner) => [owner.id, owner])).values()].map((owner) => ({ owner, services: servicesIn(owner) }));
}

/** As the id says; where that is too long to say it, whose port does not matter: removal looks at the owner alone. */
function servicesIn({ namespace, id }: Owner): readonly ServiceRef[] {
  const { service: name, ports } = partsOfRouteId(id);
  const numbers = ports.split('-').map(Number);
  return (numbers.every(Number.isInteger) ? numbers : [80]).map((port) => ({ namespace, name, port }));
}

async function unknownRoute(
  deps: RouteDeps,
  { service: { namespace, name } }: Omit<ClearRequest, 'name'>,
  found: readonly FoundOwner[],
): Promise<UserError> {
  const others = (await listLeases(deps.cluster, namespace)).flatMap(({ record }) => (record?.kind === 'route' ? [record.service] : []));
  const ports = found.map(({ services }) => services.map(({ port }) => port).join(' and '));
  return new UserError({
    code: 'unknown-route',
    exit: 'usage',
    message: `${namespace}/${name} has no standing route${ports.length === 0 ? '' : ' for that port alone'}`,
    next: [
      ports.length > 0
        ? `There are some for port ${ports.join('; port ')}`
        : others.length > 0
          ? `Services of namespace ${namespace} that have some: ${[...new Set(others)].sort().join(', ')}`
          : `There is none in namespace ${namespace}: choose another with -n`,
    ],
  });
}
