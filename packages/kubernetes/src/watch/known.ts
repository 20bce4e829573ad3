import { type KubeObject, metaOf, type WatchEvent } from '@heddle/core';

/** The objects of a watch as they were last seen: what makes events of a list and keeps repeated ones away. */
export interface Known {
  /** The events that lead from what was known to a fresh list: deletions first. */
  reconcile(items: readonly KubeObject[]): readonly WatchEvent[];
  put(object: KubeObject): readonly WatchEvent[];
  remove(object: KubeObject): readonly WatchEvent[];
}

export function createKnown(): Known {
  const objects = new Map<string, KubeObject>();
  const keyOf = (object: KubeObject) => {
    const { namespace, name } = metaOf(object);
    return `${namespace ?? ''}/${name}`;
  };

  function put(object: KubeObject): readonly WatchEvent[] {
    const key = keyOf(object);
    const before = objects.get(key);
    objects.set(key, object);
    if (before === undefined) return [{ type: 'added', object }];
    const [old, now] = [metaOf(before), metaOf(object)];
    // Deleted and made anew while nobody looked.
    if (old.uid !== now.uid)
      return [
        { type: 'deleted', object: before },
        { type: 'added', object },
      ];
    return old.resourceVersion === now.resourceVersion ? [] : [{ type: 'modified', object }];
  }

  return {
    put,
    remove(object) {
      return objects.delete(keyOf(object)) ? [{ type: 'deleted', object }] : [];
    },
    reconcile(items) {
      const listed = new Set(items.map(keyOf));
      const gone = [...objects].filter(([key]) => !listed.has(key));
      for (const [key] of gone) objects.delete(key);
      return [...gone.map(([, object]): WatchEvent => ({ type: 'deleted', object })), ...items.flatMap(put)];
    },
  };
}
