import { type KubeObject, metaOf, refOf } from '../../model/object.js';
import { type Owner, ownerKey } from '../../model/owner.js';
import type { LeaseView } from '../lease/lease-object.js';
import { SESSION_LABEL } from '../names.js';
import type { CleanDeps, CleanReport } from '../types.js';
import { type DrainInput, drain } from './drain.js';
import { joinReports } from './report.js';
import type { FoundRule, Mesh } from './scan.js';

/** Rules, or a shadow's objects, whose owner has no Lease. */
export interface Orphan {
  readonly owner: Owner;
  readonly rules: readonly FoundRule[];
  readonly objects: readonly KubeObject[];
}

/** Only right when rules and shadows were listed before the Leases: in the other order a session that is starting looks like an orphan. */
export function orphansOf(rules: readonly FoundRule[], shadows: readonly KubeObject[], leases: readonly LeaseView[]): readonly Orphan[] {
  const known = new Set(leases.map((lease) => `${lease.namespace}/${lease.id}`));
  const orphans = new Map<string, { owner: Owner; rules: FoundRule[]; objects: KubeObject[] }>();
  const at = (owner: Owner) => {
    const orphan = orphans.get(ownerKey(owner)) ?? { owner, rules: [], objects: [] };
    orphans.set(ownerKey(owner), orphan);
    return orphan;
  };
  for (const found of rules) {
    const { owner } = found.rule;
    if (!known.has(`${owner.namespace}/${owner.id}`)) at(owner).rules.push(found);
  }
  for (const object of shadows) {
    const { namespace = '', labels, deletionTimestamp } = metaOf(object);
    const id = labels[SESSION_LABEL];
    if (id !== undefined && deletionTimestamp === undefined && !known.has(`${namespace}/${id}`)) {
      at({ kind: 'session', namespace, id }).objects.push(object);
    }
  }
  return [...orphans.values()];
}

/** Nobody holds a Lease for it, so there is none to take: removal by marker alone, with compare-and-swap. */
export async function cleanOrphan(
  deps: CleanDeps,
  orphan: Orphan,
  parts: Pick<DrainInput, 'cluster' | 'clock' | 'timing' | 'log' | 'memory' | 'onProgress'>,
): Promise<CleanReport> {
  const meshes = new Map<string, Mesh>(orphan.rules.map(({ mesh }) => [mesh.adapter.id, mesh]));
  const common = { ...parts, owner: orphan.owner, recorded: [] };
  const reports: Partial<CleanReport>[] = [{ orphans: orphanNames(orphan) }];
  for (const mesh of meshes.values()) {
    const services = orphan.rules
      .filter((found) => found.mesh === mesh)
      .map(({ rule }) => ({ namespace: orphan.owner.namespace, name: rule.ref.name, ...rule.service, port: 80 }));
    reports.push(await drain({ ...common, mesh: { cluster: deps.cluster, ...mesh }, services }));
  }
  if (meshes.size === 0) reports.push(await drain({ ...common, services: [] }));
  return joinReports(reports);
}

export function orphanNames({ owner, rules, objects }: Orphan): CleanReport['orphans'] {
  const name = ownerKey(owner);
  return [...rules.map(({ rule }) => ({ ref: rule.ref, owner: name })), ...objects.map((object) => ({ ref: refOf(object), owner: name }))];
}
