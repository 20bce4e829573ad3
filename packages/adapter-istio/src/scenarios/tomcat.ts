import { type KubeObject, namespaceObject, type Scenario, serviceObject, workloadObjects } from '@heddle/core';
import { CONTROL_PLANE, ingressLabels } from './control-plane.js';
import { admit } from './injection.js';
import { ISTIO_KINDS } from './kinds.js';

const HOME = 'mesh-demo';
const v1 = { run: 'tomcat', version: 'v1' };
const metadata = (name: string) => ({ namespace: HOME, name });

/** What the guide's reader has applied before the story begins; written in the version that the guide used. */
const ROUTING: readonly KubeObject[] = [
  {
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'Gateway',
    metadata: metadata('tomcat-gateway'),
    spec: {
      selector: { istio: 'ingressgateway' },
      servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['tomcat.mesh.com'] }],
    },
  },
  {
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'DestinationRule',
    metadata: metadata('tomcat'),
    spec: { host: 'tomcat', subsets: [{ name: 'v1', labels: { version: 'v1' } }] },
  },
  {
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'VirtualService',
    metadata: metadata('tomcat'),
    spec: {
      hosts: ['tomcat.mesh.com', 'tomcat'],
      gateways: ['tomcat-gateway'],
      http: [{ route: [{ destination: { host: 'tomcat', subset: 'v1' } }] }],
    },
  },
];

/** The story of the KtConnect guide: one tomcat 7 behind an ingress gateway, to be meshed with a tomcat 8 on a laptop. */
export const tomcat: Scenario = {
  id: 'tomcat',
  title: 'Tomcat 7 behind an Istio ingress gateway, as in the KtConnect mesh guide',
  objects: [
    ...CONTROL_PLANE,
    namespaceObject(HOME, { 'istio-injection': 'enabled' }),
    ...workloadObjects({
      namespace: HOME,
      name: 'tomcat',
      labels: v1,
      container: { name: 'tomcat', image: 'tomcat:7', ports: [{ name: 'http', containerPort: 8080 }] },
    }),
    serviceObject(HOME, 'tomcat', { run: 'tomcat' }, [{ name: 'http', port: 8080, targetPort: 8080 }]),
    ...workloadObjects({
      namespace: HOME,
      name: 'sleep',
      labels: { app: 'sleep' },
      container: { name: 'sleep', image: 'curlimages/curl' },
    }),
    ...ROUTING,
  ],
  kinds: ISTIO_KINDS,
  admit,
  responders: [
    { labels: v1, body: 'Apache Tomcat/7.0.109\n' },
    { labels: ingressLabels, body: 'the gateway\n' },
    { labels: { app: 'istiod' }, body: 'the control plane\n' },
    { labels: { app: 'sleep' }, body: 'a client in the mesh\n' },
  ],
  gateway: { namespace: 'istio-system', labels: ingressLabels, host: 'tomcat.mesh.com', port: 80 },
  client: { namespace: HOME, labels: { app: 'sleep' }, host: 'tomcat', port: 8080 },
};
