import {
  type Cluster,
  ClusterError,
  defineMeshAdapter,
  type KubeObject,
  type MeshAdapter,
  metaOf,
  objectsOf,
  type Scenario,
} from '@heddle/core';
import { createSandbox } from '@heddle/sandbox';

const groupOf = (id: string) => `${id}.example.io`;
const GROUPS = [groupOf('woven'), groupOf('knit'), 'linkerd.io', 'policy.linkerd.io'];
/** Set on a pod: it has the proxy of that mesh. Set on a namespace: new pods there get it, several with dots between. */
const MESH = 'example.io/mesh';

/** A mesh of which only what choosing looks at is real. */
function toyMesh(id: string): MeshAdapter {
  const notAsked = () => {
    throw new Error('not asked in this test');
  };
  return defineMeshAdapter({
    id,
    title: `${id.charAt(0).toUpperCase()}${id.slice(1)}`,
    kinds: [{ group: groupOf(id), kind: 'Route', plural: 'routes', namespaced: true, versions: ['v1'], verbs: ['get'] }],
    facts: [],
    detect: ({ served }) =>
      served.some(({ group }) => group === groupOf(id))
        ? { environment: { served: {}, settings: { root: id }, version: '1.2' }, because: 'its objects are served' }
        : undefined,
    capabilities: () => ({ 'match.header.exact': 'supported', weights: { unsupported: `${id} has no weights` } }),
    reads: () => [{ group: '', kind: 'Namespace' }],
    affects: () => ({ services: [] }),
    versions: () => [],
    inMesh: (pod) => metaOf(pod).labels[MESH] === id,
    decode: () => ({ tables: [], problems: [], gaps: [] }),
    owned: () => [],
    shadow: ({ owner }, seen) => {
      const namespace = objectsOf(seen, '', 'Namespace').find((each) => metaOf(each).name === owner.namespace);
      const sidecar = (metaOf(namespace).labels[MESH] ?? '').split('.').includes(id);
      const none = { podLabels: {}, podAnnotations: {}, serviceLabels: {}, serviceAnnotations: {}, serviceAccountToken: false };
      return { ok: { sidecar, ...none }, notes: [] };
    },
    encode: notAsked,
    accepted: notAsked,
  });
}

const namespace = (name: string, labels: Record<string, string> = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels },
});
const pod = (where: string, app: string, mesh?: string, name = app): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: where, labels: { app, ...(mesh === undefined ? {} : { [MESH]: mesh }) } },
  spec: { containers: [{ name: 'main', image: 'example.dev/app:1' }] },
});
const service = (where: string, name: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: where },
  spec: { selector: { app: name }, ports: [{ name: 'http', port: 80 }] },
});

const scenario: Scenario = {
  id: 'two-meshes',
  title: 'A cluster with two meshes',
  objects: [
    ...[namespace('shop'), namespace('bank'), namespace('both'), namespace('none'), namespace('empty')],
    namespace('next', { [MESH]: 'knit' }),
    namespace('twice', { [MESH]: 'woven.knit' }),
    ...[pod('shop', 'cart', 'woven', 'cart-1'), pod('shop', 'cart', 'woven', 'cart-2'), pod('shop', 'plain')],
    ...[pod('bank', 'vault', 'knit'), pod('both', 'left', 'woven'), pod('both', 'right', 'knit'), pod('none', 'lonely')],
    ...[service('shop', 'cart'), service('shop', 'without-pods'), service('both', 'left'), service('both', 'right')],
    ...[service('none', 'lonely'), service('next', 'waiting'), service('twice', 'waiting')],
  ],
  kinds: GROUPS.map((group) => ({ group, kind: 'Route', plural: 'routes', singular: 'route', namespaced: true, versions: ['v1'] })),
  admit: (object) => ({ pod: object }),
  responders: [],
};

export interface TwoMeshes {
  adapter(id: string): MeshAdapter;
  /** The cluster, with the groups that it serves beside Kubernetes' own; those of both meshes by default. */
  cluster(groups?: readonly string[], name?: string): Cluster;
  forbidden(): ClusterError;
  stop(): Promise<void>;
}

/** Woven and Knit in one cluster: shop is in the one, bank in the other, both in both, none in neither. */
export async function twoMeshes(): Promise<TwoMeshes> {
  const sandbox = await createSandbox({ adapter: toyMesh('woven'), scenario });
  return {
    adapter: toyMesh,
    cluster: (groups = [groupOf('woven'), groupOf('knit')], name = 'sandbox') => {
      const real = sandbox.cluster(name);
      return Object.assign(Object.create(real) as Cluster, {
        discover: async (queries: Parameters<Cluster['discover']>[0]) => {
          const facts = await real.discover(queries);
          return { ...facts, served: facts.served.filter(({ group }) => !GROUPS.includes(group) || groups.includes(group)) };
        },
      });
    },
    forbidden: () => new ClusterError({ reason: 'Forbidden', status: 403, message: 'pods is forbidden' }),
    stop: () => sandbox.stop(),
  };
}
