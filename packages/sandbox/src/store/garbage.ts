import { type KubeObject, metaOf, type ObjectMeta } from '@heddle/core';
import { dig, digRecord } from '../dig.js';
import type { Store } from './store.js';

const everything = (store: Store) => store.kinds.all.flatMap((kind) => store.list(kind).map((object) => ({ kind, object })));

/** Whether an object names owners of which none is where it may point to: in its namespace, or in none. */
export function isDangling(store: Store, object: KubeObject): boolean {
  const { ownerReferences, namespace } = metaOf(object);
  const uids = ownerReferences.map((owner) => dig(owner, 'uid'));
  const mayOwn = (other: ObjectMeta) => uids.includes(other.uid) && (other.namespace ?? namespace) === namespace;
  return uids.length > 0 && !everything(store).some((other) => mayOwn(metaOf(other.object)));
}

/** After a deletion: removes what the object owned or, for a namespace, what was in it. */
export function collectGarbage(store: Store, removed: KubeObject, orphan: boolean): void {
  const { uid, name } = metaOf(removed);
  for (const { kind, object } of everything(store)) {
    const meta = metaOf(object);
    if (store.find(kind, meta) !== object) continue;
    if (removed.kind === 'Namespace' && meta.namespace === name) {
      store.delete(kind, meta, { now: true });
    } else if (meta.ownerReferences.some((owner) => dig(owner, 'uid') === uid)) {
      const ownerReferences = meta.ownerReferences.filter((owner) => dig(owner, 'uid') !== uid);
      if (!orphan && isDangling(store, object)) store.delete(kind, meta);
      else store.update(kind, { ...object, metadata: { ...digRecord(object, 'metadata'), ownerReferences } });
    }
  }
}
