import { type Action, type CellProxy, type RouteTable, serviceAddresses } from '@heddle/core';
import { serviceTag } from '../owned/ownership.js';
import { ownBackend } from './backends.js';
import type { CompiledTable } from './compiled-table.js';
import { type Listener, type ListenerInput, listenerFor } from './listeners.js';
import { VIP_PORT, vipNames } from './names.js';
import type { Outbound } from './route-items.js';
import type { Subject } from './subjects.js';
import { withVersionsOf } from './version-services.js';
import { modeOf } from './world.js';
import type { MeshDestination, Service, World } from './world-types.js';

type Proxy = Pick<CellProxy, 'namespace' | 'has'>;

/** Everything that clients of one kind do with requests for the services in question. */
export function meshTables(input: ListenerInput, proxy: Proxy, subjects: readonly Subject[]): readonly CompiledTable[] {
  const tables = subjects.map((subject) => tableFor(input, proxy, subject));
  const { mesh } = input.policies;
  const rest: CompiledTable = {
    table: { port: 0, ...unknown(input) },
    role: 'rest',
    mesh,
    service: undefined,
    outbound: undefined,
    by: 'passthrough',
    trafficRoute: undefined,
    routes: [],
  };
  return [...tables, rest];
}

function tableFor(input: ListenerInput, proxy: Proxy, subject: Subject): CompiledTable {
  const { world, policies } = input;
  const { service, port, vip } = subject;
  const outbound = outboundOf(world, input, service, port, vip);
  const tag = serviceTag({ namespace: service.namespace, name: service.name, port });
  const listener = outbound === undefined ? undefined : listenerFor(input, proxy, outbound, tag);
  const hostnames = !vip && outbound?.as === 'resource' ? outbound.destination.hostnames : [];
  const place = vip
    ? { port: VIP_PORT, addresses: vipNames(service, port) }
    : { port, addresses: [...new Set([...serviceAddresses(service), ...hostnames])] };
  const base = { role: 'service' as const, mesh: policies.mesh, service: { service, port }, outbound };
  if (listener === undefined || outbound === undefined) {
    return { ...base, table: { ...place, ...unknown(input) }, by: 'passthrough', trafficRoute: undefined, routes: [] };
  }
  const { by, trafficRoute, routes } = listener;
  const marked = { ...listener, rules: withVersionsOf(listener.rules, service, world.services) };
  return {
    ...base,
    table: { ...place, ...tableOf(marked, { to: [ownBackend(policies.clusters, outbound)] }) },
    by,
    trafficRoute,
    routes,
  };
}

type Content = Pick<RouteTable, 'domains' | 'protocol' | 'rules' | 'otherwise' | 'otherwiseLabel' | 'pathNormalisation'>;

/** What the mesh does not know goes where the client resolved it, unless the Mesh forbids that. */
function unknown({ world, policies }: ListenerInput): Content {
  const base = { domains: ['*'], protocol: 'tcp' as const, rules: [] };
  if (world.meshes.get(policies.mesh)?.passthrough === false) return { ...base, otherwise: 'closed', otherwiseLabel: 'blocked' };
  return { ...base, otherwise: 'passthrough', otherwiseLabel: 'passthrough' };
}

/** A listener that accepts connections and closes them looks at nothing, so its protocol says nothing. */
function tableOf({ protocol, rules, implicit, normalised }: Listener, own: Action): Content {
  const domains = ['*'];
  if (protocol === 'closed')
    return { domains, protocol: 'http', rules: [], otherwise: 'closed', otherwiseLabel: 'listener without filters' };
  if (protocol === 'tcp') return { domains, protocol, rules, otherwise: implicit ? own : 'closed', otherwiseLabel: 'tcp' };
  return {
    domains,
    protocol,
    rules,
    otherwise: implicit ? own : { status: 404 },
    otherwiseLabel: implicit ? 'implicit' : 'none',
    ...(normalised ? { pathNormalisation: 'base' as const } : {}),
  };
}

/**
 * What a service is to the clients of a mesh; `undefined` when the mesh does not know it, so that requests go where the client
 * resolved the name (kuma `pkg/xds/context/mesh_context_builder.go`, 2.14). Resources have the Service's own addresses where they are
 * always on; the mesh's own names always mean tags.
 */
function outboundOf(
  world: World,
  { policies }: Pick<ListenerInput, 'policies'>,
  service: Service,
  port: number,
  vip: boolean,
): Outbound | undefined {
  const mode = modeOf(world, policies.mesh);
  if (service.shape === 'externalName' || service.ports.find(({ number }) => number === port)?.transport !== 'TCP') return undefined;
  if ((mode === 'Everywhere' || mode === 'Exclusive') && !vip) {
    const destination = world.destinations.find((one) => isMeshService(one, service, policies.mesh));
    const own = destination?.ports.find(({ number }) => number === port);
    if (destination !== undefined && own !== undefined) return { as: 'resource', destination, port: own };
  }
  if (mode === 'Exclusive') return undefined;
  const tag = serviceTag({ namespace: service.namespace, name: service.name, port });
  return policies.clusters.serves(tag) || isEmpty(world, service, policies.mesh) ? { as: 'tag', tag } : undefined;
}

const isMeshService = (one: MeshDestination, service: Service, mesh: string): boolean =>
  one.kind === 'MeshService' && one.service === service && one.mesh === mesh;

/** Nothing is behind it at all. A Service whose Pods have no proxy, or belong to another mesh, is not this mesh's. */
function isEmpty(world: World, service: Service, mesh: string): boolean {
  if (service.mesh !== mesh || service.shape === 'selectorless') return false;
  const selected = (labels: Readonly<Record<string, string>>) =>
    Object.entries(service.selector).every(([key, value]) => labels[key] === value);
  return !world.pods.some((pod) => pod.ref.namespace === service.namespace && selected(pod.labels));
}
