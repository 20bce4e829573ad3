import {
  closest,
  describeRef,
  isSupported,
  type KubeObject,
  type Labels,
  labelsMatch,
  type MeshAdapter,
  metaOf,
  type ObjectRef,
  refOf,
} from '@heddle/core';
import { cliError, cliInputError } from '../../errors/cli-error.js';
import { selectorOf } from '../kube-service.js';
import { alike } from './pod-groups.js';
import type { Caller, CallerContext } from './types.js';
import { findWorkload, parseWorkload, runningPods, type WorkloadName } from './workloads.js';

/** What a name may stand for, and the proxies that it means. */
interface Meaning {
  readonly ref: ObjectRef;
  readonly pods: readonly KubeObject[];
}

/**
 * The proxy that a name means: of a Service, a workload or a Pod whose proxies some Gateway object configures, else of a Gateway object
 * of that name. Throws `unknown-gateway` with what there is, `gateway-ambiguous` where the proxies are not alike.
 */
export async function gatewayCaller(text: string, context: CallerContext): Promise<Caller> {
  const { connection, adapter, env } = context;
  if (!isSupported(adapter.capabilities(env), 'view.gateway')) {
    throw cliError('unknown-gateway', `heddle does not read the gateways of ${adapter.title}.`, [
      'Ask as a pod in the mesh: --from NAMESPACE/WORKLOAD',
    ]);
  }
  const wanted = parseWorkload(text, connection.namespace);
  if (wanted === undefined) {
    throw cliInputError('caller-invalid', { path: '--gateway', expected: 'NAME or NAMESPACE/NAME', received: text }, [
      'Example: --gateway edge/gateway',
    ]);
  }
  const configured = await gatewayObjects(context);
  const meanings = await meaningsOf(wanted, configured, context);
  const isProxy = (pod: KubeObject) => configured.some(({ labels }) => labelsMatch(labels, metaOf(pod).labels));
  const meant = meanings.find(({ pods }) => pods.some(isProxy));
  if (meant === undefined) throw unknownGateway(wanted, meanings, configured, adapter, await namesakes(wanted, context));
  return callerAmong(meant, meant.pods.filter(isProxy));
}

interface GatewayObject {
  readonly object: KubeObject;
  readonly labels: Labels;
}

async function gatewayObjects({ connection, adapter }: CallerContext): Promise<readonly GatewayObject[]> {
  const kinds = adapter.kinds.filter(({ kind }) => kind === 'Gateway');
  const objects = await Promise.all(kinds.map(({ group, kind }) => connection.cluster.list({ group, kind })));
  return objects.flat().flatMap((object) => {
    const proxies = adapter.gatewayProxies?.(object);
    return proxies === undefined ? [] : [{ object, labels: proxies.labels }];
  });
}

async function meaningsOf(
  wanted: WorkloadName,
  configured: readonly GatewayObject[],
  { connection }: CallerContext,
): Promise<readonly Meaning[]> {
  const { cluster } = connection;
  const { namespace, name, kind } = wanted;
  const found: Meaning[] = [];
  const service = kind === undefined ? await cluster.get({ apiVersion: 'v1', kind: 'Service', namespace, name }) : undefined;
  if (service !== undefined) found.push({ ref: refOf(service), pods: await runningPods(cluster, namespace, selectorOf(service)) });
  const workload = await findWorkload(cluster, wanted);
  if (workload !== undefined) found.push(workload);
  const gateway = configured.find(({ object }) => metaOf(object).namespace === namespace && metaOf(object).name === name);
  if (gateway !== undefined && kind === undefined) {
    found.push({ ref: refOf(gateway.object), pods: await runningPods(cluster, undefined, gateway.labels) });
  }
  return found;
}

/** A name without a namespace is taken for one of -n, where gateways rarely are. */
async function namesakes({ namespace, name }: WorkloadName, { connection }: CallerContext): Promise<readonly string[]> {
  const services = await connection.cluster.list({ group: '', kind: 'Service' });
  return services.flatMap((one) => {
    const { namespace: home, name: own } = metaOf(one);
    return own === name && home !== namespace ? [`${home}/${own}`] : [];
  });
}

function callerAmong({ ref }: Meaning, pods: readonly KubeObject[]): Caller {
  const [first, ...others] = alike(pods);
  const [pod] = first ?? [];
  const names = [first, ...others].flatMap((group) =>
    group?.[0] === undefined ? [] : [`${metaOf(group[0]).namespace}/${metaOf(group[0]).name}`],
  );
  if (others.length > 0) {
    throw cliError('gateway-ambiguous', `${describeRef(ref)} has ${names.length} kinds of proxies, which can answer differently.`, [
      `Name one of them: ${names.map((name) => `--gateway ${name}`).join(' or ')}`,
    ]);
  }
  const { namespace = '', labels } = metaOf(pod);
  return { client: { kind: 'gateway', namespace, labels }, namespace, who: `${describeRef(ref)} (gateway pod ${names[0]})`, notes: [] };
}

function unknownGateway(
  { namespace, name }: WorkloadName,
  meanings: readonly Meaning[],
  configured: readonly GatewayObject[],
  adapter: MeshAdapter,
  elsewhere: readonly string[],
) {
  const known = configured.map(({ object }) => `${metaOf(object).namespace}/${metaOf(object).name}`);
  const guess = closest(`${namespace}/${name}`, known);
  const [meant] = meanings;
  const why =
    meant === undefined
      ? `There is no gateway ${namespace}/${name}: no Service, workload, Pod or Gateway of that name`
      : meant.ref.kind === 'Gateway'
        ? `No pod has the labels that ${describeRef(meant.ref)} selects`
        : `${describeRef(meant.ref)} is no gateway of ${adapter.title}: no Gateway object selects a pod of it`;
  return cliError('unknown-gateway', `${why}.`, [
    ...elsewhere.map((one) => `Did you mean --gateway ${one}?`),
    ...(guess === undefined || guess === `${namespace}/${name}` ? [] : [`Did you mean ${guess}?`]),
    known.length === 0
      ? `Nothing is served through gateways: there is no Gateway object of ${adapter.title}.`
      : `Gateway objects: ${known.slice(0, 12).join(', ')}${known.length > 12 ? ', …' : ''}`,
  ]);
}
