import { type KubeObject, type Labels, namespaceObject, serviceObject, workloadObjects } from '@heddle/core';

export const ISTIO_VERSION = '1.31.1';

const SYSTEM = 'istio-system';

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
  namespaceObject(SYSTEM),
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { namespace: SYSTEM, name: 'istio', labels: { 'istio.io/rev': 'default', release: 'istio' } },
    data: { mesh: MESH_CONFIG, meshNetworks: 'networks: {}' },
  },
  ...workloadObjects({
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
  serviceObject(SYSTEM, 'istiod', istiod, [
    { name: 'grpc-xds', port: 15010 },
    { name: 'https-dns', port: 15012 },
    { name: 'https-webhook', port: 443, targetPort: 15017 },
  ]),
  ...workloadObjects({
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
  serviceObject(SYSTEM, 'istio-ingressgateway', ingressLabels, [
    { name: 'status-port', port: 15021 },
    { name: 'http2', port: 80, targetPort: 8080 },
    { name: 'https', port: 443, targetPort: 8443 },
  ]),
];
