import { closest, clusterReason, describeRef, type KubeObject, type Labels, labelsMatch, metaOf } from '@heddle/core';
import { cliError, cliInputError } from '../../errors/cli-error.js';
import { gatewayCaller } from './gateway-caller.js';
import { alike } from './pod-groups.js';
import { sidecarOf } from './sidecar.js';
import type { Caller, CallerContext, ExplainInput } from './types.js';
import { findWorkload, parseWorkload, runningPods, unknownWorkload } from './workloads.js';

/** Who calls, as the flags say it; without any, a pod in the mesh in the connection's namespace. */
export async function callerOf(input: ExplainInput, context: CallerContext): Promise<Caller> {
  const { namespace } = context.connection;
  if (input.gateway !== undefined) return gatewayCaller(input.gateway, context);
  if (input.from !== undefined) return workloadCaller(input.from, context);
  const labels = parseLabels(input.fromLabels ?? '');
  const home = input.fromNamespace ?? namespace;
  await mustExist(home, context);
  if (Object.keys(labels).length > 0) return labelledCaller(home, labels, context);
  const said = input.fromNamespace !== undefined;
  const notes = said ? emptyNamespace(home, context) : [nobodySaid(home)];
  return { client: { kind: 'sidecar', namespace: home, labels }, namespace: home, who: `a pod in namespace ${home}`, notes };
}

const nobodySaid = (namespace: string): string =>
  `Who calls is not said: a pod in the mesh in namespace ${namespace} without labels is taken for it.`;

/** A mistyped namespace in files would be one that nothing is in. */
function emptyNamespace(namespace: string, { connection: { files } }: CallerContext): readonly string[] {
  const isThere = files?.objects.some(({ object }) => metaOf(object).namespace === namespace || metaOf(object).name === namespace);
  return isThere === false ? [`No object in the files is in namespace ${namespace}.`] : [];
}

/** The namespace that the flags say the caller is in. */
export function homeOf({ from, fromNamespace, gateway }: ExplainInput, namespace: string): string {
  return parseWorkload(from ?? gateway ?? '', namespace)?.namespace ?? fromNamespace ?? namespace;
}

async function workloadCaller(from: string, context: CallerContext): Promise<Caller> {
  const { connection, adapter } = context;
  const wanted = parseWorkload(from, connection.namespace);
  if (wanted === undefined) {
    const expected = 'WORKLOAD, NAMESPACE/WORKLOAD or NAMESPACE/KIND/NAME';
    throw cliInputError('caller-invalid', { path: '--from', expected, received: from }, [
      'Examples: --from shop/web, --from shop/pod/web-0',
    ]);
  }
  const { cluster } = connection;
  const workload = await findWorkload(cluster, wanted);
  if (workload === undefined) throw await unknownWorkload(cluster, wanted);
  const who = describeRef(workload.ref);
  const { proxied, pod, note } = await sidecarOf(
    { cluster, adapter, live: connection.files === undefined },
    who,
    workload.pods,
    workload.model,
  );
  const { labels } = metaOf(pod ?? workload.model);
  const client = proxied ? ({ kind: 'sidecar', namespace: wanted.namespace, labels } as const) : ({ kind: 'none' } as const);
  return { client, namespace: wanted.namespace, who, notes: note === undefined ? [] : [note] };
}

/** The pod that the labels pick, if they pick pods of one kind: the mesh sees all of its labels. */
async function labelledCaller(namespace: string, labels: Labels, { connection, adapter }: CallerContext): Promise<Caller> {
  const text = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  const who = `a pod in namespace ${namespace} with ${text.join(', ')}`;
  const { cluster } = connection;
  const [one, ...others] = alike(await runningPods(cluster, namespace, labels).catch(unlisted<KubeObject>));
  const [pod] = one ?? [];
  if (one === undefined || pod === undefined || others.length > 0)
    return { client: { kind: 'sidecar', namespace, labels }, namespace, who, notes: [] };
  const named = `pod ${namespace}/${metaOf(pod).name}`;
  const sidecar = await sidecarOf({ cluster, adapter, live: connection.files === undefined }, named, one, pod);
  const all = metaOf(sidecar.pod ?? pod).labels;
  const more = labelsMatch(all, labels) ? [] : [`Only ${named} has these labels, so that is taken for the caller, with all of its labels.`];
  const client = sidecar.proxied ? ({ kind: 'sidecar', namespace, labels: all } as const) : ({ kind: 'none' } as const);
  // That it is in the mesh unless something shows that it is not is what these flags say.
  return { client, namespace, who, notes: more };
}

function parseLabels(text: string): Labels {
  const terms = text.split(',').filter((term) => term.trim() !== '');
  return Object.fromEntries(
    terms.map((term): [string, string] => {
      const [, key, value] = /^([^=\s]+)=([^=\s]*)$/.exec(term.trim()) ?? [];
      if (key !== undefined && value !== undefined) return [key, value];
      throw cliInputError('caller-invalid', { path: '--from-labels', expected: 'k=v, several by comma', received: text }, [
        'Example: --from-labels app=web,version=v1',
      ]);
    }),
  );
}

/** A typing mistake in a namespace would be answered as if that were another client. */
async function mustExist(namespace: string, { connection }: CallerContext): Promise<void> {
  if (connection.files !== undefined) return;
  const { cluster } = connection;
  const names = await cluster.list({ group: '', kind: 'Namespace' }).then((all) => all.map((one) => metaOf(one).name), unlisted<string>);
  if (names.length === 0 || names.includes(namespace)) return;
  const guess = closest(namespace, names);
  throw cliError('unknown-namespace', `There is no namespace ${namespace} in cluster ${cluster.name}.`, [
    ...(guess === undefined ? [] : [`Did you mean ${guess}?`]),
    `Namespaces there: ${names.slice(0, 12).join(', ')}${names.length > 12 ? ', …' : ''}`,
  ]);
}

function unlisted<T>(error: unknown): readonly T[] {
  if (clusterReason(error) === 'Forbidden') return [];
  throw error;
}
