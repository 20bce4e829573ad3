import {
  groupOf,
  type KubeObject,
  type MeshAdapter,
  type MeshEnvironment,
  metaOf,
  observeTarget,
  parseRequest,
  type Rendered,
  type RenderLoss,
  type RouteTable,
  refKey,
  refOf,
  requestHosts,
  select,
  type Target,
  viewHolds,
  withPodLabels,
} from '@heddle/core';
import { type Asked, ask, differences } from '../../../adapter-istio/test/support/alike.js';
import { routingOf, tablesFor } from '../../../core/src/convert/routing-of.js';
import { type Golden, withoutRefused } from '../../src/goldens/index.js';

/** What became of one recorded request when its mesh's objects were written anew for another. */
export interface Carried {
  readonly what: string;
  /** `equal`; `lost`: something else, as a loss says; `unexplained`; `none`: no table of a Service decides it. */
  readonly result: 'equal' | 'lost' | 'unexplained' | 'none';
  /** Codes of the losses of the rule that decided. */
  readonly losses: readonly string[];
  readonly differences: readonly string[];
}

export interface CarriedCase {
  readonly golden: Golden;
  readonly rendered: Rendered;
  readonly requests: readonly Carried[];
}

/** Decodes a recorded case, renders its routing for a mesh, decodes that again, and asks both. */
export function carry(whole: Golden, from: MeshAdapter, to: MeshAdapter, env: MeshEnvironment): CarriedCase {
  const golden = withoutRefused(whole, from, env);
  const services = golden.objects.filter(isKind('Service'));
  const target: Target = {
    services: services.flatMap((service) =>
      portsOf(service).map((port) => ({ namespace: namespaceOf(service), name: metaOf(service).name, port })),
    ),
    hosts: [...new Set(golden.requests.flatMap((request) => requestHosts(parseRequest(request))))],
  };
  const before = decoded(golden.objects, from, target, env);
  const plain = golden.objects.filter(({ apiVersion }) => groupOf(String(apiVersion)) === '');
  const { routing } = routingOf(before, plain);
  const rendered = to.render?.(routing, env) ?? { objects: [], losses: [], notes: [] };
  const written = new Map([...(to.adopt?.(plain, env) ?? plain), ...rendered.objects].map((object) => [refKey(refOf(object)), object]));
  const after = decoded([...written.values()], to, target, env);
  const client = withPodLabels(golden.client, golden.objects.filter(isKind('Pod')));
  const claimed = new Map(services.flatMap((service) => tablesFor(service, before).map((table) => [table, metaOf(service)] as const)));
  const requests = golden.requests.map((raw, index): Carried => {
    const request = parseRequest(raw);
    const what = `${golden.id} request ${index} ${raw.method} ${raw.url}`;
    const table = select(before, client, request);
    const service = table === undefined ? undefined : claimed.get(table);
    if (client.kind !== 'sidecar' || table === undefined || service === undefined)
      return { what, result: 'none', losses: [], differences: [] };
    const old = ask(table, request);
    const now = select(after, client, request);
    const losses = rendered.losses
      .filter((loss) => loss.service.name === service.name && loss.service.namespace === service.namespace)
      .filter((loss) => concerns(loss, old, table, (one) => viewHolds(one.view, client)))
      .map(({ code }) => code);
    const different = now === undefined ? ['nothing decides it'] : differences(old, ask(now, request));
    return { what, result: different.length === 0 ? 'equal' : losses.length > 0 ? 'lost' : 'unexplained', losses, differences: different };
  });
  return { golden, rendered, requests };
}

const isKind =
  (kind: string) =>
  (object: KubeObject): boolean =>
    object.kind === kind && object.apiVersion === 'v1';

const namespaceOf = (object: KubeObject): string => metaOf(object).namespace ?? '';

function portsOf(service: KubeObject): readonly number[] {
  const { ports } = service.spec as { readonly ports?: readonly { readonly port: number; readonly protocol?: string }[] };
  return (ports ?? []).filter(({ protocol = 'TCP' }) => protocol === 'TCP').map(({ port }) => port);
}

/** As files are read: nothing in them has a uid. */
function decoded(objects: readonly KubeObject[], adapter: MeshAdapter, target: Target, env: MeshEnvironment): readonly RouteTable[] {
  return adapter.decode(target, observeTarget({ adapter, env }, target, objects), env).tables;
}

const concerns = (loss: RenderLoss, { rule }: Asked, { port }: RouteTable, holds: (table: RouteTable) => boolean): boolean =>
  loss.rule === rule && (loss.table === undefined || (loss.table.port === port && holds(loss.table)));
