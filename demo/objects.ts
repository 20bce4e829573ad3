import { type Cluster, type KubeObject, metaOf, refKey, refOf } from '@heddle/core';
import { check } from './stage.ts';

const USERS = [
  { group: 'networking.istio.io', kind: 'Gateway' },
  { group: 'networking.istio.io', kind: 'VirtualService' },
  { group: 'networking.istio.io', kind: 'DestinationRule' },
  { group: 'kuma.io', kind: 'MeshHTTPRoute' },
  { group: '', kind: 'Service' },
];
const OURS = [...USERS, { group: '', kind: 'Pod' }, { group: '', kind: 'Secret' }, { group: 'coordination.k8s.io', kind: 'Lease' }];

/** Of the kinds that the cluster serves: no mesh brings all of them. */
async function listAll(cluster: Cluster, kinds: typeof USERS, namespace: string): Promise<readonly KubeObject[]> {
  const { served } = await cluster.discover();
  const here = kinds.filter(({ group, kind }) => served.some((one) => one.group === group && one.kind === kind));
  return (await Promise.all(here.map((kind) => cluster.list({ ...kind, namespace })))).flat();
}

/** The objects of the story as text, without what the server sets. */
export async function meshObjects(cluster: Cluster, namespace: string): Promise<string> {
  const objects = await listAll(cluster, USERS, namespace);
  return JSON.stringify(
    objects.map(({ metadata, ...rest }) => {
      const { resourceVersion: _r, generation: _g, managedFields: _m, ...meta } = metadata as Record<string, unknown>;
      return { ...rest, metadata: meta };
    }),
  );
}

/** Names of what heddle has in a namespace, rules inside other objects too. */
async function oursLeft(cluster: Cluster, namespace: string): Promise<readonly string[]> {
  const objects = await listAll(cluster, OURS, namespace);
  return objects
    .filter((object) => metaOf(object).name.startsWith('heddle-') || JSON.stringify(object.spec ?? {}).includes('heddle/'))
    .map((object) => refKey(refOf(object)));
}

export async function checkNothingLeft(cluster: Cluster, namespace: string, before: string): Promise<void> {
  const asBefore = 'byte for byte as before';
  check('the user’s objects', (await meshObjects(cluster, namespace)) === before ? asBefore : 'changed', asBefore);
  check('objects of heddle in the cluster', (await oursLeft(cluster, namespace)).join(', ') || 'none', 'none');
}
