import { type KubeObject, type Labels, MANAGED_BY, type MeshAdapter, type MeshEnvironment, observeObjects } from '@heddle/core';
import type { AgentConfig } from '../../config/types.js';

/** Marks the pods of `heddle doctor --pull`; they carry no session's label, so nothing takes one for a shadow. */
export const PULL_LABEL = 'heddle.dev/image-pull';
export const PULL_CONTAINER = 'image';

export interface PullPodInput {
  readonly namespace: string;
  readonly name: string;
  readonly agent: AgentConfig;
  /** The mesh's way of leaving its proxy out. */
  readonly mesh: { readonly podLabels: Labels; readonly podAnnotations: Labels };
  /** After so many seconds the kubelet ends it, should nobody else. */
  readonly lifeSeconds: number;
}

/**
 * A pod that needs the agent's image as a session's shadow would, on the nodes where that would run, and does nothing with it.
 * Its container passes PodSecurity `restricted` (kubernetes.io, Pod Security Standards).
 */
export function pullPod({ namespace, name, agent, mesh, lifeSeconds }: PullPodInput): KubeObject {
  const annotations = { ...agent.annotations, ...mesh.podAnnotations };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      labels: { ...agent.labels, ...mesh.podLabels, [MANAGED_BY]: 'heddle', [PULL_LABEL]: name },
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    },
    spec: {
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      restartPolicy: 'Never',
      activeDeadlineSeconds: lifeSeconds,
      terminationGracePeriodSeconds: 1,
      // A gate that nobody opens: the pod is never ready, so a Service that its labels fit sends it nothing.
      readinessGates: [{ conditionType: PULL_LABEL }],
      containers: [
        {
          name: PULL_CONTAINER,
          image: agent.image,
          ...(agent.imagePullPolicy === undefined ? {} : { imagePullPolicy: agent.imagePullPolicy }),
          command: ['true'],
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 10_022,
            runAsGroup: 10_022,
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
            seccompProfile: { type: 'RuntimeDefault' },
          },
          // For namespaces whose quota wants them said.
          resources: { requests: { cpu: '20m', memory: '32Mi' }, limits: { cpu: '1', memory: '256Mi' } },
        },
      ],
      ...(agent.pullSecret === undefined ? {} : { imagePullSecrets: [{ name: agent.pullSecret }] }),
      ...(agent.nodeSelector === undefined ? {} : { nodeSelector: agent.nodeSelector }),
      ...(agent.tolerations === undefined ? {} : { tolerations: agent.tolerations }),
    },
  };
}

/** What a mesh wants of a pod that is to have no proxy: asked as for the shadow of a service that selects nothing else. */
export function withoutProxy(
  mesh: { readonly adapter: MeshAdapter; readonly env: MeshEnvironment } | undefined,
  pod: { readonly namespace: string; readonly name: string },
): PullPodInput['mesh'] {
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: pod,
    spec: { selector: { [PULL_LABEL]: pod.name }, ports: [{ port: 80, protocol: 'TCP' }] },
  };
  const planned = mesh?.adapter.shadow(
    {
      owner: { kind: 'session', namespace: pod.namespace, id: pod.name },
      services: [{ ...pod, port: 80 }],
      name: pod.name,
      realise: 'service',
      sidecar: 'off',
      acceptPolicyGap: true,
    },
    observeObjects([service], [{ group: '', kind: 'Service', namespace: pod.namespace }]),
    mesh.env,
  );
  return planned !== undefined && 'ok' in planned ? planned.ok : { podLabels: {}, podAnnotations: {} };
}
