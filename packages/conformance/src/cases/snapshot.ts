import {
  type Cluster,
  canonicalJson,
  clusterReason,
  describeRef,
  groupOf,
  isRecord,
  type KubeObject,
  type MeshAdapter,
  type ObjectQuery,
  refKey,
  refOf,
} from '@heddle/core';

/** Kinds that belong to a session's own affairs or the server's, not to what the case is about. */
const LEFT_OUT = new Set(['Lease', 'Namespace']);

/** The kinds whose objects a case looks at: the adapter's and those that it begins with. */
export function kindsOf(objects: readonly KubeObject[], adapter: MeshAdapter): readonly ObjectQuery[] {
  const refs = objects.map(refOf).map(({ apiVersion, kind }) => ({ group: groupOf(apiVersion), kind }));
  const all = [...refs, ...adapter.kinds.map(({ group, kind }) => ({ group, kind }))];
  return [...new Map(all.map((query) => [`${query.group}/${query.kind}`, query])).values()].filter(({ kind }) => !LEFT_OUT.has(kind));
}

export async function snapshot(cluster: Cluster, kinds: readonly ObjectQuery[]): Promise<readonly KubeObject[]> {
  const lists = await Promise.all(
    kinds.map(async (query) => {
      try {
        return await cluster.list(query);
      } catch (error) {
        if (clusterReason(error) === 'NotFound') return [];
        throw error;
      }
    }),
  );
  return lists.flat();
}

const SERVER_SET = ['uid', 'resourceVersion', 'generation', 'creationTimestamp', 'managedFields', 'selfLink'];

/** What a user wrote, value for value; the order of keys and the version that it is shown in are the server's business. */
export function contentOf(object: KubeObject): string {
  const { apiVersion: _, status: __, metadata, ...rest } = object;
  const kept = Object.entries(isRecord(metadata) ? metadata : {}).filter(([key]) => !SERVER_SET.includes(key));
  return canonicalJson({ ...rest, metadata: Object.fromEntries(kept) });
}

/** Objects that are gone, new or different, in words. */
export function differences(
  was: readonly KubeObject[],
  is: readonly KubeObject[],
  only?: (object: KubeObject) => boolean,
): readonly string[] {
  const byKey = (objects: readonly KubeObject[]) =>
    new Map(objects.filter(only ?? (() => true)).map((object) => [refKey(refOf(object)), object]));
  const [before, after] = [byKey(was), byKey(is)];
  const lost = [...before].flatMap(([key, object]) => {
    const name = describeRef(refOf(object));
    const now = after.get(key);
    if (now === undefined) return [`${name} is gone`];
    return contentOf(now) === contentOf(object) ? [] : [`${name} was ${contentOf(object)} and is ${contentOf(now)}`];
  });
  const added = [...after].flatMap(([key, object]) =>
    before.has(key) ? [] : [`${describeRef(refOf(object))} is left: ${contentOf(object)}`],
  );
  return [...lost, ...added];
}
