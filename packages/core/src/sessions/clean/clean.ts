import { metaOf, refOf } from '../../model/object.js';
import { sameOwner } from '../../model/owner.js';
import { standingContext } from '../deps.js';
import { standingOf } from '../lease/expiry.js';
import type { LeaseView } from '../lease/lease-object.js';
import { listLeases } from '../lease/leases.js';
import { kindOfId, leaseRef, MANAGED_SELECTOR, SESSION_LABEL } from '../names.js';
import type { CleanDeps, CleanReport } from '../types.js';
import { drainParts } from './clean-lease.js';
import { cleanOrphan, orphanNames, orphansOf } from './orphans.js';
import { listShadows } from './remove-object.js';
import { joinReports } from './report.js';
import { type FoundRule, scanRules } from './scan.js';
import { settleLease } from './settle-lease.js';

/**
 * Removes what dead sessions left in a namespace, or in all: sessions that expired or whose process ran here and is gone (with `force` all of them),
 * and rules or shadows that have no Lease. Standing routes stay, unless a change of them was begun and not finished. Live sessions are kept and named. With `dryRun` it only says what it would do.
 */
export async function clean(
  deps: CleanDeps,
  options: { readonly namespace?: string; readonly dryRun: boolean; readonly force: boolean },
): Promise<CleanReport> {
  const { namespace } = options;
  // Objects first, Leases second: whatever is seen here had its Lease before, so a session that is starting is never taken for an orphan.
  const rules = await scanRules(deps, namespace);
  const shadows = await listShadows(deps.cluster, namespace, MANAGED_SELECTOR);
  const leases = await listLeases(deps.cluster, namespace);
  const context = await standingContext(deps);
  const reports: Partial<CleanReport>[] = [];
  for (const lease of leases) {
    const standing = standingOf(lease, context);
    if (standing.is === 'live' && (lease.record?.kind === 'route' || !options.force)) {
      reports.push({ kept: [{ id: lease.id, namespace: lease.namespace, why: standing.why }] });
    } else if (options.dryRun) {
      reports.push({
        sessions: [{ id: lease.id, namespace: lease.namespace, why: standing.why }],
        removed: foreseen(lease, rules, shadows),
      });
    } else {
      reports.push(await settleLease(deps, lease, standing, options, rules));
    }
  }
  for (const orphan of orphansOf(rules, shadows, leases)) {
    if (!options.dryRun) reports.push(await cleanOrphan(deps, orphan, drainParts(deps)));
    else {
      reports.push({
        orphans: orphanNames(orphan),
        removed: [
          ...orphan.rules.map(({ rule }) => ({ ref: rule.ref, how: 'rules removed' as const })),
          ...orphan.objects.map((object) => ({ ref: refOf(object), how: 'deleted' as const })),
        ],
      });
    }
  }
  return joinReports(reports);
}

/** What cleaning a session would remove, as far as it can be told without planning. */
function foreseen(lease: LeaseView, rules: readonly FoundRule[], shadows: Awaited<ReturnType<typeof listShadows>>): CleanReport['removed'] {
  const owner = { kind: lease.record?.kind ?? kindOfId(lease.id), namespace: lease.namespace, id: lease.id };
  const mine = shadows.filter(
    (object) => metaOf(object).labels[SESSION_LABEL] === lease.id && metaOf(object).namespace === lease.namespace,
  );
  return [
    ...rules.filter(({ rule }) => sameOwner(rule.owner, owner)).map(({ rule }) => ({ ref: rule.ref, how: 'rules removed' as const })),
    ...mine.map((object) => ({ ref: refOf(object), how: 'deleted' as const })),
    { ref: leaseRef(lease.namespace, lease.id), how: 'deleted' as const },
  ];
}
