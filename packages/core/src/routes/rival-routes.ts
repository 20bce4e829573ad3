import type { Refusal } from '../model/change.js';
import type { LeaseView } from '../sessions/lease/lease-object.js';
import type { SessionRecord } from '../sessions/lease/record.js';
import { leaseRef } from '../sessions/names.js';
import { describeShares } from './shares.js';

/** What a route wants to decide alone. */
export interface RouteClaim {
  readonly id: string;
  readonly namespace: string;
  readonly service: string;
  readonly ports: readonly number[];
}

/** Other routes for all requests of the same ports: one at most may say where these go. */
export function rivalRoutes(claim: RouteClaim, leases: readonly LeaseView[]): readonly SessionRecord[] {
  return leases.flatMap(({ record }) => {
    if (record?.kind !== 'route' || record.id === claim.id || record.namespace !== claim.namespace) return [];
    return record.service === claim.service && record.ports.some((port) => claim.ports.includes(port)) ? [record] : [];
  });
}

export function routeExists({ id, namespace, service, startedBy, route }: SessionRecord): Refusal {
  const { name = '', to = [] } = route ?? {};
  return {
    code: 'route-exists',
    message: `Requests of ${namespace}/${service} are split already by the standing route ${name} of ${startedBy.user}@${startedBy.host} (${describeShares(to)})`,
    instead: `Change that one: heddle route split ${service} … --name ${name}; or take it back first: heddle route clear ${service} --name ${name}`,
    ref: leaseRef(namespace, id),
  };
}
