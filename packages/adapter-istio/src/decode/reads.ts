import { labelSelector, type MeshEnvironment, type ObjectQuery, type Observed, type Target } from '@heddle/core';
import { destinationsOf } from './client-conditions.js';
import { GATEWAY_API } from './gateway-api/references.js';
import { hostsMatch } from './hosts.js';
import { LEGACY } from './route-rule/legacy-group.js';
import { type Subjects, sendsTo, subjectsOf } from './subjects.js';
import { NETWORKING, readWorld } from './world.js';
import type { VirtualService, World } from './world-types.js';

/** What any object of the mesh can depend on: these are read in all namespaces. */
export function baseQueries(): readonly ObjectQuery[] {
  const networking = ['VirtualService', 'DestinationRule', 'Gateway', 'Sidecar', 'ServiceEntry', 'EnvoyFilter'];
  return [
    ...networking.map((kind) => ({ group: NETWORKING, kind })),
    ...['RouteRule', 'DestinationPolicy', 'EgressRule'].map((kind) => ({ group: LEGACY, kind })),
    { group: GATEWAY_API, kind: 'HTTPRoute' },
    { group: GATEWAY_API, kind: 'GRPCRoute' },
    { group: '', kind: 'Service' },
    { group: '', kind: 'Namespace' },
  ];
}

/** Pods: those behind services that requests can go to, and the gateway proxies. */
export function podQueries(world: World, subjects: Subjects): readonly ObjectQuery[] {
  const found = new Map<string, ObjectQuery>();
  const add = (query: ObjectQuery) => found.set(JSON.stringify(query), query);
  const hosts = new Set([...subjects.services.keys()].map(({ host }) => host));
  for (const one of [...subjects.relevant, ...gatewayRules(world, subjects)]) {
    for (const host of destinationsOf(one, world.domain)) hosts.add(host);
  }
  for (const host of hosts) {
    const service = world.serviceByHost.get(host);
    if (service === undefined || Object.keys(service.selector).length === 0) continue;
    add({ group: '', kind: 'Pod', namespace: service.namespace, labelSelector: labelSelector(service.selector) });
  }
  for (const { selector } of world.gateways) {
    if (Object.keys(selector).length > 0) add({ group: '', kind: 'Pod', labelSelector: labelSelector(selector) });
  }
  return [...found.values()];
}

/**
 * VirtualServices of gateways with a host in question, or one in common with a VirtualService that sends to a service in question. A
 * server for connections of any kind takes every host.
 */
function gatewayRules(world: World, subjects: Subjects): readonly VirtualService[] {
  const bound = world.virtualServices.filter(({ gateways }) => gateways.some((gateway) => gateway !== 'mesh'));
  const sending = bound.filter((one) => one.http.some((rule) => sendsTo(rule, subjects.targets)) || sendsConnections(one, world, subjects));
  const hosts = [...subjects.written, ...sending.flatMap((one) => one.hosts)].map((host) => host.toLowerCase());
  const takesAll = (one: VirtualService) => subjects.written.length > 0 && one.tcp.length > 0;
  return bound.filter((one) => takesAll(one) || one.hosts.some((host) => hosts.some((other) => hostsMatch(host.toLowerCase(), other))));
}

const sendsConnections = (one: VirtualService, world: World, { targets }: Subjects): boolean =>
  destinationsOf({ ...one, http: [] }, world.domain).some((host) => targets.has(host));

/** Round one: the mesh's objects and all Services. Round two, from these: Pods. */
export function reads(target: Target, seen: Observed, env: MeshEnvironment): readonly ObjectQuery[] {
  const base = baseQueries();
  if (seen.size === 0) return base;
  const world = readWorld(seen, env);
  return [...base, ...podQueries(world, subjectsOf(world, target))];
}
