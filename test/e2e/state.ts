import { type Cluster, type KubeObject, metaOf, type ObjectQuery, refKey, refOf } from '@heddle/core';

const ROUTING: readonly ObjectQuery[] = [
  ...['VirtualService', 'DestinationRule', 'Gateway'].map((kind) => ({ group: 'networking.istio.io', kind })),
  ...['MeshHTTPRoute', 'MeshTCPRoute'].map((kind) => ({ group: 'kuma.io', kind })),
  { group: '', kind: 'Service' },
];

/** The user's objects of the story, as a colleague would compare them: without what the server sets. */
export async function userObjects(cluster: Cluster, namespace: string): Promise<Readonly<Record<string, unknown>>> {
  const objects = (await listServed(cluster, ROUTING, namespace)).filter((object) => !isOurs(object));
  return Object.fromEntries(
    objects
      .map((object) => [refKey(refOf(object)), JSON.parse(JSON.stringify(withoutServerFields(object))) as unknown])
      .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
  );
}

/** All objects of a story's routing as text, byte for byte, heddle's too; of those without a namespace the ones that are the story's. */
export async function routingText(cluster: Cluster, namespace: string, isOwn: (name: string) => boolean): Promise<readonly string[]> {
  const clusterWide = (await listServed(cluster, [{ group: 'kuma.io', kind: 'TrafficRoute' }])).filter((one) => isOwn(metaOf(one).name));
  const objects = [...(await listServed(cluster, ROUTING, namespace)), ...clusterWide];
  return objects.map((object) => `${refKey(refOf(object))} ${JSON.stringify(withoutServerFields(object))}`).sort();
}

/** Of the kinds that the cluster serves: no cluster has those of all meshes. */
async function listServed(cluster: Cluster, kinds: readonly ObjectQuery[], namespace?: string): Promise<readonly KubeObject[]> {
  const { served } = await cluster.discover();
  const here = kinds.filter(({ group, kind }) => served.some((one) => one.group === group && one.kind === kind));
  return (await Promise.all(here.map((query) => cluster.list(namespace === undefined ? query : { ...query, namespace })))).flat();
}

/** An object as a colleague would compare it. */
function withoutServerFields(object: KubeObject): unknown {
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
  return (await listServed(cluster, HELD, namespace))
    .filter((object) => isOurs(object) || JSON.stringify(object.spec ?? {}).includes('heddle/'))
    .map((object) => refKey(refOf(object)));
}

function isOurs(object: KubeObject): boolean {
  const { labels, name, deletionTimestamp } = metaOf(object);
  if (object.kind === 'Pod' && deletionTimestamp !== undefined) return false;
  return labels['app.kubernetes.io/managed-by'] === 'heddle' || name.startsWith('heddle-');
}
