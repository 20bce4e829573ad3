import type { OwnedRule } from '../contracts/mesh-adapter.js';
import type { ObjectEdit } from '../model/change.js';
import { describeRef, type KubeObject, type ObjectRef, refKey, refOf } from '../model/object.js';
import { sameOwner } from '../model/owner.js';
import { allObjects, simulate } from '../plan/simulate.js';
import type { MeshContext, Plan } from '../plan/types.js';
import { meshRejected } from './refusals.js';

/**
 * Reads every object that holds, or held, rules of the owner, and compares with what was written: `overtaken` when somebody changed
 * them since. Throws `UserError` `mesh-rejected` when the mesh says that it does not take one.
 */
export async function readBack(
  { cluster, adapter, env }: MeshContext,
  plan: Plan,
  edits: readonly ObjectEdit[],
  stored: ReadonlyMap<string, KubeObject>,
  options: { onProgress?(message: string): void },
): Promise<{ readonly overtaken: ObjectRef } | { readonly owned: readonly OwnedRule[] }> {
  const ownedIn = (object: unknown) => adapter.owned(object).filter(({ owner }) => sameOwner(owner, plan.change.owner));
  const expected = new Map<string, { readonly ref: ObjectRef; readonly hashes: readonly string[] }>();
  for (const edit of edits) expected.set(refKey(edit.ref), { ref: edit.ref, hashes: [] });
  for (const object of allObjects(simulate(plan.seen, edits))) {
    const key = refKey(refOf(object));
    const hashes = ownedIn(stored.get(key) ?? object).map(({ hash }) => hash);
    if (hashes.length > 0) expected.set(key, { ref: refOf(object), hashes });
  }
  const owned: OwnedRule[] = [];
  for (const { ref, hashes } of expected.values()) {
    const live = await cluster.get(ref);
    const found = ownedIn(live);
    if (
      hashes.toSorted().join() !==
      found
        .map(({ hash }) => hash)
        .sort()
        .join()
    )
      return { overtaken: ref };
    owned.push(...found);
    // What an object was for a moment is not what the mesh is to take.
    const edit = edits.findLast((other) => refKey(other.ref) === refKey(ref));
    if (edit !== undefined) {
      const { state, message } = adapter.accepted(edit, live, env);
      if (state === 'rejected') throw meshRejected(ref, message);
      if (state === 'pending') options.onProgress?.(`${describeRef(ref)}: ${message ?? 'the mesh has not taken it in yet'}`);
    }
  }
  return { owned };
}
