import { parseServiceTag } from '../owned/ownership.js';
import { compareAttributes, compareNames } from './roles.js';
import { NAMESPACE_TAG, tagsMatch, ZONE_TAG } from './tags.js';
import type { DestinationPort, MeshDestination, MeshRoute, TargetRef, ToItem, World } from './world-types.js';

/** One `to` item of a policy. */
export interface RouteItem {
  readonly route: MeshRoute;
  readonly to: ToItem;
}

/** What a service is dialled as: by the tag `kuma.io/service`, or as a resource of its own. */
export type Outbound =
  | { readonly as: 'tag'; readonly tag: string }
  | { readonly as: 'resource'; readonly destination: MeshDestination; readonly port: DestinationPort };

/** Policies in the order in which they count, the weakest first. */
export function inOrder(routes: readonly MeshRoute[]): readonly MeshRoute[] {
  return [...routes].sort((a, b) => compareAttributes(a, b) || compareNames(a, b));
}

/**
 * The items of a client's policies that are about an outbound, the weakest first; `undefined` when there are none (kuma
 * `meshhttproute/plugin/v1alpha1/listeners.go`, `ComputeHTTPRouteConf`, 2.14): of a resource those that resolve to it, else by the
 * name of its tag.
 */
export function itemsFor(world: World, routes: readonly MeshRoute[], outbound: Outbound): readonly RouteItem[] | undefined {
  const items = inOrder(routes).flatMap((route) => route.to.map((to): RouteItem => ({ route, to })));
  if (outbound.as === 'tag')
    return some(items.filter(({ to }) => to.targetRef.kind === 'MeshService' && to.targetRef.name === outbound.tag));
  const resolved = items.flatMap((item) => {
    const section = sectionMeant(world, item, outbound);
    return section === undefined ? [] : [{ item, section }];
  });
  const sorted = resolved.sort(
    (a, b) =>
      compareAttributes(a.item.route, b.item.route) || sectioned(a.item) - sectioned(b.item) || compareNames(a.item.route, b.item.route),
  );
  return some(sorted.map(({ item }) => item));
}

const some = <T>(items: readonly T[]): readonly T[] | undefined => (items.length === 0 ? undefined : items);

const sectioned = ({ to }: RouteItem): number => (to.targetRef.kind === 'MeshService' && to.targetRef.sectionName !== undefined ? 1 : 0);

/** Whether an item means a resource: all of it or this port; `undefined` when not (kuma `core/rules/resolve/targetref.go`, 2.14 and 3.0). */
function sectionMeant(world: World, { route, to }: RouteItem, outbound: Extract<Outbound, { as: 'resource' }>): 'all' | 'port' | undefined {
  const { destination, port } = outbound;
  const ref = to.targetRef;
  if (ref.kind !== destination.kind || route.mesh !== destination.mesh) return undefined;
  if (ref.labels !== undefined && Object.keys(ref.labels).length > 0) {
    return tagsMatch(ref.labels, destination.labels) ? named(ref.sectionName, port) : undefined;
  }
  if (world.release.major >= 3) return undefined;
  const legacy = ref.kind === 'MeshService' && ref.sectionName === undefined ? parseServiceTag(ref.name) : undefined;
  if (legacy !== undefined) {
    const same = legacy.name === destination.displayName && legacy.namespace === destination.labels[NAMESPACE_TAG];
    if (!same) return undefined;
    return legacy.port === undefined ? 'all' : legacy.port === port.number ? 'port' : undefined;
  }
  return isNamed(world, route, ref, destination) ? named(ref.sectionName, port) : undefined;
}

function named(section: string | undefined, port: DestinationPort): 'all' | 'port' | undefined {
  if (section === undefined) return 'all';
  return section === port.name ? 'port' : undefined;
}

/** By name, in the namespace and zone of the policy unless it says another namespace (`TargetRefToKRI`). */
export function isNamed(world: World, route: MeshRoute, ref: TargetRef, destination: MeshDestination): boolean {
  const namespace = ref.namespace ?? route.labels[NAMESPACE_TAG] ?? route.namespace;
  const zone = route.origin === 'global' ? '' : (route.labels[ZONE_TAG] ?? world.zone);
  return (
    ref.kind === destination.kind &&
    ref.name === destination.displayName &&
    route.mesh === destination.mesh &&
    namespace === (destination.labels[NAMESPACE_TAG] ?? '') &&
    (destination.kind !== 'MeshService' || zone === (destination.zone ?? world.zone))
  );
}
