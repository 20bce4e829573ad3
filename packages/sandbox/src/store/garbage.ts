import { type KubeObject, metaOf, type ObjectMeta } from '@heddle/core';
import { dig, digRecord } from '../dig.js';
import type { ObjectKey } from './api-error.js';
import type { KindSpec, Kinds } from './kinds.js';

/** What the collector needs of a store. */
export interface Collectable {
  readonly kinds: Kinds;
  find(kind: KindSpec, key: ObjectKey): KubeObject | undefined;
  list(kind: KindSpec): readonly KubeObject[];
  update(kind: KindSpec, object: KubeObject): KubeObject;
  delete(kind: KindSpec, key: ObjectKey, flags?: { readonly now: boolean }): KubeObject;
}

const everything = (store: Collectable) => store.kinds.all.flatMap((kind) => store.list(kind).map((object) => ({ kind, object })));

/** Whether an object names owners of which none is where it may point to: in its namespace, or in none. */
export function isDangling(store: Collectable, object: KubeObject): boolean {
  const { ownerReferences, namespace } = metaOf(object);
  const uids = ownerReferences.map((owner) => dig(owner, 'uid'));
  const mayOwn = (other: ObjectMeta) => uids.includes(other.uid) && (other.namespace ?? namespace) === namespace;
  return uids.length > 0 && !everything(store).some((other) => mayOwn(metaOf(other.object)));
}

/** After a deletion: removes what the object owned or, for a namespace, what was in it. */
export function collectGarbage(store: Collectable, removed: KubeObject, orphan: boolean): void {
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
