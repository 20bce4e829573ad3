import { type Cluster, type KubeObject, metaOf, type ObjectQuery, refKey, refOf } from '@heddle/core';

/** The user's objects of the story, as a colleague would compare them: without what the server sets. */
export async function userObjects(cluster: Cluster, namespace: string): Promise<Readonly<Record<string, unknown>>> {
  const kinds = ['VirtualService', 'DestinationRule', 'Gateway'].map((kind) => ({ group: 'networking.istio.io', kind, namespace }));
  const objects = (await Promise.all([...kinds, { group: '', kind: 'Service', namespace }].map((query) => cluster.list(query)))).flat();
  return Object.fromEntries(
    objects
      .filter((object) => !isOurs(object))
      .map((object) => [refKey(refOf(object)), JSON.parse(JSON.stringify(withoutServerFields(object))) as unknown])
      .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
  );
}

/** An object as a colleague would compare it. */
export function withoutServerFields(object: KubeObject): unknown {
  const { metadata, status: _, ...rest } = object as { metadata: Record<string, unknown>; status?: unknown };
  const { resourceVersion: _r, generation: _g, managedFields: _m, ...meta } = metadata;
  return { ...rest, metadata: meta };
}

/** Kinds that can hold something of heddle's; a cluster serves those of the meshes that it has. */
const HELD: readonly ObjectQuery[] = [
  ...['Pod', 'Service', 'Secret'].map((kind) => ({ group: '', kind })),
  { group: 'coordination.k8s.io', kind: 'Lease' },
  ...['VirtualService', 'DestinationRule'].map((kind) => ({ group: 'networking.istio.io', kind })),
  { group: 'kuma.io', kind: 'MeshHTTPRoute' },
];

/** Everything of heddle's in a namespace: labelled objects, and rules of ours inside other objects. */
export async function heddleLeftovers(cluster: Cluster, namespace: string): Promise<readonly string[]> {
  const { served } = await cluster.discover();
  const queries = HELD.filter(({ group, kind }) => served.some((one) => one.group === group && one.kind === kind));
  const objects = (await Promise.all(queries.map((query) => cluster.list({ ...query, namespace })))).flat();
  return objects
    .filter((object) => isOurs(object) || JSON.stringify(object.spec ?? {}).includes('heddle/'))
    .map((object) => refKey(refOf(object)));
}

function isOurs(object: KubeObject): boolean {
  const { labels, name, deletionTimestamp } = metaOf(object);
  if (object.kind === 'Pod' && deletionTimestamp !== undefined) return false;
  return labels['app.kubernetes.io/managed-by'] === 'heddle' || name.startsWith('heddle-');
}
