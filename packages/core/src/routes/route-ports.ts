import type { Note, ServiceRef } from '../model/change.js';
import type { KubeObject } from '../model/object.js';
import type { Observed } from '../model/observed.js';
import type { Owner } from '../model/owner.js';
import { observe } from '../plan/index.js';
import { meshOf } from '../sessions/deps.js';
import type { LeaseView } from '../sessions/lease/lease-object.js';
import { ownerOf, type SessionRecord, servicesOf } from '../sessions/lease/record.js';
import { routeId } from '../sessions/names.js';
import { choosePorts, httpPorts, portsOf } from './service-ports.js';
import type { RouteDeps } from './types.js';

/** Which ports of a service standing routes are for, and who owns them. */
export interface RoutePorts {
  readonly owner: Owner;
  readonly services: readonly ServiceRef[];
  /** No port was named when they were made: they are for all that carry HTTP, and for those that come later too. */
  readonly allPorts: boolean;
  readonly notes: readonly Note[];
}

/** The routes of a port that was named, as they are or new. */
export function routesOfPort(services: readonly ServiceRef[], leases: readonly LeaseView[]): RoutePorts {
  return { ...justFor(services, recordsOf(services[0], leases), false), notes: [] };
}

/** Who decides whether later ports are taken in is whoever made the first. */
function justFor(services: readonly ServiceRef[], records: readonly SessionRecord[], allPorts: boolean): Omit<RoutePorts, 'notes'> {
  const ports = services.map(({ port }) => port);
  const own = records.find((record) => record.ports.length === ports.length && record.ports.every((port) => ports.includes(port)));
  if (own !== undefined) return { owner: ownerOf(own), services, allPorts: own.route?.allPorts === true };
  const [{ namespace, name } = { namespace: '', name: '' }] = services;
  return { owner: { kind: 'route', namespace, id: routeId(name, ports) }, services, allPorts };
}

/**
 * The routes of all ports that carry HTTP. Where there are some that were made for all, they take the ports in that have come since, but for
 * those that have routes of their own, and let those go that the Service has no more; their id stays, which says the ports that they began
 * with. Throws an input error of code `unknown-port` where the Service has no port.
 */
export async function routesOfAllPorts(
  deps: RouteDeps,
  object: KubeObject,
  leases: readonly LeaseView[],
): Promise<RoutePorts & { readonly seen: Observed }> {
  const asked = choosePorts(object, undefined);
  const [first] = asked;
  const records = recordsOf(first, leases);
  const own = records.find(({ route }) => route?.allPorts === true);
  const seen = await observe(meshOf(deps), { services: asked });
  const http = httpPorts(asked, deps.adapter.decode({ services: asked }, seen, deps.env));
  if (own === undefined) return { ...justFor(http.services, records, true), notes: http.notes, seen };
  const had = servicesOf(own);
  const isTheirs = ({ port }: ServiceRef) => own.ports.includes(port);
  const isTaken = ({ port }: ServiceRef) => records.some(({ id, ports }) => id !== own.id && ports.includes(port));
  const kept = keptPorts(object, had);
  const [taken, added] = parted(
    http.services.filter((service) => !isTheirs(service)),
    isTaken,
  );
  const notes = [
    ...http.notes,
    ...kept.notes,
    ...noted('port-added', added, 'has come since these routes were made: from now on they are for it too'),
    ...noted('port-of-others', taken, 'has standing routes of its own, so these are not for it'),
  ];
  const services = [...kept.services, ...added];
  return { owner: ownerOf(own), services: services.length === 0 ? had : services, allPorts: true, notes, seen };
}

/** The ports of routes that their Service still has. */
export function keptPorts(object: KubeObject, had: readonly ServiceRef[]): Pick<RoutePorts, 'services' | 'notes'> {
  const there = portsOf(object).map(({ port }) => port);
  const [services, gone] = parted(had, ({ port }) => there.includes(port));
  return { services, notes: noted('port-gone', gone, 'is gone from the Service: from now on these routes are without it') };
}

const noted = (code: string, services: readonly ServiceRef[], what: string): readonly Note[] =>
  services.map(({ port }) => ({ code, message: `Port ${port} ${what}` }));

function parted<T>(all: readonly T[], is: (one: T) => boolean): readonly [readonly T[], readonly T[]] {
  return [all.filter(is), all.filter((one) => !is(one))];
}

/** Of the standing routes of a service. */
function recordsOf(of: ServiceRef | undefined, leases: readonly LeaseView[]): readonly SessionRecord[] {
  return leases.flatMap(({ record }) =>
    record?.kind === 'route' && record.namespace === of?.namespace && record.service === of.name ? [record] : [],
  );
}
