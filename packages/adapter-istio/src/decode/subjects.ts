import { type ServiceRef, servicesNamed, splitHostPort, type Target } from '@heddle/core';
import { hostsMatch, isWildcard } from './hosts.js';
import { serviceNames } from './names.js';
import { connectionsOf } from './parse-http-rule.js';
import type { HttpRule, Service, VirtualService, World } from './world-types.js';

/** What a target is about, on the mesh: services and other hosts, and the ports on which they are asked for. */
export interface Subjects {
  readonly services: ReadonlyMap<Service, ReadonlySet<number>>;
  /** Names that are no service's, with their ports. */
  readonly hosts: ReadonlyMap<string, ReadonlySet<number>>;
  /** The services that were asked for themselves, on the ports asked for. */
  readonly asked: readonly ServiceRef[];
  /** VirtualServices that may have a say in any of these, oldest first. */
  readonly relevant: readonly VirtualService[];
  /** Hosts as a gateway's client writes them. */
  readonly written: readonly string[];
  /** FQDNs of the services that were asked for, by themselves or by a host. */
  readonly targets: ReadonlySet<string>;
}

export function subjectsOf(world: World, target: Target): Subjects {
  const services = new Map<Service, Set<number>>();
  const hosts = new Map<string, Set<number>>();
  const addService = (service: Service, ports: readonly number[]) =>
    services.set(service, new Set([...(services.get(service) ?? []), ...ports]));
  const addHost = (host: string, port: number) => hosts.set(host, new Set([...(hosts.get(host) ?? []), port]));
  for (const asked of target.services) {
    const service = world.services.find(({ namespace, name }) => namespace === asked.namespace && name === asked.name);
    if (service !== undefined) addService(service, [asked.port]);
  }
  const written = (target.hosts ?? []).map(splitHostPort);
  for (const { host, port } of written) {
    const meant = servicesNamed(world.services, host);
    for (const service of meant) addService(service, port === undefined ? service.ports.map((one) => one.number) : [port]);
    if (meant.length === 0) addHost(host, port ?? 80);
  }
  const targets = new Set([...services.keys()].map(({ host }) => host));
  followDestinations(world, target.services, services, addService, addHost);
  const names = new Set([...hosts.keys(), ...[...services.keys()].flatMap(serviceNames)]);
  return {
    services,
    hosts,
    asked: target.services,
    relevant: world.virtualServices.filter((one) => one.hosts.some((host) => concerns(host.toLowerCase(), names))),
    written: written.map(({ host }) => host),
    targets,
  };
}

const concerns = (host: string, names: ReadonlySet<string>): boolean =>
  isWildcard(host) ? [...names].some((name) => hostsMatch(host, name)) : names.has(host);

/** Where proxies know the hosts of VirtualServices that are no Service's of the port (istio `route/route.go`, 1.31). */
const STRAY_PORT = 80;

/** Other hosts whose VirtualServices send requests or connections to a service that was asked for: their tables can change it too. */
function followDestinations(
  world: World,
  asked: readonly ServiceRef[],
  known: ReadonlyMap<Service, ReadonlySet<number>>,
  addService: (service: Service, ports: readonly number[]) => void,
  addHost: (host: string, port: number) => void,
): void {
  const wanted = new Set(
    asked
      .flatMap(({ namespace, name }) => [...known.keys()].filter((one) => one.namespace === namespace && one.name === name))
      .map(({ host }) => host),
  );
  if (wanted.size === 0) return;
  for (const virtualService of world.virtualServices) {
    if (!virtualService.gateways.includes('mesh') || !sendsAny(virtualService, wanted, world.domain)) continue;
    for (const host of virtualService.hosts) {
      const lower = host.toLowerCase();
      const matched = isWildcard(lower)
        ? world.services.filter((service) => hostsMatch(lower, service.host))
        : [world.serviceByHost.get(lower)].filter((service) => service !== undefined);
      for (const service of matched) {
        if (!wanted.has(service.host)) addService(service, [...service.ports.map((port) => port.number), STRAY_PORT]);
      }
      if (matched.length === 0) addHost(lower, STRAY_PORT);
    }
  }
}

/** Requests, or the connections of a port that carries no HTTP. */
const sendsAny = (one: VirtualService, hosts: ReadonlySet<string>, domain: string): boolean =>
  one.http.some((rule) => sendsTo(rule, hosts)) || connectionsOf(one.tcp, one.namespace, domain).some((host) => hosts.has(host));

export const sendsTo = (rule: HttpRule, hosts: ReadonlySet<string>): boolean => rule.route.some(({ host }) => hosts.has(host));
