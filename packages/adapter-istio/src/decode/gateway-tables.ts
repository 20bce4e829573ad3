import type { Rule } from '@heddle/core';
import { clustersFor } from './clusters.js';
import { type Route, type RulesContext, routesOf, rulesFrom } from './compile-rules.js';
import type { CompiledTable } from './compiled-table.js';
import { connectionTables, reportTlsRoutes } from './gateway-connections.js';
import { type GatewayListener, gatewayListeners } from './gateway-listeners.js';
import { hostsMatch, intersectHosts, isWildcard } from './hosts.js';
import { type MeshInput, onlyPort } from './mesh-tables.js';
import type { ClientProxy } from './proxy.js';
import { reachOfGateway } from './reach.js';
import { sendsTo } from './subjects.js';
import { inTiers } from './visible.js';
import type { Gateway, Pod, VirtualService } from './world-types.js';

interface GatewayHost {
  readonly virtualServices: VirtualService[];
  readonly gateways: string[];
  routes: readonly Route[];
  httpsRedirect: boolean;
}

/** A gateway proxy's tables that send requests to a service in question, or serve a host in question, and the rest of the port. */
export function gatewayTables(input: MeshInput, proxy: ClientProxy, pod: Pod, gateways: readonly Gateway[]): readonly CompiledTable[] {
  return gatewayListeners(input.world, gateways, pod, input.found).flatMap((listener) => {
    if (listener.kind === 'tcp') return connectionTables(input, proxy, listener);
    if (listener.kind !== 'tls') return listenerTables(input, proxy, listener);
    reportTlsRoutes(input, proxy, listener);
    return [];
  });
}

/**
 * The virtual hosts of one route configuration (istio `pilot/pkg/networking/core/gateway.go`, 1.31): for each server, the hosts
 * that it and a VirtualService bound to its Gateway have in common; rules of several VirtualServices for one host follow each
 * other in tiers and by age, with catch-alls moved to the end. A VirtualService's routes are built for the first server of the
 * Gateway that it fits and serve its other servers too.
 */
function listenerTables(input: MeshInput, proxy: ClientProxy, listener: GatewayListener): readonly CompiledTable[] {
  const { world, index, env, found } = input;
  const reach = reachOfGateway(proxy);
  const clusters = clustersFor(world, index, proxy, reach, found);
  const hosts = new Map<string, GatewayHost>();
  const built = new Map<string, readonly Route[]>();
  for (const { gateway, server } of listener.servers) {
    const name = `${gateway.namespace}/${gateway.name}`;
    const context: RulesContext = {
      proxy,
      port: server.number,
      gateway: name,
      clusters,
      tls: listener.kind === 'https',
      env,
      found,
      defaultPort: ({ host }) => onlyPort(world.serviceByHost.get(host), reach) ?? server.number,
    };
    const httpsRedirect = server.tls?.httpsRedirect === true;
    for (const virtualService of inTiers(world.virtualServices, proxy.namespace, name)) {
      const common = intersectHosts(hostsFor(server.hosts, virtualService.namespace), virtualService.hosts);
      if (common.length === 0) continue;
      const key = `${name} ${virtualService.namespace}/${virtualService.name}`;
      const routes = built.get(key) ?? routesOf(virtualService, context);
      if (routes.length === 0) continue;
      built.set(key, routes);
      for (const host of common) add(hosts, host.toLowerCase(), name, virtualService, routes, httpsRedirect);
    }
    if (httpsRedirect) for (const host of server.hosts) redirectAll(hosts, host.toLowerCase(), name);
  }
  return tablesOf(input, listener, hosts);
}

const hostsFor = (hosts: readonly string[], namespace: string): readonly string[] =>
  hosts.flatMap((host) => {
    const slash = host.indexOf('/');
    if (slash < 0) return [host];
    const owner = host.slice(0, slash);
    return owner === namespace || owner === '*' ? [host.slice(slash + 1)] : [];
  });

function add(
  hosts: Map<string, GatewayHost>,
  host: string,
  gateway: string,
  virtualService: VirtualService,
  routes: readonly Route[],
  httpsRedirect: boolean,
): void {
  const known = hosts.get(host) ?? { virtualServices: [], gateways: [], routes: [], httpsRedirect: false };
  hosts.set(host, known);
  known.routes = [...known.routes, ...routes];
  known.httpsRedirect ||= httpsRedirect;
  if (!known.virtualServices.includes(virtualService)) known.virtualServices.push(virtualService);
  if (!known.gateways.includes(gateway)) known.gateways.push(gateway);
}

function redirectAll(hosts: Map<string, GatewayHost>, host: string, gateway: string): void {
  const known = hosts.get(host);
  if (known === undefined) hosts.set(host, { virtualServices: [], gateways: [gateway], routes: [], httpsRedirect: true });
  else known.httpsRedirect = true;
}

function tablesOf(input: MeshInput, listener: GatewayListener, hosts: ReadonlyMap<string, GatewayHost>): readonly CompiledTable[] {
  const groups = new Map<string, { readonly domains: string[]; readonly host: GatewayHost }>();
  for (const [domain, host] of hosts) {
    if (!isWanted(input, domain, host)) continue;
    const key = JSON.stringify([
      host.httpsRedirect,
      host.gateways,
      host.virtualServices.map((one) => `${one.namespace}/${one.name}`),
      host.routes.length,
    ]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { domains: [domain], host });
    else group.domains.push(domain);
  }
  const normalisation = input.normalisation === undefined ? {} : { pathNormalisation: input.normalisation };
  const tables = [...groups.values()].map(
    ({ domains, host }): Omit<CompiledTable, 'table'> & { domains: readonly string[]; rules: readonly Rule[] } => ({
      domains,
      rules: [
        ...(host.httpsRedirect && listener.kind === 'http' ? [toHttps(host)] : []),
        ...rulesFrom([...host.routes.filter(({ last }) => !last), ...host.routes.filter(({ last }) => last)]),
      ],
      role: 'gateway',
      host: domains[0] ?? '*',
      virtualServices: host.virtualServices,
      gateways: host.gateways,
    }),
  );
  if (tables.length === 0 && input.subjects.written.length === 0) return [];
  if (!hosts.has('*')) {
    const gateways = listener.servers.map(({ gateway }) => `${gateway.namespace}/${gateway.name}`);
    tables.push({ domains: ['*'], rules: [], role: 'rest', host: '*', virtualServices: [], gateways: [...new Set(gateways)] });
  }
  return listener.dialled.flatMap((port) =>
    tables.map(({ domains, rules, ...other }) => ({
      ...other,
      table: { domains, port, protocol: 'http', rules, otherwise: { status: 404 }, otherwiseLabel: 'none', ...normalisation },
    })),
  );
}

function isWanted({ subjects }: MeshInput, domain: string, host: GatewayHost): boolean {
  if (host.virtualServices.some((one) => one.http.some((rule) => sendsTo(rule, subjects.targets)))) return true;
  return subjects.written.some((name) => name === domain || (isWildcard(domain) && hostsMatch(domain, name)));
}

/** A server with `tls.httpsRedirect` answers every plain request of its hosts with a redirect. */
const toHttps = (host: GatewayHost): Rule => ({
  match: [{ scheme: { exact: 'http' } }],
  action: { redirect: { code: 301, scheme: 'https' } },
  owner: 'foreign',
  origins: [],
  label: `httpsRedirect of Gateway ${host.gateways.join(', ')}`,
});
