import { type ServiceRef, servicesNamed, splitHostPort, type Target } from '@heddle/core';
import { parseServiceTag, serviceTag } from '../owned/ownership.js';
import { destinationMeant } from './backends.js';
import { vipNamed } from './names.js';
import { itemsFor } from './route-items.js';
import { ANY, SERVICE_TAG } from './tags.js';
import type { BackendRef, MeshRoute, Service, ToItem, TrafficRoute, World } from './world-types.js';

/** A service's port that tables are made for. `vip`: by the mesh's own names. */
export interface Subject {
  readonly service: Service;
  readonly port: number;
  readonly vip: boolean;
}

export interface Subjects {
  readonly all: readonly Subject[];
  /** The services that were asked for themselves, on the ports asked for. */
  readonly asked: readonly ServiceRef[];
}

/** Services asked for, by themselves or by a host, and those whose policies send requests to one that was asked for. */
export function subjectsOf(world: World, target: Target): Subjects {
  const all = new Map<string, Subject>();
  const add = (service: Service, port: number, vip = false) =>
    all.set(`${service.namespace}/${service.name}:${port} ${vip}`, { service, port, vip });
  for (const asked of target.services) {
    const service = world.services.find(({ namespace, name }) => namespace === asked.namespace && name === asked.name);
    if (service !== undefined) add(service, asked.port);
  }
  const asked = [...all.values()];
  for (const { service, port } of sendingTo(world, asked)) add(service, port);
  for (const { host, port } of (target.hosts ?? []).map(splitHostPort)) {
    for (const service of servicesNamed(world.services, host)) {
      for (const number of port === undefined ? service.ports.map((one) => one.number) : [port]) add(service, number);
    }
    const vip = vipNamed(world.services, host);
    if (vip !== undefined) add(vip.service, vip.port, true);
  }
  return { all: [...all.values()], asked: target.services };
}

/** The ports of services whose policies can send requests to one of these. */
function sendingTo(world: World, asked: readonly Subject[]): readonly Omit<Subject, 'vip'>[] {
  if (asked.length === 0) return [];
  const tags = new Set(asked.map(({ service, port }) => serviceTag({ namespace: service.namespace, name: service.name, port })));
  const services = new Set(asked.map(({ service }) => service));
  return [
    ...world.trafficRoutes.filter((route) => sendsByTag(route, tags)).flatMap((route) => servicesOf(world, route)),
    ...[...world.httpRoutes, ...world.tcpRoutes].flatMap((route) =>
      route.to.filter((to) => sendsByRef(world, route, to, tags, services)).flatMap((to) => servicesMeant(world, route, to)),
    ),
  ];
}

const sendsByTag = ({ http, fallback }: TrafficRoute, tags: ReadonlySet<string>): boolean =>
  [...http, fallback].some(({ split }) => split.some((one) => tags.has(one.tags[SERVICE_TAG] ?? '')));

function sendsByRef(world: World, route: MeshRoute, to: ToItem, tags: ReadonlySet<string>, services: ReadonlySet<Service>): boolean {
  const refs = to.rules.flatMap(({ backendRefs = [] }) => backendRefs);
  return refs.some((ref: BackendRef) => {
    if (tags.has(ref.name ?? '')) return true;
    const service = destinationMeant(world, route, ref)?.service;
    return service !== undefined && services.has(service);
  });
}

/** Of a TrafficRoute for every service, all of its mesh. */
function servicesOf(world: World, route: TrafficRoute): readonly Omit<Subject, 'vip'>[] {
  return route.destinations.flatMap(({ [SERVICE_TAG]: tag = '' }) => {
    if (tag === ANY) return world.services.filter(({ mesh }) => mesh === route.mesh).flatMap(portsOf);
    return serviceOfTag(world, tag);
  });
}

function servicesMeant(world: World, route: MeshRoute, to: ToItem): readonly Omit<Subject, 'vip'>[] {
  const only = { ...route, to: [to] };
  const resources = world.destinations.flatMap((destination) =>
    destination.service === undefined
      ? []
      : destination.ports
          .filter((port) => itemsFor(world, [only], { as: 'resource', destination, port }) !== undefined)
          .map(({ number }) => ({ service: destination.service as Service, port: number })),
  );
  return [...serviceOfTag(world, to.targetRef.name), ...resources];
}

function serviceOfTag(world: World, tag: string | undefined): readonly Omit<Subject, 'vip'>[] {
  const meant = parseServiceTag(tag);
  const service = world.services.find(({ name, namespace }) => name === meant?.name && namespace === meant.namespace);
  return service === undefined || meant?.port === undefined ? [] : [{ service, port: meant.port }];
}

const portsOf = (service: Service): readonly Omit<Subject, 'vip'>[] =>
  service.ports.filter(({ transport }) => transport === 'TCP').map(({ number }) => ({ service, port: number }));
