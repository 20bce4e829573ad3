import { isSupported } from '../contracts/capabilities.js';
import type { OwnedRule } from '../contracts/mesh-adapter.js';
import type { Change, Note, Version } from '../model/change.js';
import type { KubeObject } from '../model/object.js';
import type { Observed } from '../model/observed.js';
import { type Owner, sameOwner } from '../model/owner.js';
import { canonicalJson } from '../plan/content-hash.js';
import { planChange } from '../plan/index.js';
import { gapRefusal } from '../plan/plan-change.js';
import { allObjects } from '../plan/simulate.js';
import { meshOf } from '../sessions/deps.js';
import type { LeaseView } from '../sessions/lease/lease-object.js';
import { standingEntries } from '../sessions/lease/record.js';
import { leaseRef } from '../sessions/names.js';
import { editedRules } from '../sessions/rules/edited-rules.js';
import { isStale } from './copied-from.js';
import { intentsOf, type RouteEntry, versionsIn } from './entry.js';
import { entryNotes } from './entry-notes.js';
import { entryRivals } from './entry-rivals.js';
import { refuseHeld } from './held-route.js';
import { planTakeBack } from './plan-take-back.js';
import { isOfOurs, resolveVersions } from './resolve-versions.js';
import { rivalRoutes, routeExists } from './rival-routes.js';
import { checkRouteName } from './route-name.js';
import type { RoutePorts } from './route-ports.js';
import { refuseEditRights } from './route-rights.js';
import { sameSpec, stamped } from './stamp.js';
import type { RouteDeps, RouteEdit, RoutePlanning } from './types.js';

/** The standing routes of one owner, and what is known when they are planned. */
export interface OwnerRequest extends RoutePorts {
  /** The Service. */
  readonly object: KubeObject;
  readonly seen: Observed;
  readonly leases: readonly LeaseView[];
  readonly edit: RouteEdit;
}

/** Plans what the standing routes of a service and a set of its ports shall be. Throws and refuses as `planRoutes` does. */
export async function planOwner(deps: RouteDeps, request: OwnerRequest): Promise<RoutePlanning> {
  const { owner, services, leases } = request;
  const [first] = services;
  if (first === undefined) return { refused: [] };
  const { namespace, name: service } = first;
  const ports = services.map(({ port }) => port);
  const lease = leases.find(({ id }) => id === owner.id);
  const claim = { id: owner.id, namespace, service, ports };
  const rivals = rivalRoutes(claim, leases).map((rival) => routeExists(claim, rival));
  const held = [...(await refuseHeld(deps, lease)), ...rivals];
  if (held.length > 0) return { refused: held };

  const was = standingEntries(lease?.record);
  const edited = request.edit(was);
  if ('refused' in edited) return { refused: edited.refused };
  const entries = await stamped(deps, was, edited);
  for (const { name } of entries) checkRouteName(name);
  const clashes = entryRivals(first, was, entries);
  if (clashes.length > 0) return { refused: clashes };
  if (entries.length === 0) return planTakeBack(deps, { owner, services, ...(lease === undefined ? {} : { lease }) });
  const known = {
    service: request.object,
    services,
    ofMesh: deps.adapter.versions(first, request.seen, deps.env),
    byLabel: isSupported(deps.adapter.capabilities(deps.env), 'to.subset'),
    kept: keptVersions(lease?.record?.route?.versions ?? [], was, entries),
  };
  const versions = await resolveVersions(deps.cluster, [...new Set(entries.flatMap(versionsIn))].sort(), known);
  if ('refused' in versions) {
    // What may not be read looks like what is not there.
    const { gaps } = deps.adapter.decode({ services }, request.seen, deps.env);
    const unread = gaps.filter(({ feature }) => feature === 'unread');
    return unread.length > 0 ? { refused: unread.map(gapRefusal) } : versions;
  }
  const { allPorts, notes } = request;
  return planEntries(deps, { owner, services, allPorts, notes, lease, was, entries, versions: versions.ok });
}

interface Wanted extends RoutePorts {
  readonly lease: LeaseView | undefined;
  readonly was: readonly RouteEntry[];
  readonly entries: readonly RouteEntry[];
  readonly versions: readonly Version[];
}

async function planEntries(deps: RouteDeps, wanted: Wanted): Promise<RoutePlanning> {
  const { owner, services, allPorts, notes, lease, was, entries, versions } = wanted;
  const mesh = meshOf(deps);
  const record = lease?.record;
  const change: Change = { owner, services, views: 'all', versions, intents: intentsOf(entries) };
  const planning = await planChange(mesh, change, { was: intentsOf(was) });
  if ('refused' in planning) return planning;
  const { plan } = planning;
  const isOwn = (rule: OwnedRule) => sameOwner(rule.owner, owner);
  const edited = editedRules(deps.adapter, owner, plan.seen, record?.rules ?? [], new Map());
  const unwritable = await refuseEditRights(deps, plan.edits);
  if (edited.length + unwritable.length > 0) return { refused: [...edited, ...unwritable] };
  const orphaned =
    lease === undefined && allObjects(plan.seen).some((object) => deps.adapter.owned(object).some(isOwn)) ? [replaced(owner)] : [];
  const stale = record !== undefined && isStale(mesh, record, plan.seen) ? [takenOver(owner)] : [];
  return {
    route: {
      id: owner.id,
      services,
      ...(allPorts ? { allPorts } : {}),
      portsBefore: record?.ports ?? [],
      was,
      entries,
      versions,
      plan,
      notes: [...notes, ...orphaned, ...stale, ...entryNotes(was, entries), ...plan.notes],
      unchanged:
        plan.edits.length === 0 &&
        stale.length === 0 &&
        record?.state === 'active' &&
        services.length === record.ports.length &&
        services.every(({ port }) => record.ports.includes(port)) &&
        was.length === entries.length &&
        entries.every((entry) => was.some((before) => sameSpec(before, entry))) &&
        canonicalJson(record.route?.versions) === canonicalJson(versions),
    },
  };
}

function replaced({ id, namespace }: Owner): Note {
  const message = 'Rules of standing routes stand whose record is gone: these take their place';
  return { code: 'record-gone', message, ref: leaseRef(namespace, id) };
}

function takenOver({ id, namespace }: Owner): Note {
  const message = 'The rules of others have changed since these routes were written; they are copied from them as they are now';
  return { code: 'copied-from-changed', message, ref: leaseRef(namespace, id) };
}

/** What names that nobody uses anew stand for; a subset of our own stands for its label whoever names it. */
function keptVersions(recorded: readonly Version[], was: readonly RouteEntry[], entries: readonly RouteEntry[]): readonly Version[] {
  const fresh = entries.filter((entry) => !was.some((before) => sameSpec(before, entry))).flatMap(versionsIn);
  return recorded.filter((version) => !fresh.includes(version.id) || isOfOurs(version));
}
