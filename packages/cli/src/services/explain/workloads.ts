import {
  type Cluster,
  closest,
  clusterReason,
  groupOf,
  isRecord,
  type KubeObject,
  type Labels,
  labelsMatch,
  metaOf,
  type ObjectRef,
} from '@heddle/core';
import { cliError } from '../../errors/cli-error.js';
import { podTemplate } from '../files/assume/workload-pods.js';

/** What makes Pods, or one of them, by the words that people use; a name alone is looked up in this order. */
const KINDS: readonly { readonly kind: string; readonly apiVersion: string; readonly words: readonly string[] }[] = [
  { kind: 'Deployment', apiVersion: 'apps/v1', words: ['deployment', 'deployments', 'deploy'] },
  { kind: 'StatefulSet', apiVersion: 'apps/v1', words: ['statefulset', 'statefulsets', 'sts'] },
  { kind: 'DaemonSet', apiVersion: 'apps/v1', words: ['daemonset', 'daemonsets', 'ds'] },
  { kind: 'ReplicaSet', apiVersion: 'apps/v1', words: ['replicaset', 'replicasets', 'rs'] },
  { kind: 'Job', apiVersion: 'batch/v1', words: ['job', 'jobs'] },
  { kind: 'CronJob', apiVersion: 'batch/v1', words: ['cronjob', 'cronjobs', 'cj'] },
  { kind: 'Pod', apiVersion: 'v1', words: ['pod', 'pods', 'po'] },
];

/** `kind` of a word such as `deploy`; `undefined` where it is none. */
const workloadKind = (word: string): string | undefined => KINDS.find(({ words }) => words.includes(word.toLowerCase()))?.kind;

export interface WorkloadName {
  readonly namespace: string;
  readonly name: string;
  readonly kind?: string;
}

export interface Workload {
  readonly ref: ObjectRef;
  /** Its Pods that have not ended. */
  readonly pods: readonly KubeObject[];
  /** A Pod as it makes them, without what is added to it in the cluster. */
  readonly model: KubeObject;
}

/** Reads `[ns/]name`, `[ns/]kind/name`; `undefined` for anything else. */
export function parseWorkload(text: string, namespace: string): WorkloadName | undefined {
  const parts = text.split('/');
  const [first = '', second = '', third = ''] = parts;
  if (parts.some((part) => !/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/i.test(part))) return undefined;
  if (parts.length === 1) return { namespace, name: first };
  if (parts.length === 2) {
    const kind = workloadKind(first);
    return kind === undefined ? { namespace: first, name: second } : { namespace, kind, name: second };
  }
  const kind = workloadKind(second);
  return parts.length === 3 && kind !== undefined ? { namespace: first, kind, name: third } : undefined;
}

/** `undefined` where there is none. Throws `workload-ambiguous` where the name alone is that of several. */
export async function findWorkload(cluster: Cluster, wanted: WorkloadName): Promise<Workload | undefined> {
  const { namespace, name } = wanted;
  const kinds = KINDS.filter(({ kind }) => wanted.kind === undefined || kind === wanted.kind);
  const found = await Promise.all(kinds.map(({ kind, apiVersion }) => cluster.get({ kind, apiVersion, namespace, name }).catch(noRights)));
  const there = kinds.flatMap(({ kind, apiVersion }, index) => {
    const object = found[index];
    return object === undefined ? [] : [{ ref: { apiVersion, kind, namespace, name }, object }];
  });
  const [first, second] = there;
  if (first === undefined) return undefined;
  if (second !== undefined) {
    const kindsThere = there.map(({ ref }) => ref.kind);
    throw cliError('workload-ambiguous', `${namespace}/${name} is the name of a ${kindsThere.join(' and of a ')}.`, [
      `Say which: ${kindsThere.map((kind) => `${namespace}/${kind.toLowerCase()}/${name}`).join(' or ')}`,
    ]);
  }
  return workloadOf(cluster, first.ref, first.object);
}

async function workloadOf(cluster: Cluster, ref: ObjectRef, object: KubeObject): Promise<Workload> {
  if (ref.kind === 'Pod') return { ref, pods: [object], model: object };
  const template = podTemplate(object) ?? { labels: {}, annotations: {}, spec: {} };
  const { namespace = '', name } = ref;
  const { labels, annotations, spec } = template;
  const model = { apiVersion: 'v1', kind: 'Pod', metadata: { namespace, name, labels, annotations }, spec };
  return { ref, pods: await runningPods(cluster, namespace, selectorOf(object) ?? labels), model };
}

/** The Pods of a namespace (absent: of all) with these labels that have not ended; none for no labels. */
export async function runningPods(cluster: Cluster, namespace: string | undefined, labels: Labels): Promise<readonly KubeObject[]> {
  if (Object.keys(labels).length === 0) return [];
  const pods = await cluster.list({ group: '', kind: 'Pod', ...(namespace === undefined ? {} : { namespace }) });
  return pods.filter((pod) => {
    const phase = isRecord(pod.status) ? pod.status.phase : undefined;
    return phase !== 'Succeeded' && phase !== 'Failed' && labelsMatch(labels, metaOf(pod).labels);
  });
}

function selectorOf({ spec }: KubeObject): Labels | undefined {
  const selector = isRecord(spec) && isRecord(spec.selector) ? spec.selector.matchLabels : undefined;
  const labels = Object.entries(isRecord(selector) ? selector : {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return labels.length === 0 ? undefined : Object.fromEntries(labels);
}

/** That there is none of the name: with a near miss, else with what there is. */
export async function unknownWorkload(cluster: Cluster, { namespace, name, kind }: WorkloadName) {
  const lists = await Promise.all(
    KINDS.map(({ kind: each, apiVersion }) => cluster.list({ group: groupOf(apiVersion), kind: each, namespace }).catch(() => [])),
  );
  // What a workload makes has a name that nobody writes.
  const names = lists.flat().flatMap((object) => (metaOf(object).ownerReferences.length > 0 ? [] : [metaOf(object).name]));
  const guess = closest(name, names);
  return cliError('unknown-workload', `There is no ${kind ?? 'workload or Pod'} ${name} in namespace ${namespace}.`, [
    ...(guess === undefined ? [] : [`Did you mean ${namespace}/${guess}?`]),
    names.length === 0
      ? `Namespace ${namespace} has no workload; name another: --from NAMESPACE/WORKLOAD`
      : `Workloads there: ${names.slice(0, 12).join(', ')}${names.length > 12 ? ', …' : ''}`,
    'Say by its labels who calls: --from-namespace NAMESPACE --from-labels app=web',
  ]);
}

/** A kind that may not be read, or that an old server does not have, is not what was meant. */
function noRights(error: unknown): undefined {
  const reason = clusterReason(error);
  if (reason === 'Forbidden' || reason === 'NotFound' || reason === 'NoSuchKind') return undefined;
  throw error;
}
