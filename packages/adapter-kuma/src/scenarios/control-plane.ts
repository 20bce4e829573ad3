import { type KubeObject, type Labels, namespaceObject, serviceObject, workloadObjects } from '@heddle/core';

export const KUMA_VERSION = '2.14.3';

const SYSTEM = 'kuma-system';

const controlPlane: Labels = { app: 'kuma-control-plane', 'app.kubernetes.io/name': 'kuma', 'app.kubernetes.io/instance': 'kuma' };

/** The control plane, as far as it can be seen from outside. Its namespace must say that it wants no sidecars. */
export const CONTROL_PLANE: readonly KubeObject[] = [
  namespaceObject(SYSTEM, { 'kuma.io/system-namespace': 'true', 'kuma.io/sidecar-injection': 'disabled' }),
  ...workloadObjects({
    namespace: SYSTEM,
    name: 'kuma-control-plane',
    labels: controlPlane,
    container: {
      name: 'control-plane',
      image: `docker.io/kumahq/kuma-cp:${KUMA_VERSION}`,
      env: [
        { name: 'KUMA_ENVIRONMENT', value: 'kubernetes' },
        { name: 'KUMA_STORE_KUBERNETES_SYSTEM_NAMESPACE', value: SYSTEM },
        { name: 'KUMA_MODE', value: 'zone' },
      ],
      ports: [{ containerPort: 5680 }, { containerPort: 5681 }, { containerPort: 5678 }],
    },
  }),
  serviceObject(SYSTEM, 'kuma-control-plane', controlPlane, [
    { name: 'http-api-server', port: 5681, appProtocol: 'http' },
    { name: 'dp-server', port: 5678, appProtocol: 'https' },
  ]),
];

/** Without mTLS, permissions have no effect. */
export function mesh(spec: KubeObject = {}): KubeObject {
  return { apiVersion: 'kuma.io/v1alpha1', kind: 'Mesh', metadata: { name: 'default' }, spec };
}
