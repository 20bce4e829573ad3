import { destinationMeant } from '../decode/backends.js';
import { itemsFor } from '../decode/route-items.js';
import { ANY, SERVICE_TAG } from '../decode/tags.js';
import type { BackendRef, MeshDestination, MeshRoute, Service, TargetRef, ToItem, World } from '../decode/world-types.js';
import { parseServiceTag } from '../owned/ownership.js';
import type { LintContext } from './context.js';

/** The Service that a `kuma.io/service` names; `undefined` when there is none, or the tag is of another form. */
export function serviceOfTag(context: LintContext, tag: string | undefined): Service | undefined {
  const meant = parseServiceTag(tag);
  return meant === undefined ? undefined : context.service(meant.namespace, meant.name);
}

/** The Services whose callers an item of a policy is about. */
export function servicesMeant(context: LintContext, route: MeshRoute, to: ToItem): readonly Service[] {
  const tagged = serviceOfTag(context, to.targetRef.name);
  return [
    ...new Set([
      ...(tagged === undefined ? [] : [tagged]),
      ...destinationsMeant(context, route, to).flatMap(({ service }) => service ?? []),
    ]),
  ];
}

/** The destinations, as resources, that an item of a policy is about. */
export function destinationsMeant(context: LintContext, route: MeshRoute, to: ToItem): readonly MeshDestination[] {
  const only: MeshRoute = { ...route, to: [to] };
  return candidates(context, to.targetRef).filter((destination) =>
    destination.ports.some((port) => itemsFor(context.world, [only], { as: 'resource', destination, port }) !== undefined),
  );
}

/** The Service that a backendRef sends to. */
export function serviceBehind(context: LintContext, route: MeshRoute, ref: BackendRef): Service | undefined {
  return serviceOfTag(context, ref.name) ?? backendMeant(context, route, ref)?.service;
}

export function backendMeant(context: LintContext, route: MeshRoute, ref: BackendRef): MeshDestination | undefined {
  return destinationMeant({ ...context.world, destinations: candidates(context, ref) }, route, ref);
}

/** By name there are few; only a selection by labels has to look at all. */
function candidates({ world, destinations }: LintContext, { name, labels }: TargetRef): readonly MeshDestination[] {
  if (labels !== undefined && Object.keys(labels).length > 0) return world.destinations;
  if (name === undefined) return [];
  const legacy = parseServiceTag(name);
  return [...destinations(name), ...(legacy === undefined ? [] : destinations(legacy.name))];
}

/** Services that a TrafficRoute's destination means. */
export const isEveryService = (tags: Readonly<Record<string, string>>): boolean => tags[SERVICE_TAG] === ANY;

export const routesByTrafficRoute = (world: World, mesh: string): boolean =>
  world.release.major < 3 && world.trafficRoutes.some((route) => route.mesh === mesh);
