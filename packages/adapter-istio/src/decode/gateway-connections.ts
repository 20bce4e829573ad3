import { destinationsOf } from './client-conditions.js';
import { clustersFor } from './clusters.js';
import type { ActionContext } from './compile-action.js';
import type { MatchContext } from './compile-match.js';
import type { CompiledTable } from './compiled-table.js';
import type { GatewayListener } from './gateway-listeners.js';
import { hostsMatch } from './hosts.js';
import { type MeshInput, onlyPort } from './mesh-tables.js';
import type { ClientProxy } from './proxy.js';
import { reachOfGateway } from './reach.js';
import { appliesAtGateway, tcpRule } from './tcp-rules.js';
import { inTiers } from './visible.js';
import type { Gateway, GatewayServer, VirtualService } from './world-types.js';

/** A gateway's listener for connections of any kind; without a TCP route that applies there is none (istio `gateway.go`, 1.31). */
export function connectionTables(input: MeshInput, proxy: ClientProxy, listener: GatewayListener): readonly CompiledTable[] {
  const { world, index, found } = input;
  const [first] = listener.servers;
  if (first === undefined) return [];
  const { gateway, server } = first;
  const reach = reachOfGateway(proxy);
  const context: MatchContext & ActionContext = {
    proxy,
    port: server.number,
    gateway: `${gateway.namespace}/${gateway.name}`,
    clusters: clustersFor(world, index, proxy, reach, found),
    tls: false,
    defaultPort: ({ host }) => onlyPort(world.serviceByHost.get(host), reach) ?? server.number,
  };
  const decided = tcpRule(boundTo(input, proxy, gateway, server), world.domain, (match) => appliesAtGateway(match, context), context);
  if (decided === undefined) return [];
  const { targets } = input.subjects;
  const sends = destinationsOf({ ...decided.virtualService, http: [], tls: [] }, world.domain).some((host) => targets.has(host));
  if (!sends && input.subjects.written.length === 0) return [];
  return listener.dialled.map((port) => ({
    table: { domains: ['*'], port, protocol: 'tcp', rules: [decided.rule], otherwise: 'closed', otherwiseLabel: 'none' },
    role: 'gateway',
    host: '*',
    virtualServices: [decided.virtualService],
    gateways: [context.gateway],
  }));
}

/** VirtualServices of a Gateway with a host in common with its server, in the order in which they win. */
function boundTo({ world }: MeshInput, proxy: ClientProxy, gateway: Gateway, server: GatewayServer): readonly VirtualService[] {
  return inTiers(world.virtualServices, proxy.namespace, `${gateway.namespace}/${gateway.name}`).filter((one) =>
    server.hosts.some((written) => {
      const slash = written.indexOf('/');
      if (slash >= 0 && written.slice(0, slash) !== one.namespace) return false;
      return one.hosts.some((host) => hostsMatch(written.slice(slash + 1), host));
    }),
  );
}

/** Routes by TLS server name are not read: a gap where they send to a service in question, or have a host in question. */
export function reportTlsRoutes(input: MeshInput, proxy: ClientProxy, listener: GatewayListener): void {
  const { subjects, world, found } = input;
  for (const { gateway, server } of listener.servers) {
    for (const one of boundTo(input, proxy, gateway, server)) {
      if (one.tls.length === 0) continue;
      const asked = subjects.written.some((name) => one.hosts.some((host) => hostsMatch(host, name)));
      if (!asked && !destinationsOf({ ...one, http: [], tcp: [] }, world.domain).some((host) => subjects.targets.has(host))) continue;
      found.gap('tls', `VirtualService ${one.namespace}/${one.name}: its routes by TLS server name are not read`, one.ref);
    }
  }
}
