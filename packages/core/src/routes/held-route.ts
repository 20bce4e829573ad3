import type { Refusal } from '../model/change.js';
import { standingContext } from '../sessions/deps.js';
import { standingOf } from '../sessions/lease/expiry.js';
import type { LeaseView } from '../sessions/lease/lease-object.js';
import type { SessionRecord } from '../sessions/lease/record.js';
import { leaseRef } from '../sessions/names.js';
import type { RouteDeps } from './types.js';

/** Whether somebody is in the middle of changing a route. */
export async function isBusy(
  deps: Pick<RouteDeps, 'cluster' | 'identity' | 'isGone' | 'timing'>,
  lease: LeaseView,
  record: SessionRecord,
): Promise<boolean> {
  if (record.state === 'active') return false;
  return standingOf(lease, await standingContext(deps)).is === 'live';
}

export function routeBusy({ id, namespace, service, holder }: SessionRecord): Refusal {
  return {
    code: 'route-busy',
    message: `${holder.user}@${holder.host} is changing the standing routes of ${namespace}/${service} right now`,
    instead: 'Try again in a moment; if that process is gone, heddle clean brings its change to an end',
    ref: leaseRef(namespace, id),
  };
}

/** Why the route's own record keeps it from being changed now. */
export async function refuseHeld(
  deps: Pick<RouteDeps, 'cluster' | 'adapter' | 'identity' | 'isGone' | 'timing'>,
  own: LeaseView | undefined,
): Promise<readonly Refusal[]> {
  if (own === undefined) return [];
  const { id, namespace } = own;
  const ref = leaseRef(namespace, id);
  if (own.record === undefined) {
    const message = `The record of standing routes ${id} cannot be read: ${own.problem}`;
    return [{ code: 'record-unreadable', message, instead: 'Use the version of heddle that made it', ref }];
  }
  if (own.record.adapter !== deps.adapter.id) {
    const message = `Standing routes ${id} were written by the adapter ${own.record.adapter}, not ${deps.adapter.id}`;
    return [
      {
        code: 'other-mesh',
        message,
        instead: `Take it back first: heddle route clear ${own.record.service} -n ${namespace} --mesh ${own.record.adapter}`,
        ref,
      },
    ];
  }
  return (await isBusy(deps, own, own.record)) ? [routeBusy(own.record)] : [];
}
