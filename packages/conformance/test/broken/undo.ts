import { isManaged, type KubeObject, metaOf, type ObjectEdit, ownerKey, refKey, refOf, sameOwner } from '@heddle/core';
import { type Break, foreignObjects, rewriting, withEdits } from './spoil.js';

/** Undo puts back what was there when the session began, whoever wrote since. */
export const restoresSnapshot: Break = (adapter) => {
  const snapshots = new Map<string, ReadonlyMap<string, KubeObject>>();
  return withEdits(adapter, (edits, change, seen) => {
    const foreign = foreignObjects(adapter, seen);
    const key = ownerKey(change.owner);
    if (change.intents.length > 0) {
      if (!snapshots.has(key)) snapshots.set(key, new Map(foreign.map((object) => [refKey(refOf(object)), object])));
      return edits;
    }
    return rewriting(edits, foreign, (object) => {
      const { metadata: _, ...was } = snapshots.get(key)?.get(refKey(refOf(object))) ?? object;
      return { ...object, ...was };
    });
  });
};

/** Undo of one session takes the rules of all. */
export const losesColleague: Break = (adapter) =>
  withEdits(adapter, (edits, change, seen) => {
    if (change.intents.length > 0) return edits;
    const others = (object: unknown) => adapter.owned(object).filter(({ owner }) => !sameOwner(owner, change.owner));
    const stripped = edits.map((edit) => (edit.op === 'replace' ? { ...edit, body: without(edit.body, others(edit.body)) } : edit));
    const ofOthers = [...seen.values()]
      .flatMap((one) => ('objects' in one ? one.objects : []))
      .filter(
        (object) => isManaged(object) && others(object).length > 0 && !edits.some(({ ref }) => refKey(ref) === refKey(refOf(object))),
      );
    const deleted = [...new Map(ofOthers.map((object) => [refKey(refOf(object)), object])).values()].map((object): ObjectEdit => {
      const { uid = '', resourceVersion = '' } = metaOf(object);
      return { ref: refOf(object), stage: 'rules', why: 'broken', op: 'delete', uid, resourceVersion };
    });
    return [...stripped, ...deleted];
  });

/** Undo that does nothing and says that it is done. */
export const leavesRules: Break = (adapter) => withEdits(adapter, (edits, change) => (change.intents.length > 0 ? edits : []));

function without(object: KubeObject, rules: readonly { readonly pointer: string }[]): KubeObject {
  const copy = structuredClone(object) as Record<string, unknown>;
  for (const { pointer } of rules.toReversed()) {
    const parts = pointer.split('/').slice(1);
    const last = parts.pop();
    const parent = parts.reduce((at: unknown, part) => (at as Record<string, unknown> | undefined)?.[part], copy);
    if (Array.isArray(parent)) parent.splice(Number(last), 1);
  }
  return copy;
}
