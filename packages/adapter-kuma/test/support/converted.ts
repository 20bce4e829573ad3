import { type Golden, withoutRefused } from '@heddle/conformance';
import {
  type Answer,
  answer,
  type Decoded,
  type KubeObject,
  type MeshAdapter,
  type MeshEnvironment,
  metaOf,
  observeTarget,
  parseRequest,
  type Rendered,
  type RenderLoss,
  type RoutedService,
  refKey,
  refOf,
  requestHosts,
  routingOf,
  select,
  type Target,
  withPodLabels,
} from '@heddle/core';
import { adapter as kuma } from '../../src/index.js';

/** What one request of a case came to. */
export type Verdict =
  | { readonly result: 'equal' | 'unrouted' }
  | { readonly result: 'lost'; readonly codes: readonly string[] }
  | { readonly result: 'different'; readonly before: unknown; readonly after: unknown };

const KUBERNETES = ['Service', 'Pod', 'Namespace', 'Mesh'];
const ENVOY = { envoy: '1.38.2' };

export function decodeAll(adapter: MeshAdapter, objects: readonly KubeObject[], target: Target, env: MeshEnvironment): Decoded {
  return adapter.decode(target, observeTarget({ adapter, env }, target, objects), env);
}

/** The objects of a cluster after those that were rendered have been applied. */
export function applied(objects: readonly KubeObject[], rendered: Rendered, env: MeshEnvironment): readonly KubeObject[] {
  const made = new Set(rendered.objects.map((object) => refKey(refOf(object))));
  const kept = (kuma.adopt?.(objects, env) ?? objects).filter((object) => !made.has(refKey(refOf(object))));
  return [...kept, ...rendered.objects];
}

export interface Converted {
  readonly rendered: Rendered;
  readonly verdicts: readonly Verdict[];
}

/** A case's routing in Kuma's objects, and what becomes of its requests by those; `undefined` where the case cannot be read whole. */
export function convertGolden(whole: Golden, source: MeshAdapter, from: MeshEnvironment, env: MeshEnvironment): Converted | undefined {
  const golden = withoutRefused(whole, source, from);
  const objects = golden.objects.filter(({ kind }) => KUBERNETES.includes(String(kind)));
  const requests = golden.requests.map((request) => parseRequest(request));
  const services = objects.filter(({ kind }) => kind === 'Service').flatMap(portsIn);
  const target: Target = { services, hosts: [...new Set(requests.flatMap(requestHosts))] };
  const before = decodeAll(source, golden.objects, target, from);
  if (before.gaps.length > 0) return undefined;
  const { routing, rest } = routingOf(before.tables, objects);
  const rendered = (kuma.render as NonNullable<MeshAdapter['render']>)(routing, env);
  const after = decodeAll(kuma, applied(objects, rendered, env), target, env);
  const pods = golden.objects.filter(({ kind }) => kind === 'Pod');
  const client = withPodLabels(golden.client, pods);
  const verdicts = requests.map((request): Verdict => {
    const table = select(before.tables, client, request);
    if (table === undefined || rest.includes(table)) return { result: 'unrouted' };
    const was = answer(before.tables, client, request, ENVOY);
    const is = answer(after.tables, client, request, ENVOY);
    const [x, y] = [plain(was), plain(is)];
    if (JSON.stringify(x) === JSON.stringify(y)) return { result: 'equal' };
    const place = JSON.stringify([table.port, table.domains, table.addresses]);
    const own = routing.services.filter(({ tables }) =>
      tables.some(({ port, domains, addresses }) => JSON.stringify([port, domains, addresses]) === place),
    );
    const codes = rendered.losses
      .filter((loss) => concerns(loss, was, own) && (loss.code !== 'path-normalisation' || isOdd(request.path)))
      .map(({ code }) => code);
    return codes.length > 0 ? { result: 'lost', codes } : { result: 'different', before: x, after: y };
  });
  return { rendered, verdicts };
}

/** Paths that a proxy may write otherwise. */
const isOdd = (path: string): boolean => !/^[\w/?=&.+,:~-]*$/.test(path) || /\/\.|\/\//.test(path);

function concerns(loss: RenderLoss, was: Answer, own: readonly RoutedService[]): boolean {
  if (!own.some(({ namespace, name }) => loss.service.namespace === namespace && loss.service.name === name)) return false;
  if (loss.table === undefined) return true;
  return loss.rule === undefined ? was.decidedBy === undefined : JSON.stringify(loss.rule.origins) === JSON.stringify(was.decidedBy);
}

const portsIn = (object: KubeObject) => {
  const { namespace = '', name } = metaOf(object);
  const ports = (object.spec as { ports?: readonly { port: number }[] } | undefined)?.ports ?? [];
  return ports.map(({ port }) => ({ namespace, name, port }));
};

/** What callers and backends can tell: Pods and their shares, statuses, copies, faults, and what is seen. */
export function plain({ status, outcomes, mirrors = [], faults, redirect, body, seen, protocol }: Answer): Record<string, unknown> {
  const shares = new Map<string, number>();
  for (const { pods = [], probability, status: own, host } of outcomes) {
    const to = pods
      .map(({ namespace, name }) => `${namespace}/${name}`)
      .sort()
      .join('+');
    const key = to === '' ? `${host === 'PassthroughCluster' ? host : ''} ${own ?? ''}` : to;
    shares.set(key, (shares.get(key) ?? 0) + probability);
  }
  const copies = mirrors
    .filter(({ pods }) => pods.length > 0)
    .map(({ pods, percent }) => `${percent} ${pods.map(({ name }) => name).join('+')}`);
  const isNobody = status === 503 && [...shares.keys()].every((key) => key === ' 503');
  return {
    status,
    outcomes: isNobody ? [] : [...shares].map(([key, share]) => `${key} ${Math.round(share * 1e6)}`).sort(),
    mirrors: copies.sort(),
    faults,
    redirect,
    body,
    seen,
    protocol,
  };
}
