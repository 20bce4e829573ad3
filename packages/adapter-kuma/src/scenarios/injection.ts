import { isRecord, type KubeObject, metaOf, type Scenario } from '@heddle/core';
import { enabled, INJECTION, parseNamespace, parsePod } from '../decode/parse-kube.js';
import { MESH_LABEL } from '../decode/tags.js';
import { KUMA_VERSION } from './control-plane.js';

/** Sets up the redirection to the proxy. What `restricted` refuses about an injected pod is this one (unless Kuma's CNI plugin is there). */
const INIT: KubeObject = {
  name: 'kuma-init',
  image: `docker.io/kumahq/kuma-init:${KUMA_VERSION}`,
  command: ['/usr/bin/kumactl', 'install', 'transparent-proxy'],
  resources: { limits: { memory: '50M' }, requests: { cpu: '20m', memory: '20M' } },
  securityContext: {
    capabilities: { add: ['NET_ADMIN', 'NET_RAW'], drop: ['ALL'] },
    readOnlyRootFilesystem: true,
    runAsGroup: 0,
    runAsUser: 0,
  },
};

/** The first container, as Kuma 2.14 injects it unless sidecar containers are switched on. */
const SIDECAR: KubeObject = {
  name: 'kuma-sidecar',
  image: `docker.io/kumahq/kuma-dp:${KUMA_VERSION}`,
  args: ['run', '--log-level=info', '--concurrency=2'],
  resources: { limits: { memory: '512Mi' }, requests: { cpu: '50m', memory: '64Mi' } },
  securityContext: {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    readOnlyRootFilesystem: true,
    runAsGroup: 5678,
    runAsUser: 5678,
  },
  volumeMounts: [{ name: 'kuma-sidecar-tmp', mountPath: '/tmp' }],
};

const VOLUMES: readonly KubeObject[] = [
  { name: 'kuma-init-tmp', emptyDir: { sizeLimit: '10M' } },
  { name: 'kuma-sidecar-tmp', emptyDir: { sizeLimit: '10M' } },
];

/** The pod's label goes before the namespace's, but only where the namespace has one at all (kuma 2.14, `webhooks/injector/precheck.go`; `UPGRADE.md`, 2.11). */
function injects(pod: KubeObject, namespace: KubeObject | undefined): boolean {
  const home = metaOf(namespace).labels[INJECTION];
  if (home === undefined) return false;
  return enabled(metaOf(pod).labels[INJECTION]) ?? enabled(home) === true;
}

/**
 * The injection webhook: the pod with Kuma's init container and sidecar, where injection applies. Kuma's sidecar reads the service
 * account's token; a pod that mounts none would never become ready, so the sandbox says so at once.
 */
export const admit: Scenario['admit'] = (pod, namespace) => {
  if (!injects(pod, namespace)) return { pod };
  const spec = isRecord(pod.spec) ? pod.spec : {};
  if (spec.automountServiceAccountToken === false) {
    return { denied: "kuma-sidecar needs the service account's token: automountServiceAccountToken must not be false" };
  }
  const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
  const [first] = list(spec.containers);
  const { annotations, labels } = metaOf(pod);
  const homes = namespace === undefined ? [] : [parseNamespace(namespace)];
  const { mesh } = parsePod(pod, new Map(homes.map((home) => [home.name, home])));
  const metadata = {
    ...(isRecord(pod.metadata) ? pod.metadata : {}),
    annotations: {
      'kubectl.kubernetes.io/default-container': isRecord(first) ? String(first.name) : '',
      ...annotations,
      'kuma.io/sidecar-injected': 'true',
      'kuma.io/transparent-proxying': 'enabled',
    },
    labels: { ...labels, [MESH_LABEL]: mesh },
  };
  return {
    pod: {
      ...pod,
      metadata,
      spec: {
        ...spec,
        containers: [SIDECAR, ...list(spec.containers)],
        initContainers: [...list(spec.initContainers), INIT],
        volumes: [...list(spec.volumes), ...VOLUMES],
      },
    },
  };
};
