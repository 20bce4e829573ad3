import type { Owner } from '../model/owner.js';
import { sameOwner } from '../model/owner.js';
import { cleanLease, drainParts } from '../sessions/clean/clean-lease.js';
import { cleanOrphan, orphansOf } from '../sessions/clean/orphans.js';
import { scanRules } from '../sessions/clean/scan.js';
import { cleanDepsOf, standingContext } from '../sessions/deps.js';
import { standingOf } from '../sessions/lease/expiry.js';
import { readLease } from '../sessions/lease/lease-object.js';
import { leaseRef } from '../sessions/names.js';
import { refusedError } from '../sessions/refused.js';
import type { CleanReport } from '../sessions/types.js';
import { isBusy, routeBusy } from './held-route.js';
import { refuseOtherEntries } from './hold-route.js';
import type { RouteDeps, RoutePlan } from './types.js';

/**
 * Takes an owner's standing routes back: rules, verified gone, Lease. What could not be removed is in the report. Throws the refusals
 * `route-busy` and `plan-changed`.
 */
export async function takeBack(deps: RouteDeps, planned: RoutePlan): Promise<Pick<CleanReport, 'removed' | 'left'>> {
  const [{ namespace } = { namespace: '' }] = planned.services;
  const owner: Owner = { kind: 'route', namespace, id: planned.id };
  const clean = cleanDepsOf(deps);
  const object = await deps.cluster.get(leaseRef(namespace, planned.id));
  const lease = object === undefined ? undefined : readLease(object);
  const rules = (await scanRules(clean, namespace)).filter(({ rule }) => sameOwner(rule.owner, owner));
  if (lease === undefined) {
    const [orphan] = orphansOf(rules, [], []);
    return orphan === undefined ? { removed: [], left: [] } : await cleanOrphan(clean, orphan, drainParts(clean));
  }
  if (lease.record !== undefined && (await isBusy(deps, lease, lease.record))) throw refusedError([routeBusy(lease.record)]);
  refuseOtherEntries(planned, lease.record?.route?.entries ?? []);
  // A record that cannot be read keeps nobody from taking back what the rules themselves say is the route's.
  return await cleanLease(clean, lease, standingOf(lease, await standingContext(clean)), { force: true }, rules);
}
