import type { ServiceRef } from '../../model/change.js';
import { sameOwner } from '../../model/owner.js';
import { leaseDepsOf } from '../deps.js';
import type { Standing } from '../lease/expiry.js';
import { LeaseHolder } from '../lease/lease-holder.js';
import type { LeaseView } from '../lease/lease-object.js';
import { ownerOf, RECORD_VERSION, type SessionRecord, servicesOf } from '../lease/record.js';
import { keepRenewed } from '../lease/renewer.js';
import { kindOfId, leaseRef } from '../names.js';
import { TIMING } from '../timing.js';
import type { CleanDeps, CleanReport } from '../types.js';
import { type DrainInput, drain } from './drain.js';
import { joinReports } from './report.js';
import { type FoundRule, scanRules } from './scan.js';

/** Takes the Lease, then drains what it stands for. `scanned`: rules found before the Leases were listed. */
export async function cleanLease(
  deps: CleanDeps,
  lease: LeaseView,
  standing: Standing,
  options: { readonly force: boolean },
  scanned?: readonly FoundRule[],
): Promise<CleanReport> {
  const ref = leaseRef(lease.namespace, lease.id);
  const session = { id: lease.id, namespace: lease.namespace, why: standing.is === 'live' ? `by force (${standing.why})` : standing.why };
  const found = (scanned ?? (await scanRules(deps, lease.namespace))).filter(({ rule }) => sameOwner(rule.owner, ownerOfLease(lease)));
  const record = lease.record ?? (options.force ? guessRecord(deps, lease, found) : undefined);
  if (record === undefined) {
    const why = `Its record cannot be read (${lease.problem}). Clean it with the version of heddle that started it, or with --force`;
    return joinReports([{ left: [{ ref, why }] }]);
  }
  const mesh = deps.meshes.find(({ adapter }) => adapter.id === record.adapter);
  if (mesh === undefined && record.adapter !== '') {
    const why = `Its rules are written by the adapter ${record.adapter}, which is not at hand: not installed, or its mesh is gone. Install its package, see heddle adapters`;
    return joinReports([{ left: [{ ref, why }] }]);
  }
  const timing = deps.timing ?? TIMING;
  const guard = await LeaseHolder.takeOver(leaseDepsOf(deps), lease, record);
  if (guard === undefined) {
    return joinReports([
      { kept: [{ id: lease.id, namespace: lease.namespace, why: 'it was renewed, ended or taken by another cleaner just now' }] },
    ]);
  }
  const over = new AbortController();
  const renewing = keepRenewed(guard, { clock: deps.clock, timing }, over.signal, (error) =>
    deps.log('Not renewed', { error: String(error) }),
  );
  const report = await drain({
    ...drainParts(deps),
    ...(mesh === undefined ? {} : { mesh: { cluster: deps.cluster, ...mesh } }),
    owner: ownerOf(record),
    services: servicesIn(record, found),
    recorded: record.rules,
    guard,
  });
  over.abort();
  await renewing;
  return joinReports([{ sessions: [session] }, report]);
}

/** Parts of a drain that are the same whoever cleans. */
export function drainParts(deps: CleanDeps): Pick<DrainInput, 'cluster' | 'clock' | 'timing' | 'log' | 'memory' | 'onProgress'> {
  return {
    cluster: deps.cluster,
    clock: deps.clock,
    timing: deps.timing ?? TIMING,
    log: deps.log,
    memory: new Map(),
    onProgress: (message) => deps.log(message),
  };
}

/** The rule itself may name a service that the record does not: both are looked at. */
function servicesIn(record: SessionRecord, found: readonly FoundRule[]): readonly ServiceRef[] {
  const own = servicesOf(record);
  const port = record.ports[0] ?? 80;
  const others = found.flatMap(({ rule }) => (rule.service === undefined ? [] : [{ ...rule.service, port }]));
  return [...own, ...others.filter((one) => !own.some((known) => known.name === one.name && known.namespace === one.namespace))];
}

/** For a Lease whose record nobody can read: what the rules themselves say. */
function guessRecord(deps: CleanDeps, lease: LeaseView, found: readonly FoundRule[]): SessionRecord {
  const [first] = found;
  return {
    version: RECORD_VERSION,
    kind: kindOfId(lease.id),
    id: lease.id,
    namespace: lease.namespace,
    service: first?.rule.service?.name ?? 'unknown',
    ports: first === undefined ? [] : [80],
    adapter: first?.mesh.adapter.id ?? '',
    views: 'all',
    match: {},
    state: 'draining',
    startedBy: deps.identity,
    holder: deps.identity,
    createdAt: '',
    objects: [],
    rules: [],
  };
}

function ownerOfLease(lease: LeaseView) {
  return { kind: lease.record?.kind ?? kindOfId(lease.id), namespace: lease.namespace, id: lease.id };
}
