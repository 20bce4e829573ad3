import { UserError } from '../../errors/user-error.js';
import { unknownSession } from '../ask-to-stop.js';
import { standingContext } from '../deps.js';
import { standingOf } from '../lease/expiry.js';
import { readLease } from '../lease/lease-object.js';
import { describeIdentity } from '../lease/record.js';
import { leaseRef } from '../names.js';
import { standingRoute } from '../standing-route.js';
import type { CleanDeps, CleanReport } from '../types.js';
import { drainParts } from './clean-lease.js';
import { cleanOrphan, orphansOf } from './orphans.js';
import { listShadows, shadowSelector } from './remove-object.js';
import { joinReports } from './report.js';
import { scanRules } from './scan.js';
import { settleLease } from './settle-lease.js';

/**
 * Finishes a dead session's clean-up. Throws a `UserError`: `unknown-session`, or `session-alive` for one that is neither expired nor this user's own
 * crash, unless forced; `standing-route` for a route that nobody has left half done. What could not be removed is in the report.
 */
export async function recoverSession(
  deps: CleanDeps,
  session: { readonly namespace: string; readonly id: string },
  options: { readonly force: boolean },
): Promise<CleanReport> {
  const object = await deps.cluster.get(leaseRef(session.namespace, session.id));
  const lease = object === undefined ? undefined : readLease(object);
  if (lease === undefined) return await recoverOrphan(deps, session);
  const standing = standingOf(lease, await standingContext(deps));
  if (standing.is === 'live' && lease.record?.kind === 'route') throw standingRoute(lease.record);
  if (standing.is === 'live' && !options.force) {
    const who = lease.record === undefined ? lease.holder : describeIdentity(lease.record.startedBy);
    throw new UserError({
      code: 'session-alive',
      exit: 'refused',
      message: `Session ${session.id} of ${who} is alive: ${standing.why}`,
      next: [
        `Ask it to end: heddle sessions stop ${session.id}`,
        `Take it over all the same: heddle sessions recover ${session.id} --force`,
      ],
    });
  }
  return await settleLease(deps, lease, standing, options);
}

async function recoverOrphan(deps: CleanDeps, session: { readonly namespace: string; readonly id: string }): Promise<CleanReport> {
  const rules = await scanRules(deps, session.namespace);
  const shadows = await listShadows(deps.cluster, session.namespace, shadowSelector(session.id));
  const mine = orphansOf(rules, shadows, []).filter(({ owner }) => owner.id === session.id);
  if (mine.length === 0) throw unknownSession(session);
  const reports: CleanReport[] = [];
  for (const orphan of mine) reports.push(await cleanOrphan(deps, orphan, drainParts(deps)));
  return joinReports(reports);
}
