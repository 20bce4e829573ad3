import { type KubeObject, namespaceObject, type Scenario, serviceObject, workloadObjects } from '@heddle/core';
import { CONTROL_PLANE, mesh } from './control-plane.js';
import { admit } from './injection.js';
import { KUMA_KINDS } from './kinds.js';

const HOME = 'kong-mesh-app';
const BENIGNO = { app: 'benigno' };
const MAGNANIMO = { app: 'magnanimo' };
const PORT = 5000;

const app = (name: string): KubeObject => ({ name, image: `example/${name}`, ports: [{ name: 'http', containerPort: PORT }] });

/** `magnanimo` calls `benigno`, of which two versions run behind one Service. */
const APPLICATIONS: readonly KubeObject[] = [
  namespaceObject(HOME, { 'kuma.io/sidecar-injection': 'enabled' }),
  ...workloadObjects({ namespace: HOME, name: 'magnanimo', labels: MAGNANIMO, container: app('magnanimo') }),
  serviceObject(HOME, 'magnanimo', MAGNANIMO, [{ name: 'http', port: PORT, targetPort: PORT, appProtocol: 'http' }]),
  ...['v1', 'v2'].flatMap((version) =>
    workloadObjects({ namespace: HOME, name: `benigno-${version}`, labels: { ...BENIGNO, version }, container: app('benigno') }),
  ),
  serviceObject(HOME, 'benigno', BENIGNO, [{ name: 'http', port: PORT, targetPort: PORT, appProtocol: 'http' }]),
];

const common = {
  kinds: KUMA_KINDS,
  admit,
  responders: [
    { labels: { ...BENIGNO, version: 'v1' }, body: 'benigno v1\n' },
    { labels: { ...BENIGNO, version: 'v2' }, body: 'benigno v2\n' },
    { labels: MAGNANIMO, body: 'a client in the mesh\n' },
    { labels: { app: 'kuma-control-plane' }, body: 'the control plane\n' },
  ],
  client: { namespace: HOME, labels: MAGNANIMO, host: 'benigno', port: PORT },
  // Kuma leaves Envoy's default on (kuma `pkg/plugins/policies/meshhttproute/xds/filters/requestmirror.go`, 2.14).
  mirrorSuffix: '-shadow',
} satisfies Partial<Scenario>;

/**
 * A mesh without TrafficRoutes, as Kuma has made them since 2.6. Its Services are known by tags (`meshServices` is Disabled, the default
 * of 2.14), so that versions can be told apart by labels; calls are split evenly by load balancing.
 */
export const benigno: Scenario = {
  id: 'benigno',
  title: 'Kong Mesh demo: magnanimo calls benigno v1 and v2, in a mesh that routes by MeshHTTPRoute',
  objects: [...CONTROL_PLANE, mesh(), ...APPLICATIONS],
  ...common,
};

/** What Kuma gave every mesh up to 2.5: everything goes where it is dialled. */
const ROUTE_ALL: KubeObject = {
  apiVersion: 'kuma.io/v1alpha1',
  kind: 'TrafficRoute',
  mesh: 'default',
  metadata: { name: 'route-all-default' },
  spec: {
    sources: [{ match: { 'kuma.io/service': '*' } }],
    destinations: [{ match: { 'kuma.io/service': '*' } }],
    conf: { loadBalancer: { roundRobin: {} }, destination: { 'kuma.io/service': '*' } },
  },
};

const tag = `benigno_${HOME}_svc_${PORT}`;

/** 90/10, as in the article on Kong Mesh, without the namespace that a cluster-scoped object cannot have and the stray backslashes. */
const SPLIT: KubeObject = {
  apiVersion: 'kuma.io/v1alpha1',
  kind: 'TrafficRoute',
  mesh: 'default',
  metadata: { name: 'benigno-90-10' },
  spec: {
    sources: [{ match: { 'kuma.io/service': '*' } }],
    destinations: [{ match: { 'kuma.io/service': tag } }],
    conf: {
      split: [
        { weight: 90, destination: { 'kuma.io/service': tag, version: 'v1' } },
        { weight: 10, destination: { 'kuma.io/service': tag, version: 'v2' } },
      ],
    },
  },
};

/** The same in a mesh that routes by TrafficRoute, with the article's split. */
export const benignoTrafficRoute: Scenario = {
  id: 'benigno-traffic-route',
  title: 'Kong Mesh demo: magnanimo calls benigno v1 and v2, split 90/10 by a TrafficRoute',
  objects: [...CONTROL_PLANE, mesh(), ...APPLICATIONS, ROUTE_ALL, SPLIT],
  ...common,
};
