import { describeRef, type Findings } from '@heddle/core';
import type { Route } from './compile-rules.js';
import { hostsMatch, isWildcard, mostSpecific } from './hosts.js';
import { serviceNames } from './names.js';
import type { SidecarScope } from './sidecar-scope.js';
import type { Service, VirtualService, World } from './world-types.js';

/** An HTTP virtual host of a sidecar's listener. */
export interface VirtualHost {
  readonly host: string;
  readonly domains: readonly string[];
  readonly service: Service | undefined;
  /** The VirtualService that won; `undefined`: the service's implicit route. */
  readonly virtualService: VirtualService | undefined;
  readonly routes: readonly Route[];
}

export interface ListenerContext {
  readonly world: World;
  readonly scope: SidecarScope;
  readonly port: number;
  /** That of the clients. */
  readonly namespace: string;
  /** In the order in which they win, all that may concern the services and hosts in question. */
  readonly virtualServices: readonly VirtualService[];
  readonly routes: (virtualService: VirtualService) => readonly Route[];
  readonly found: Findings;
}

const speaksHttp = (service: Service, port: number): boolean =>
  service.ports.some((one) => one.number === port && (one.protocol === 'http' || one.protocol === 'auto'));

/**
 * The virtual hosts of an outbound HTTP listener, as far as the given VirtualServices and services make them (istio
 * `pilot/pkg/networking/core/httproute.go` and `route/route.go`, 1.31): VirtualServices do not merge, the first to claim a domain
 * has it; hosts outside the registry count beside a service of the port, or on port 80; services that nobody claims have their
 * implicit route.
 */
export function virtualHostsOf(context: ListenerContext, services: readonly Service[]): readonly VirtualHost[] {
  const { world, scope, port } = context;
  const onPort = world.services.filter((service) => service.ports.some((one) => one.number === port) && scope.imports(service));
  const registry = new Map(onPort.map((service) => [service.host, service]));
  const wildcardOwner = ownersOfWildcards(context.virtualServices, onPort);
  const taken = { names: new Set<string>(), domains: new Set<string>() };
  const claimed = new Set<Service>();
  const out: VirtualHost[] = [];
  for (const virtualService of context.virtualServices) {
    const { hosts, matched } = splitHosts(virtualService, registry, wildcardOwner);
    const listed = virtualService.hosts.some((host) => selects(host.toLowerCase(), registry));
    if (port !== 80 && !listed) continue;
    const routes = context.routes(virtualService);
    if (routes.length === 0) continue;
    if (virtualService.routes !== undefined && !matched.some((service) => isFor(virtualService, service, context.namespace))) continue;
    const http = matched.filter((service) => speaksHttp(service, port));
    if (http.length === 0 && port !== 80) continue;
    for (const host of hosts) claim(out, taken, { host, domains: [host], service: undefined, virtualService, routes });
    for (const service of http) {
      claimed.add(service);
      const made = claim(out, taken, { host: service.host, domains: serviceNames(service), service, virtualService, routes });
      if (!made) reportShadowed(context, virtualService, service);
    }
  }
  for (const service of services) {
    if (claimed.has(service) || !registry.has(service.host) || !speaksHttp(service, port)) continue;
    claim(out, taken, { host: service.host, domains: serviceNames(service), service, virtualService: undefined, routes: [] });
  }
  return out;
}

/** Routes of the Gateway API count for clients of their own namespace, and for everybody where they are in the Service's (istio `route.go`, 1.31). */
const isFor = (routes: VirtualService, service: Service, clients: string): boolean =>
  routes.namespace === service.namespace || routes.namespace === clients;

/** Adds a virtual host with the domains that are still free; false when none is. */
function claim(out: VirtualHost[], taken: { names: Set<string>; domains: Set<string> }, wanted: VirtualHost): boolean {
  if (taken.names.has(wanted.host)) return false;
  taken.names.add(wanted.host);
  const domains = [...new Set(wanted.domains.map((domain) => domain.toLowerCase()))].filter((domain) => !taken.domains.has(domain));
  for (const domain of domains) taken.domains.add(domain);
  if (domains.length > 0) out.push({ ...wanted, domains });
  return domains.length > 0;
}

function selects(host: string, registry: ReadonlyMap<string, Service>): boolean {
  return isWildcard(host) ? [...registry.keys()].some((name) => hostsMatch(host, name)) : registry.has(host);
}

/** A VirtualService's hosts: those that are services of the port, and the rest. */
function splitHosts(
  virtualService: VirtualService,
  registry: ReadonlyMap<string, Service>,
  owners: ReadonlyMap<Service, VirtualService>,
): { readonly hosts: readonly string[]; readonly matched: readonly Service[] } {
  const hosts: string[] = [];
  const matched: Service[] = [];
  const lower = virtualService.hosts.map((host) => host.toLowerCase());
  for (const host of lower.filter((one) => !isWildcard(one))) {
    const service = registry.get(host);
    if (service === undefined) hosts.push(host);
    else matched.push(service);
  }
  for (const host of lower.filter(isWildcard)) {
    const covered = [...registry.values()].filter((service) => hostsMatch(service.host, host));
    matched.push(...covered.filter((service) => owners.get(service) === virtualService));
    if (covered.length === 0) hosts.push(host);
  }
  return { hosts, matched };
}

/** Which VirtualService a service belongs to when only wildcards claim it: the longest wildcard's, the first in order. */
function ownersOfWildcards(virtualServices: readonly VirtualService[], services: readonly Service[]): ReadonlyMap<Service, VirtualService> {
  const index = new Map<string, VirtualService>();
  for (const virtualService of virtualServices) {
    for (const host of virtualService.hosts) if (!index.has(host)) index.set(host, virtualService);
  }
  if (![...index.keys()].some(isWildcard)) return new Map();
  return new Map(
    services.flatMap((service) => {
      const owner = mostSpecific(service.host, index);
      return owner === undefined ? [] : [[service, owner] as const];
    }),
  );
}

function reportShadowed(context: ListenerContext, loser: VirtualService, service: Service): void {
  const named = loser.routes?.map(({ ref }) => describeRef(ref)).join(' and ') ?? describeRef(loser.ref);
  context.found.problem(
    'virtual-service-shadowed',
    `${named} has no say for ${service.namespace}/${service.name}: for some clients another one for that host comes first`,
    loser.ref,
  );
}
