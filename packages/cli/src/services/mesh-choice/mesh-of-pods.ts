import {
  type Cluster,
  clusterReason,
  type Detection,
  isRecord,
  isUserError,
  type KubeObject,
  type Labels,
  labelsMatch,
  MANAGED_BY,
  type MeshAdapter,
  metaOf,
  observe,
} from '@heddle/core';
import type { MeshTarget } from './mesh-setting.js';

export interface Candidate {
  readonly adapter: MeshAdapter;
  readonly detection: Detection;
}

/** Which of several meshes a service or namespace is in, and how that was told; otherwise why it cannot be told. */
export type Presence = { readonly candidate: Candidate; readonly because: string } | { readonly unclear: string };

/**
 * Several meshes run in a cluster, and a pod has the proxy of one of them. The service's pods decide, else those of the namespace, else
 * which mesh would give a new pod its proxy.
 */
export async function meshOfPods(cluster: Cluster, candidates: readonly Candidate[], target: MeshTarget): Promise<Presence> {
  const pods = await callersIn(cluster, target.namespace);
  if (pods === undefined) return { unclear: `pods in ${target.namespace} may not be listed` };
  const service = target.service === undefined ? undefined : await serviceOf(cluster, target.namespace, target.service);
  const selector = labelsOf(isRecord(service?.spec) ? service.spec.selector : undefined);
  const own = selector === undefined ? [] : pods.filter((pod) => labelsMatch(selector, metaOf(pod).labels));
  for (const [group, whose] of [
    [own, `of ${target.service ?? ''}`],
    [pods, `in ${target.namespace}`],
  ] as const) {
    const decided = decide(group, whose, candidates);
    if (decided !== undefined) return decided;
  }
  return (
    (await byInjection(cluster, candidates, service, target)) ?? {
      unclear: `no pod in ${target.namespace} has the proxy of ${candidates.length === 2 ? 'either' : 'any of them'}`,
    }
  );
}

function decide(pods: readonly KubeObject[], whose: string, candidates: readonly Candidate[]): Presence | undefined {
  const counted = candidates.map((candidate) => ({ candidate, count: pods.filter((pod) => candidate.adapter.inMesh(pod)).length }));
  const [first, second] = counted.filter(({ count }) => count > 0);
  if (first === undefined) return undefined;
  const tell = (each: typeof first) => `${each.count} of ${pods.length} pods ${whose} have the proxy of ${each.candidate.adapter.title}`;
  return second === undefined ? { candidate: first.candidate, because: tell(first) } : { unclear: `${tell(first)}, and ${tell(second)}` };
}

/** No pod to look at: asks each adapter for the shadow that it would want, which says whether that would have the proxy. */
async function byInjection(
  cluster: Cluster,
  candidates: readonly Candidate[],
  service: KubeObject | undefined,
  { namespace }: MeshTarget,
): Promise<Presence | undefined> {
  const port = portOf(service);
  if (service === undefined || port === undefined) return undefined;
  const ref = { namespace, name: metaOf(service).name, port };
  const owner = { kind: 'session', namespace, id: 'probe' } as const;
  const spec = { owner, services: [ref], name: 'heddle-probe', realise: 'service', sidecar: 'auto', acceptPolicyGap: true } as const;
  const injecting: Candidate[] = [];
  for (const candidate of candidates) {
    const { adapter, detection } = candidate;
    const seen = await observe({ cluster, adapter, env: detection.environment }, { services: [ref] });
    const needs = adapter.shadow(spec, seen, detection.environment);
    if ('ok' in needs && needs.ok.sidecar) injecting.push(candidate);
  }
  const [only, second] = injecting;
  if (only === undefined) return undefined;
  if (second !== undefined) {
    const titles = injecting.map(({ adapter }) => adapter.title).join(' and of ');
    return { unclear: `no pod in ${namespace} has a proxy yet, and a new one would get that of ${titles}` };
  }
  return { candidate: only, because: `a new pod in ${namespace} would get the proxy of ${only.adapter.title}` };
}

/** Pods that have ended call nobody, and those of heddle are not the user's. */
async function callersIn(cluster: Cluster, namespace: string): Promise<readonly KubeObject[] | undefined> {
  try {
    const pods = await cluster.list({ group: '', kind: 'Pod', namespace });
    return pods.filter((pod) => {
      const phase = isRecord(pod.status) ? pod.status.phase : undefined;
      return metaOf(pod).labels[MANAGED_BY] !== 'heddle' && phase !== 'Succeeded' && phase !== 'Failed';
    });
  } catch (error) {
    if (clusterReason(error) === 'Forbidden') return undefined;
    throw error;
  }
}

/** A Service that is not there, or may not be read, decides nothing here: whoever needs it says so. */
async function serviceOf(cluster: Cluster, namespace: string, name: string): Promise<KubeObject | undefined> {
  try {
    return await cluster.get({ apiVersion: 'v1', kind: 'Service', namespace, name });
  } catch (error) {
    if (isUserError(error)) return undefined;
    throw error;
  }
}

function labelsOf(value: unknown): Labels | undefined {
  if (!isRecord(value)) return undefined;
  const labels = Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return labels.length === 0 ? undefined : Object.fromEntries(labels);
}

function portOf(service: KubeObject | undefined): number | undefined {
  const ports = isRecord(service?.spec) ? service.spec.ports : undefined;
  const [first]: unknown[] = Array.isArray(ports) ? ports : [];
  return isRecord(first) && typeof first.port === 'number' ? first.port : undefined;
}
