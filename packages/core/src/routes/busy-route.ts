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
    message: `${holder.user}@${holder.host} is changing the standing route of ${namespace}/${service} right now`,
    instead: 'Try again in a moment; if that process is gone, heddle clean brings its change to an end',
    ref: leaseRef(namespace, id),
  };
}
