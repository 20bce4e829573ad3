import { isRecord, type KubeObject, type ObjectEdit, ownerKey } from '@heddle/core';
import { type Break, withEdits } from './spoil.js';

/** Notes in each object whose rules were there first: A then B is not B then A. */
export const dependsOnOrder: Break = (adapter) =>
  withEdits(adapter, (edits, change, seen) => {
    if (change.intents.length === 0) return edits;
    const objects = [...seen.values()].flatMap((one) => ('objects' in one ? one.objects : []));
    const others = objects.flatMap((object) => adapter.owned(object)).filter(({ owner }) => ownerKey(owner) !== ownerKey(change.owner));
    if (others.length > 0) return edits;
    return edits.map((edit): ObjectEdit => (edit.op === 'delete' ? edit : { ...edit, body: noted(edit.body, ownerKey(change.owner)) }));
  });

function noted(object: KubeObject, first: string): KubeObject {
  const metadata = isRecord(object.metadata) ? object.metadata : {};
  const annotations = isRecord(metadata.annotations) ? metadata.annotations : {};
  return { ...object, metadata: { ...metadata, annotations: { ...annotations, 'heddle.dev/first': first } } };
}

/** Numbers its answers: the same question gets another one each time. */
export const keepsState: Break = (adapter) => {
  let count = 0;
  return withEdits(adapter, (edits) => {
    count += 1;
    return edits.map((edit) => ({ ...edit, why: `${edit.why}, number ${count}` }));
  });
};

/** Sorts what it was handed, in place. */
export const changesItsInput: Break = (adapter) => ({
  ...adapter,
  decode(target, seen, env) {
    for (const one of seen.values()) if ('objects' in one) (one.objects as KubeObject[]).sort(() => 0);
    return adapter.decode(target, seen, env);
  },
});
