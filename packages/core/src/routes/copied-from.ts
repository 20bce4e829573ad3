import type { ServiceRef } from '../model/change.js';
import { isRecord, refKey } from '../model/object.js';
import type { Observed } from '../model/observed.js';
import type { Rule } from '../model/table.js';
import { viewKey } from '../model/view.js';
import { contentHash } from '../plan/content-hash.js';
import { isManaged } from '../plan/foreign-content.js';
import { seenObject } from '../plan/simulate.js';
import type { MeshContext } from '../plan/types.js';

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
    return theirs.length === 0 ? [] : [[viewKey(view), port, protocol, theirs]];
  });
  return contentHash([...new Set(foreign.map((table) => JSON.stringify(table)))].sort());
}

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
