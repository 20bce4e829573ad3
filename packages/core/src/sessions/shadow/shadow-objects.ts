import type { ShadowNeeds } from '../../contracts/mesh-adapter.js';
import type { Agent } from '../../contracts/tunnel-provider.js';
import type { Version } from '../../model/change.js';
import { isRecord, type KubeObject, type Labels } from '../../model/object.js';
import { leaseName, leaseRef, ownLabels, SESSION_LABEL, secretName } from '../names.js';
import type { AgentOptions } from '../types.js';
import type { ResolvedPort } from './ports.js';

/** The shadow's objects, in the order in which they are created. */
export interface ShadowObjects {
  readonly secret: KubeObject;
  /** Absent for a shadow that stands behind the service itself. */
  readonly service?: KubeObject;
  readonly pod: KubeObject;
}

export interface ShadowInput {
  readonly id: string;
  readonly namespace: string;
  /** Name of the pod and the Service. */
  readonly name: string;
  readonly ports: readonly ResolvedPort[];
  readonly agent: Agent;
  readonly needs: ShadowNeeds;
  readonly options: AgentOptions;
  readonly realise: Version['realise'];
}

/**
 * On our container, never on the pod: the mesh's own init container would inherit it and fail.
 * What PodSecurity `restricted` asks (kubernetes.io, Pod Security Standards), and a read-only root.
 */
const SECURITY = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  runAsNonRoot: true,
  readOnlyRootFilesystem: true,
  seccompProfile: { type: 'RuntimeDefault' },
};

/** For namespaces whose quota or limit range wants them said. */
const RESOURCES = { requests: { cpu: '10m', memory: '32Mi' }, limits: { cpu: '1', memory: '256Mi' } };

export function podLabelsOf(input: Pick<ShadowInput, 'id' | 'needs' | 'options'>): Labels {
  // Ours last: the shadow's Service must select it, and clean-up must find it, whatever else is asked for.
  return { ...input.options.labels, ...input.needs.podLabels, ...ownLabels(input.id) };
}

export function shadowObjects(input: ShadowInput): ShadowObjects {
  const { id, namespace, name, needs, options, agent, realise } = input;
  const own = ownLabels(id);
  const service: KubeObject = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name,
      namespace,
      labels: { ...needs.serviceLabels, ...own },
      ...annotations(needs.serviceAnnotations),
    },
    spec: { type: 'ClusterIP', selector: { [SESSION_LABEL]: id }, ports: input.ports.map(servicePort) },
  };
  return {
    secret: {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: secretName(id), namespace, labels: own },
      type: 'Opaque',
      immutable: true,
      data: agent.secretData,
    },
    ...(realise === 'service' ? { service } : {}),
    pod: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name,
        namespace,
        labels: podLabelsOf(input),
        ...annotations({ ...options.annotations, ...needs.podAnnotations }),
      },
      spec: {
        automountServiceAccountToken: needs.serviceAccountToken,
        enableServiceLinks: false,
        restartPolicy: 'Always',
        terminationGracePeriodSeconds: 2,
        containers: [container(agent.container, needs)],
        volumes: agent.volumes,
        ...(options.pullSecret === undefined ? {} : { imagePullSecrets: [{ name: options.pullSecret }] }),
        ...(options.nodeSelector === undefined ? {} : { nodeSelector: options.nodeSelector }),
        ...(options.tolerations === undefined ? {} : { tolerations: options.tolerations }),
      },
    },
  };
}

/** With the Lease as owner, so that its deletion removes the object even if no heddle ever runs again. */
export function ownedByLease(
  object: KubeObject,
  lease: { readonly namespace: string; readonly id: string; readonly uid: string },
): KubeObject {
  const { apiVersion, kind } = leaseRef(lease.namespace, lease.id);
  const reference = { apiVersion, kind, name: leaseName(lease.id), uid: lease.uid, controller: true };
  return { ...object, metadata: { ...(isRecord(object.metadata) ? object.metadata : {}), ownerReferences: [reference] } };
}

/** The Secret as a plan may show it: names without their content. */
export function redacted(secret: KubeObject): KubeObject {
  const data = isRecord(secret.data) ? secret.data : {};
  return { ...secret, data: Object.fromEntries(Object.keys(data).map((key) => [key, '<made for this session>'])) };
}

/** The shadow as a mesh will see it once it is ready: what a plan is made against before anything exists. */
export function assumedShadow(objects: ShadowObjects): readonly KubeObject[] {
  const { pod, service } = objects;
  return [
    ...(service === undefined ? [] : [service]),
    {
      ...pod,
      status: {
        phase: 'Running',
        podIP: '192.0.2.1',
        podIPs: [{ ip: '192.0.2.1' }],
        conditions: [
          { type: 'ContainersReady', status: 'True' },
          { type: 'Ready', status: 'True' },
        ],
      },
    },
  ];
}

function container(agent: KubeObject, { readyWithoutTunnel }: ShadowNeeds): KubeObject {
  const { readinessProbe, ...rest } = agent;
  const security = isRecord(agent.securityContext) ? agent.securityContext : {};
  const probe = readyWithoutTunnel === true || readinessProbe === undefined ? {} : { readinessProbe };
  return { ...rest, ...probe, securityContext: { ...security, ...SECURITY }, resources: agent.resources ?? RESOURCES };
}

function servicePort(port: ResolvedPort): KubeObject {
  return {
    ...(port.name === undefined ? {} : { name: port.name }),
    protocol: port.protocol,
    ...(port.appProtocol === undefined ? {} : { appProtocol: port.appProtocol }),
    port: port.service.port,
    targetPort: port.containerPort,
  };
}

function annotations(map: Labels): { annotations?: Labels } {
  return Object.keys(map).length === 0 ? {} : { annotations: map };
}
