import {
  type Action,
  type Findings,
  type MeshEnvironment,
  type PathNormalisation,
  type RouteTable,
  type Rule,
  serviceAddresses,
} from '@heddle/core';
import { clustersFor, type Reach } from './clusters.js';
import { type RulesContext, routesOf, rulesFrom } from './compile-rules.js';
import type { CompiledTable } from './compiled-table.js';
import type { DestinationRuleIndex } from './destination-rules.js';
import { hostsMatch } from './hosts.js';
import type { ClientProxy } from './proxy.js';
import { reachOf } from './reach.js';
import { type SidecarScope, sidecarScope } from './sidecar-scope.js';
import type { Subjects } from './subjects.js';
import { appliesToConnection, tcpRule } from './tcp-rules.js';
import { type VirtualHost, virtualHostsOf } from './virtual-hosts.js';
import type { Service, VirtualService, World } from './world-types.js';

export interface MeshInput {
  readonly world: World;
  readonly index: DestinationRuleIndex;
  readonly env: MeshEnvironment;
  readonly subjects: Subjects;
  readonly found: Findings;
  readonly normalisation: PathNormalisation | undefined;
}

/** Everything that sidecars of one kind do with requests for the services and hosts in question. */
export function meshTables(input: MeshInput, proxy: ClientProxy): readonly CompiledTable[] {
  const { world, subjects, found } = input;
  const scope = sidecarScope(world, proxy);
  if (scope.unsupported !== undefined && scope.sidecar !== undefined) {
    const { namespace, name, ref } = scope.sidecar;
    found.gap('Sidecar', `Sidecar ${namespace}/${name}: ${scope.unsupported} not read`, ref);
  }
  const virtualServices = scope.virtualServices(subjects.relevant);
  const ports = new Set([...subjects.services.values(), ...subjects.hosts.values()].flatMap((set) => [...set]));
  const tables = [...ports].sort((a, b) => a - b).flatMap((port) => portTables(input, proxy, scope, virtualServices, port));
  const otherwise: Action = scope.outbound === 'ALLOW_ANY' ? 'passthrough' : 'closed';
  const label = scope.outbound === 'ALLOW_ANY' ? 'tcp' : 'blocked';
  return [...tables, { ...rest(0, 'tcp', otherwise, label) }];
}

function portTables(
  input: MeshInput,
  proxy: ClientProxy,
  scope: SidecarScope,
  virtualServices: readonly VirtualService[],
  port: number,
): readonly CompiledTable[] {
  const { world, index, env, subjects, found } = input;
  const services = [...subjects.services]
    .filter(([service, ports]) => ports.has(port) && scope.imports(service))
    .map(([service]) => service);
  const reach = reachOf(world, scope, proxy, () => scope.virtualServices(world.virtualServices));
  const clusters = clustersFor(world, index, proxy, reach, found);
  const context: RulesContext = { proxy, port, gateway: 'mesh', clusters, tls: false, env, found, defaultPort: () => port };
  const made = virtualHostsOf(
    {
      world,
      scope,
      port,
      namespace: proxy.namespace,
      virtualServices,
      routes: (virtualService) => routesOf(virtualService, context),
      found,
    },
    services,
  );
  const wanted = askedFirst(
    made.filter((one) => isWanted(one, subjects)),
    subjects,
  );
  const implicit = (service: Service): Action => ({ to: [clusters.destination({ host: service.host, subset: '', port }, 1)] });
  const table = (one: VirtualHost): CompiledTable => httpTable(input, one, port, rulesFrom(one.routes), implicit);
  const out: CompiledTable[] = [];
  const listensForAll = world.services.some(
    (service) => service.ports.some((one) => one.number === port && one.protocol === 'http') && scope.imports(service),
  );
  if (listensForAll) {
    out.push(...wanted.map(table));
    const normalisation = input.normalisation === undefined ? {} : { pathNormalisation: input.normalisation };
    const [action, label]: [Action, string] =
      scope.outbound === 'ALLOW_ANY' ? ['passthrough', 'passthrough'] : [{ status: 502 }, 'blocked'];
    const all = rest(port, 'http', action, label);
    out.push({ ...all, table: { ...all.table, ...normalisation } });
  }
  for (const service of services) {
    const protocol = service.ports.find((one) => one.number === port)?.protocol;
    if (protocol === 'auto') out.push(ownListener(service, wanted, table, port, input));
    if (protocol === 'tcp' || protocol === 'tls') out.push(tcpTable(input, service, virtualServices, reach, context, implicit(service)));
    if (protocol === 'tls')
      found.gap('tls', `${service.namespace}/${service.name}:${port}: routes by TLS server name are not read`, service.ref);
  }
  return out;
}

const askedFirst = (all: readonly VirtualHost[], { targets }: Subjects): readonly VirtualHost[] => [
  ...all.filter(({ host }) => targets.has(host)),
  ...all.filter(({ host }) => !targets.has(host)),
];

/** Virtual hosts of the services and hosts in question, and those that took one of their names away. */
function isWanted(one: VirtualHost, subjects: Subjects): boolean {
  if (one.service !== undefined && subjects.services.has(one.service)) return true;
  if (one.service !== undefined) return false;
  const names = [...subjects.services.keys()].flatMap((service) => serviceAddresses(service));
  const [domain = ''] = one.domains;
  const suffix = domain.startsWith('*') ? domain.slice(1) : undefined;
  return [...names, ...subjects.hosts.keys()].some((name) => name === domain || (suffix !== undefined && name.endsWith(suffix)));
}

function httpTable(
  input: MeshInput,
  one: VirtualHost,
  port: number,
  rules: readonly Rule[],
  implicit: (service: Service) => Action,
): CompiledTable {
  const { service, virtualService } = one;
  const rulesOnly = virtualService !== undefined && virtualService.legacy === undefined;
  const otherwise: Action = !rulesOnly && service !== undefined ? implicit(service) : { status: 404 };
  const table: Omit<RouteTable, 'view'> = {
    domains: one.domains,
    port,
    protocol: 'http',
    rules,
    otherwise,
    otherwiseLabel: rulesOnly ? 'none' : 'implicit',
    ...(service === undefined ? {} : { localDomains: [{ namespace: service.namespace, domain: service.name }] }),
    ...(input.normalisation === undefined ? {} : { pathNormalisation: input.normalisation }),
  };
  return { table, role: 'host', host: one.host, virtualServices: virtualService === undefined ? [] : [virtualService], gateways: [] };
}

/** A port of unknown protocol has a listener at the service's own address, where every Host header leads to the service. */
function ownListener(
  service: Service,
  made: readonly VirtualHost[],
  table: (one: VirtualHost) => CompiledTable,
  port: number,
  input: MeshInput,
): CompiledTable {
  const one = made.find(({ domains }) => domains.includes(service.host)) ?? {
    host: service.host,
    domains: ['*'],
    service: undefined,
    virtualService: undefined,
    routes: [],
  };
  const compiled = table(one);
  const { localDomains: _, ...kept } = compiled.table;
  input.found.problem(
    'port-protocol-unknown',
    `${service.namespace}/${service.name}:${port}: neither the port's name nor appProtocol says what it speaks, so only requests that look like HTTP are routed as HTTP`,
    service.ref,
  );
  return { ...compiled, host: service.host, table: { ...kept, domains: ['*'], addresses: serviceAddresses(service) } };
}

function tcpTable(
  input: MeshInput,
  service: Service,
  virtualServices: readonly VirtualService[],
  reach: Reach,
  context: RulesContext,
  implicit: Action,
): CompiledTable {
  const { port } = context;
  const found = tcpRule(
    virtualServices.filter((one) => one.hosts.some((host) => hostsMatch(host, service.host))),
    input.world.domain,
    (match) => appliesToConnection(match, context),
    { ...context, defaultPort: ({ host }) => onlyPort(input.world.serviceByHost.get(host), reach) ?? port },
  );
  return {
    table: {
      domains: ['*'],
      port,
      protocol: 'tcp',
      rules: found === undefined ? [] : [found.rule],
      otherwise: implicit,
      otherwiseLabel: 'tcp',
      addresses: serviceAddresses(service),
    },
    role: 'host',
    host: service.host,
    virtualServices: found === undefined ? [] : [found.virtualService],
    gateways: [],
  };
}

/** The single port of a service, where a proxy knows just one of it. */
export function onlyPort(service: Service | undefined, reach: Reach): number | undefined {
  if (service === undefined) return undefined;
  const reached = reach(service);
  const ports = reached === 'all' ? service.ports : service.ports.filter(({ number }) => reached.has(number));
  return ports.length === 1 ? ports[0]?.number : undefined;
}

function rest(port: number, protocol: 'http' | 'tcp', otherwise: Action, otherwiseLabel: string): CompiledTable {
  return {
    table: { domains: ['*'], port, protocol, rules: [], otherwise, otherwiseLabel },
    role: 'rest',
    host: '*',
    virtualServices: [],
    gateways: [],
  };
}
