import { isRecord, labelSelector, type MeshEnvironment, type ObjectQuery, type Observed, type Target } from '@heddle/core';
import { parseServiceTag, serviceTag } from '../owned/ownership.js';
import { destinationMeant } from './backends.js';
import { isForService } from './choose-traffic-route.js';
import { parseBackendRef } from './parse-mesh-route.js';
import { record } from './raw.js';
import { itemsFor, type Outbound } from './route-items.js';
import { type Subject, type Subjects, subjectsOf } from './subjects.js';
import { ANY, NAMESPACE_TAG, SERVICE_TAG } from './tags.js';
import { namespacesMeant } from './who.js';
import { KUMA, readWorld } from './world.js';
import type { MeshDestination, MeshRoute, Service, Tags, World } from './world-types.js';

/** What may say more of single routes; a mesh without the right to list them can be read all the same. */
export const POLICIES: readonly string[] = ['MeshTimeout', 'MeshRetry'];

/** What any route of the mesh can depend on: these are read in all namespaces. */
export function baseQueries(): readonly ObjectQuery[] {
  const kinds = [
    'Mesh',
    'TrafficRoute',
    'MeshHTTPRoute',
    'MeshTCPRoute',
    'MeshService',
    'MeshExternalService',
    'MeshMultiZoneService',
    'ExternalService',
    ...POLICIES,
  ];
  return [...kinds.map((kind) => ({ group: KUMA, kind })), { group: '', kind: 'Service' }, { group: '', kind: 'Namespace' }];
}

/** Round one: the mesh's objects and all Services. Round two, from these: Pods. */
export function reads(target: Target, seen: Observed, env: MeshEnvironment): readonly ObjectQuery[] {
  const base = baseQueries();
  if (seen.size === 0) return base;
  const world = readWorld(seen, env);
  return [...base, ...podQueries(world, subjectsOf(world, target))];
}

/** Pods: those behind services that requests can go to, and those that tell what clients policies are about. */
export function podQueries(world: World, subjects: Subjects): readonly ObjectQuery[] {
  const found = new Map<string, ObjectQuery>();
  const add = (query: ObjectQuery) => found.set(JSON.stringify(query), query);
  for (const { namespace, selector } of servicesReached(world, subjects)) {
    if (Object.keys(selector).length > 0) add({ group: '', kind: 'Pod', namespace, labelSelector: labelSelector(selector) });
  }
  for (const selector of selectorsOf(world)) {
    for (const namespace of namespacesMeant(selector)) if (needsPods(selector)) add({ group: '', kind: 'Pod', namespace });
    if (Object.entries(selector).some(([key, value]) => value === ANY && !key.includes('kuma.io/'))) add({ group: '', kind: 'Pod' });
  }
  for (const namespace of namedDataplanes(world))
    add(namespace === '' ? { group: '', kind: 'Pod' } : { group: '', kind: 'Pod', namespace });
  return [...found.values()];
}

/** A `kuma.io/service` without a port is a Pod's that no Service selects. */
const needsPods = (selector: Tags): boolean => parseServiceTag(selector[SERVICE_TAG])?.port === undefined;

/** Tags by which policies choose clients. */
function selectorsOf(world: World): readonly Tags[] {
  const targets = [...world.httpRoutes, ...world.tcpRoutes].map(({ targetRef: { kind, name, tags } }): Tags => {
    if (kind === 'MeshSubset') return tags ?? {};
    return kind === 'MeshService' || kind === 'MeshServiceSubset' ? { ...tags, [SERVICE_TAG]: name ?? '' } : {};
  });
  return [...world.trafficRoutes.flatMap(({ sources }) => sources), ...targets];
}

/** Namespaces (empty: all) of Dataplanes that policies name, or choose by labels that no Pod has written on it. */
function namedDataplanes(world: World): readonly string[] {
  return [...world.httpRoutes, ...world.tcpRoutes].flatMap(({ namespace, targetRef }) => {
    if (targetRef.kind !== 'Dataplane') return [];
    if (targetRef.name !== undefined) return [targetRef.namespace ?? namespace];
    const computed = Object.keys(targetRef.labels ?? {}).some((key) => key.includes('kuma.io/') && key !== NAMESPACE_TAG);
    return computed ? [targetRef.labels?.[NAMESPACE_TAG] ?? ''] : [];
  });
}

/** Services that requests for a subject can go to. */
function servicesReached(world: World, { all }: Subjects): readonly Service[] {
  const found = new Set<Service>(all.map(({ service }) => service));
  const byTag = (tag: string | undefined) => {
    const meant = parseServiceTag(tag);
    const service = world.services.find(({ name, namespace }) => name === meant?.name && namespace === meant.namespace);
    if (service !== undefined) found.add(service);
  };
  const tags = all.map(({ service, port }) => tagOf(service, port));
  for (const route of world.trafficRoutes) {
    if (!tags.some((tag) => isForService(route, tag))) continue;
    for (const { split } of [...route.http, route.fallback]) for (const one of split) byTag(one.tags[SERVICE_TAG]);
  }
  for (const route of [...world.httpRoutes, ...world.tcpRoutes]) {
    if (!all.some((subject) => isAbout(world, route, subject))) continue;
    for (const ref of refsOf(route)) {
      byTag(ref.name);
      const destination = destinationMeant(world, route, ref);
      for (const service of destination === undefined ? [] : servicesBehind(world, destination)) found.add(service);
    }
  }
  return [...found];
}

function isAbout(world: World, route: MeshRoute, { service, port }: Subject): boolean {
  const tagged = itemsFor(world, [route], { as: 'tag', tag: tagOf(service, port) });
  const resources = world.destinations
    .filter((destination) => destination.service === service)
    .flatMap((destination) => destination.ports.map((own): Outbound => ({ as: 'resource', destination, port: own })));
  return tagged !== undefined || resources.some((outbound) => itemsFor(world, [route], outbound) !== undefined);
}

function refsOf({ to }: MeshRoute) {
  const rules = to.flatMap((item) => item.rules);
  const mirrors = rules.flatMap(({ filters = [] }) =>
    filters.flatMap(({ requestMirror }) => (isRecord(requestMirror) ? [parseBackendRef(record(requestMirror.backendRef))] : [])),
  );
  return [...rules.flatMap(({ backendRefs = [] }) => backendRefs), ...mirrors];
}

const servicesBehind = (world: World, destination: MeshDestination): readonly Service[] =>
  destination.service !== undefined
    ? [destination.service]
    : destination.kind === 'MeshMultiZoneService'
      ? world.destinations.flatMap(({ service, labels }) =>
          service !== undefined && Object.entries(destination.selector.labels ?? {}).every(([key, value]) => labels[key] === value)
            ? [service]
            : [],
        )
      : [];

const tagOf = ({ namespace, name }: Service, port: number): string => serviceTag({ namespace, name, port });
