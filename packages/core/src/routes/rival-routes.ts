import type { Refusal } from '../model/change.js';
import type { LeaseView } from '../sessions/lease/lease-object.js';
import type { SessionRecord } from '../sessions/lease/record.js';
import { leaseRef } from '../sessions/names.js';

/** What standing routes are for. */
export interface RouteClaim {
  readonly id: string;
  readonly namespace: string;
  readonly service: string;
  readonly ports: readonly number[];
}

/** Standing routes of the same service for other ports, of which some are the same: these would have two owners. */
export function rivalRoutes(claim: RouteClaim, leases: readonly LeaseView[]): readonly SessionRecord[] {
  return leases.flatMap(({ record }) => {
    if (record?.kind !== 'route' || record.id === claim.id || record.namespace !== claim.namespace) return [];
    return record.service === claim.service && record.ports.some((port) => claim.ports.includes(port)) ? [record] : [];
  });
}

/** Standing routes with the id that a claim would have, which began with its ports and are for others by now. */
export function movedOn(claim: RouteClaim, leases: readonly LeaseView[]): readonly SessionRecord[] {
  return leases.flatMap(({ id, namespace, record }) => {
    if (id !== claim.id || namespace !== claim.namespace || record === undefined) return [];
    const isSame = record.ports.length === claim.ports.length && record.ports.every((port) => claim.ports.includes(port));
    return isSame ? [] : [record];
  });
}

export function routeExists(claim: RouteClaim, { id, namespace, service, ports, route }: SessionRecord): Refusal {
  const names = (route?.entries ?? []).map(({ name }) => name).join(', ');
  const [only, ...more] = ports;
  const same = more.length === 0 ? [`Name that port: ${service}:${only}`] : claim.ports.length === 1 ? ['Name no port'] : [];
  const clear = `take them back first: heddle route clear ${service} -n ${namespace}`;
  return {
    code: 'route-exists',
    message: `${namespace}/${service} has standing routes for port ${ports.join(', ')} (${names}), and others for port ${claim.ports.join(', ')} would share some of these`,
    instead: same.length === 0 ? `T${clear.slice(1)}` : `${same.join('')}, or ${clear}`,
    ref: leaseRef(namespace, id),
  };
}
