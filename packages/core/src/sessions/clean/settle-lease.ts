import { finishRoute } from '../../routes/finish-route.js';
import type { Standing } from '../lease/expiry.js';
import type { LeaseView } from '../lease/lease-object.js';
import type { CleanDeps, CleanReport } from '../types.js';
import { cleanLease } from './clean-lease.js';
import type { FoundRule } from './scan.js';

/**
 * Brings to an end what somebody left: a session is taken back, and so is a standing route that was never whole or was being cleared.
 * One that stood before and was being changed is finished: everybody's requests depend on it, and its owner agreed to what its record says.
 */
export function settleLease(
  deps: CleanDeps,
  lease: LeaseView,
  standing: Standing,
  options: { readonly force: boolean },
  scanned?: readonly FoundRule[],
): Promise<CleanReport> {
  const { record } = lease;
  if (record?.route?.established === true && record.state === 'routing') return finishRoute(deps, lease, record, record.route);
  return cleanLease(deps, lease, standing, options, scanned);
}
