import type { ServiceRef } from '../model/change.js';
import { isRecord, refKey } from '../model/object.js';
import type { Observed } from '../model/observed.js';
import type { Rule } from '../model/table.js';
import { type View, viewKey } from '../model/view.js';
import { contentHash } from '../plan/content-hash.js';
import { isManaged } from '../plan/foreign-content.js';
import { seenObject } from '../plan/simulate.js';
import type { MeshContext } from '../plan/types.js';
import { type SessionRecord, servicesOf } from '../sessions/lease/record.js';

/**
 * One hash of the rules of others, in order, of all tables of the services that have any: what a standing route is a copy of. Pods come and go without
 * changing it, and so do rules of ours and the catch-alls beside them.
 */
export function copiedFrom(
  { adapter, env }: Pick<MeshContext, 'adapter' | 'env'>,
  services: readonly ServiceRef[],
  seen: Observed,
): string {
  const { tables } = adapter.decode({ services }, seen, env);
  const foreign = tables.flatMap(({ view, port, protocol, rules }) => {
    const theirs = rules.filter((rule) => rule.owner === 'foreign' && !isCatchAllOfOurs(rule, seen)).map(contentOf);
    return theirs.length === 0 ? [] : [[viewKey(withoutExceptions(view)), port, protocol, theirs]];
  });
  return contentHash([...new Set(foreign.map((table) => JSON.stringify(table)))].sort());
}

/** Whether the rules of others that a record's standing routes are copies of have changed since. */
export function isStale(mesh: Pick<MeshContext, 'adapter' | 'env'>, record: SessionRecord, seen: Observed): boolean {
  const copied = record.route?.copied;
  return copied !== undefined && copied !== copiedFrom(mesh, servicesOf(record), seen);
}

/** Which clients fall into other views, and whether views have names, changes with what has no rule for the service, such as another mesh of the cluster. */
const withoutExceptions = (view: View): View => (view.plane === 'mesh' ? { plane: view.plane, clients: view.clients } : view);

function isCatchAllOfOurs({ origins }: Rule, seen: Observed): boolean {
  return origins.length > 0 && origins.every(({ ref }) => isManaged(seenObject(seen, ref)));
}

function contentOf({ owner: _owner, origins, label: _label, ...content }: Rule): unknown {
  return [[...new Set(origins.map(({ ref }) => refKey(ref)))], withoutPods(content)];
}

/** Without `endpoints`, wherever a destination stands. */
function withoutPods(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPods);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([key, part]) => (key === 'endpoints' ? [] : [[key, withoutPods(part)]])));
}
