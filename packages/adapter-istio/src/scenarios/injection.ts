import { isRecord, type KubeObject, metaOf, type Scenario } from '@heddle/core';
import { ISTIO_VERSION } from './control-plane.js';

const PROXY = `docker.io/istio/proxyv2:${ISTIO_VERSION}`;

/** Sets up the redirection to the proxy. What `restricted` refuses about an injected pod is this one (unless Istio's CNI plugin is there). */
const INIT: KubeObject = {
  name: 'istio-init',
  image: PROXY,
  args: ['istio-iptables', '-p', '15001', '-z', '15006', '-u', '1337', '-m', 'REDIRECT', '-i', '*', '-b', '*', '-d', '15090,15021,15020'],
  resources: { limits: { cpu: '2', memory: '1Gi' }, requests: { cpu: '10m', memory: '40Mi' } },
  securityContext: {
    allowPrivilegeEscalation: false,
    capabilities: { add: ['NET_ADMIN', 'NET_RAW'], drop: ['ALL'] },
    privileged: false,
    readOnlyRootFilesystem: false,
    runAsGroup: 0,
    runAsNonRoot: false,
    runAsUser: 0,
  },
};

/** A native sidecar: an init container that goes on running, as Istio 1.31 injects it on Kubernetes from 1.29 on. */
const SIDECAR: KubeObject = {
  name: 'istio-proxy',
  image: PROXY,
  args: ['proxy', 'sidecar', '--domain', '$(POD_NAMESPACE).svc.cluster.local'],
  ports: [{ containerPort: 15090, name: 'http-envoy-prom', protocol: 'TCP' }],
  resources: { limits: { cpu: '2', memory: '1Gi' }, requests: { cpu: '10m', memory: '40Mi' } },
  restartPolicy: 'Always',
  securityContext: {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    privileged: false,
    readOnlyRootFilesystem: true,
    runAsGroup: 1337,
    runAsNonRoot: true,
    runAsUser: 1337,
  },
  volumeMounts: [
    { name: 'istio-envoy', mountPath: '/etc/istio/proxy' },
    { name: 'istio-data', mountPath: '/var/lib/istio/data' },
  ],
};

const VOLUMES: readonly KubeObject[] = [
  { name: 'istio-envoy', emptyDir: { medium: 'Memory' } },
  { name: 'istio-data', emptyDir: {} },
];

/**
 * Whether the injection webhooks of the default revision take a pod (istio 1.31, manifests/charts/istio-control/istio-discovery,
 * mutatingwebhook.yaml: by the namespace's label unless the pod says no; in a namespace without a label if the pod says yes).
 */
function injects(pod: KubeObject, namespace: KubeObject | undefined): boolean {
  const own = metaOf(pod).labels['sidecar.istio.io/inject'];
  const { 'istio-injection': injection, 'istio.io/rev': revision } = metaOf(namespace).labels;
  if (isRecord(pod.spec) && pod.spec.hostNetwork === true) return false;
  if (metaOf(pod).annotations['sidecar.istio.io/inject'] === 'false' || own === 'false') return false;
  if (injection !== undefined) return injection === 'enabled';
  return revision === undefined ? own === 'true' : revision === 'default';
}

/** The injection webhook: the pod with Istio's init container and sidecar, where injection applies. */
export const admit: Scenario['admit'] = (pod, namespace) => {
  if (!injects(pod, namespace)) return { pod };
  const spec = isRecord(pod.spec) ? pod.spec : {};
  const { labels, annotations } = metaOf(pod);
  const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
  const [first] = list(spec.containers);
  const container = isRecord(first) ? String(first.name) : '';
  const status = JSON.stringify({ initContainers: ['istio-init', 'istio-proxy'], containers: null, revision: 'default' });
  const metadata = {
    ...(isRecord(pod.metadata) ? pod.metadata : {}),
    annotations: {
      'istio.io/rev': 'default',
      'kubectl.kubernetes.io/default-container': container,
      ...annotations,
      'sidecar.istio.io/status': status,
    },
    labels: {
      'security.istio.io/tlsMode': 'istio',
      'service.istio.io/canonical-name': labels.app ?? labels['app.kubernetes.io/name'] ?? metaOf(pod).name,
      'service.istio.io/canonical-revision': labels.version ?? 'latest',
      ...labels,
    },
  };
  return {
    pod: {
      ...pod,
      metadata,
      spec: {
        ...spec,
        initContainers: [INIT, SIDECAR, ...list(spec.initContainers)],
        volumes: [...list(spec.volumes), ...VOLUMES],
      },
    },
  };
};
