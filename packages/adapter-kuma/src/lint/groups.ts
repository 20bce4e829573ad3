import { isRecord, type KubeObject, type Observed, objectsOf } from '@heddle/core';
import { parseBackendRef } from '../decode/parse-mesh-route.js';
import { record } from '../decode/raw.js';
import { SERVICE_TAG } from '../decode/tags.js';
import { KUMA } from '../decode/world.js';
import type { MeshRoute, Service, Tags, TrafficRoute } from '../decode/world-types.js';
import type { LintContext } from './context.js';
import { isEveryService, routesByTrafficRoute, serviceBehind, serviceOfTag, servicesMeant } from './targets.js';

/** A Service that rules are about, with all that its tables depend on: decoded by itself, whatever else the mesh holds. */
export interface Group {
  readonly service: Service;
  readonly seen: Observed;
}

interface About {
  readonly routes: Set<MeshRoute>;
  readonly trafficRoutes: Set<TrafficRoute>;
}

/**
 * One part for each Service that a policy is about; a TrafficRoute for all Services is looked at with one of them. A decode of the mesh
 * at once would compile every Service for all callers that any policy tells apart.
 */
export function groupsOf(context: LintContext, seen: Observed): readonly Group[] {
  const about = new Map<Service, About>();
  const at = (service: Service): About => {
    const known = about.get(service) ?? { routes: new Set(), trafficRoutes: new Set() };
    about.set(service, known);
    return known;
  };
  for (const route of context.routes) {
    for (const to of route.to) for (const service of servicesMeant(context, route, to)) at(service).routes.add(route);
  }
  const wide: TrafficRoute[] = [];
  for (const route of context.world.trafficRoutes) {
    for (const tags of route.destinations) {
      const service = isEveryService(tags)
        ? context.world.services.find(({ mesh }) => mesh === route.mesh)
        : serviceOfTag(context, tags[SERVICE_TAG]);
      if (service !== undefined) at(service).trafficRoutes.add(route);
      if (isEveryService(tags)) wide.push(route);
    }
  }
  const meshes = objectsOf(seen, KUMA, 'Mesh');
  const standIns = onePerTarget(context.routes);
  return [...about].map(([service, own]) => {
    const routing = routesByTrafficRoute(context.world, service.mesh);
    const routes = routing ? [...new Set([...own.routes, ...standIns])] : [...own.routes];
    const some = context.world.trafficRoutes.find(({ mesh }) => mesh === service.mesh);
    const trafficRoutes = new Set([...own.trafficRoutes, ...wide, ...(some === undefined ? [] : [some])]);
    return { service, seen: seenFor(context, service, routes, [...trafficRoutes], meshes) };
  });
}

/** In a mesh of TrafficRoutes a MeshHTTPRoute about another Service counts too: for its callers, as one of many alike. */
function onePerTarget(routes: readonly MeshRoute[]): readonly MeshRoute[] {
  return [...new Map(routes.map((route) => [JSON.stringify([route.mesh, route.role, route.namespace, route.targetRef]), route])).values()];
}

function seenFor(
  context: LintContext,
  service: Service,
  routes: readonly MeshRoute[],
  trafficRoutes: readonly TrafficRoute[],
  meshes: readonly KubeObject[],
): Observed {
  const { pods } = context;
  const services = new Set<Service>([service]);
  const add = (one: Service | undefined) => {
    if (one !== undefined) services.add(one);
  };
  for (const route of routes) {
    add(serviceOfTag(context, route.targetRef.name));
    for (const ref of backendRefs(route)) add(serviceBehind(context, route, ref));
  }
  const tags: readonly Tags[] = trafficRoutes.flatMap((route) => [
    ...route.sources,
    ...[...route.http, route.fallback].flatMap(({ split }) => split.map((one) => one.tags)),
  ]);
  for (const one of tags) add(serviceOfTag(context, one[SERVICE_TAG]));
  const resources = [...services].flatMap(({ namespace, name }) =>
    context.destinations(name).filter((one) => one.namespace === namespace && !one.derived),
  );
  const homes = new Set([...services].map(({ namespace }) => namespace));
  const named = new Set(
    routes.flatMap(({ targetRef, namespace }) => (targetRef.kind === 'Dataplane' ? [targetRef.namespace ?? namespace] : [])),
  );
  const objects: readonly KubeObject[] = [
    ...meshes,
    ...routes.map(({ object }) => object),
    ...trafficRoutes.map(({ object }) => object),
    ...[...services].map(({ object }) => object),
    ...resources.map(({ object }) => object),
    ...[...homes].flatMap((name) => namespaceObject(context, name)),
    ...[...services].flatMap((one) => podsBehind(one, pods)),
    ...[...named].flatMap((namespace) => pods.inNamespace(namespace).map(({ object }) => object)),
  ];
  return new Map([['part', { objects }]]);
}

function backendRefs({ to }: MeshRoute) {
  const rules = to.flatMap((item) => item.rules);
  const mirrors = rules.flatMap(({ filters = [] }) =>
    filters.flatMap(({ requestMirror }) => (isRecord(requestMirror) ? [parseBackendRef(record(requestMirror.backendRef))] : [])),
  );
  return [...rules.flatMap((rule) => rule.backendRefs ?? []), ...mirrors];
}

function namespaceObject({ world }: LintContext, name: string): readonly KubeObject[] {
  const known = world.namespaces.get(name);
  if (known === undefined) return [];
  // Rules are looked at as if sidecars were there; that they are not is said by itself.
  return [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { ...known.labels, 'kuma.io/sidecar-injection': 'enabled' } } }];
}

/** Files seldom hold Pods; without a ready one Kuma does not know that a Service carries HTTP, so one stands for them. */
function podsBehind({ namespace, name, selector }: Service, pods: LintContext['pods']): readonly KubeObject[] {
  const there = pods.selected(namespace, selector);
  if (there.some(({ ready }) => ready) || Object.keys(selector).length === 0) return there.map(({ object }) => object);
  const status = { conditions: [{ type: 'Ready', status: 'True' }] };
  return [
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { namespace, name: `${name}-assumed`, labels: selector },
      spec: { containers: [{ name: 'kuma-sidecar' }] },
      status,
    },
  ];
}
