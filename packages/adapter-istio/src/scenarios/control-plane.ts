import type { KubeObject, Labels } from '@heddle/core';

export const ISTIO_VERSION = '1.31.1';

const SYSTEM = 'istio-system';

/** A Deployment and the pod that its controllers would have made: the sandbox runs pods and no controllers. */
export function workload(options: {
  namespace: string;
  name: string;
  labels: Labels;
  container: KubeObject;
  podLabels?: Labels;
}): readonly KubeObject[] {
  const { namespace, name, labels, container, podLabels = {} } = options;
  const metadata = { namespace, labels };
  const template = { metadata: { labels: { ...labels, ...podLabels } }, spec: { containers: [container] } };
  const counts = { replicas: 1, readyReplicas: 1, availableReplicas: 1, updatedReplicas: 1, observedGeneration: 1 };
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { ...metadata, name },
      spec: { replicas: 1, selector: { matchLabels: labels }, template },
      status: counts,
    },
    { apiVersion: 'v1', kind: 'Pod', metadata: { ...template.metadata, namespace, name: `${name}-5d8f7c9b6c-x7k2p` }, spec: template.spec },
  ];
}

export function service(namespace: string, name: string, selector: Labels, ports: readonly KubeObject[]): KubeObject {
  return { apiVersion: 'v1', kind: 'Service', metadata: { namespace, name, labels: selector }, spec: { selector, ports } };
}

export function namespace(name: string, labels: Labels = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

const MESH_CONFIG = `defaultConfig:
  discoveryAddress: istiod.istio-system.svc:15012
rootNamespace: istio-system
trustDomain: cluster.local
`;

const istiod: Labels = { app: 'istiod', istio: 'pilot' };
export const ingressLabels: Labels = { app: 'istio-ingressgateway', istio: 'ingressgateway' };
const release = { 'app.kubernetes.io/version': ISTIO_VERSION, 'istio.io/rev': 'default' };

/** istiod and the ingress gateway, as far as they can be seen from outside. */
export const CONTROL_PLANE: readonly KubeObject[] = [
  namespace(SYSTEM),
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { namespace: SYSTEM, name: 'istio', labels: { 'istio.io/rev': 'default', release: 'istio' } },
    data: { mesh: MESH_CONFIG, meshNetworks: 'networks: {}' },
  },
  ...workload({
    namespace: SYSTEM,
    name: 'istiod',
    labels: istiod,
    podLabels: { ...release, 'sidecar.istio.io/inject': 'false' },
    container: {
      name: 'discovery',
      image: `docker.io/istio/pilot:${ISTIO_VERSION}`,
      ports: [{ containerPort: 15010 }, { containerPort: 15012 }, { containerPort: 15017 }],
    },
  }),
  service(SYSTEM, 'istiod', istiod, [
    { name: 'grpc-xds', port: 15010 },
    { name: 'https-dns', port: 15012 },
    { name: 'https-webhook', port: 443, targetPort: 15017 },
  ]),
  ...workload({
    namespace: SYSTEM,
    name: 'istio-ingressgateway',
    labels: ingressLabels,
    podLabels: { ...release, 'sidecar.istio.io/inject': 'false' },
    container: {
      name: 'istio-proxy',
      image: `docker.io/istio/proxyv2:${ISTIO_VERSION}`,
      args: ['proxy', 'router', '--domain', '$(POD_NAMESPACE).svc.cluster.local'],
      ports: [{ containerPort: 15021 }, { containerPort: 8080 }, { containerPort: 8443 }],
    },
  }),
  service(SYSTEM, 'istio-ingressgateway', ingressLabels, [
    { name: 'status-port', port: 15021 },
    { name: 'http2', port: 80, targetPort: 8080 },
    { name: 'https', port: 443, targetPort: 8443 },
  ]),
];
