import type { Destination } from '@heddle/core';
import type { Clusters } from './clusters.js';
import { isHttp, UNKNOWN } from './protocols.js';
import { isNamed, type Outbound } from './route-items.js';
import { NAMESPACE_TAG, SERVICE_TAG, tagsMatch } from './tags.js';
import type { BackendRef, DestinationPort, MeshDestination, MeshRoute, World } from './world-types.js';

/** What a backendRef comes to. */
export type Backend =
  | { readonly to: Destination }
  /** Taken out: weight 0, of another protocol, or unknown. `counts`: it names something, so that it is not as if it were not there. */
  | { readonly unusable: string; readonly counts: boolean };

export type Plane = 'http' | 'tcp';

const TCP_PROTOCOLS = new Set([UNKNOWN, 'kafka', 'tcp', 'http', 'http2', 'grpc']);

export const speaks = (plane: Plane, protocol: string): boolean => (plane === 'http' ? isHttp(protocol) : TCP_PROTOCOLS.has(protocol));

/**
 * Resolves a backendRef (kuma `core/rules/resolve/backendref.go` and `core/xds/meshroute/listeners.go`, 2.14): a MeshService with a
 * port or section is a resource, one without is the value of the tag `kuma.io/service`. 3.0 knows resources only, by labels.
 */
export function resolveBackend(world: World, clusters: Clusters, route: MeshRoute, ref: BackendRef, plane: Plane): Backend {
  if (isResource(ref, world.release.major)) return resolveResource(world, clusters, route, ref, plane);
  if (world.release.major >= 3) return { unusable: `Kuma 3 knows no kind ${ref.kind || '(none)'}`, counts: true };
  const tag = ref.name ?? '';
  if (ref.weight === 0) return { unusable: 'its weight is 0', counts: true };
  const protocol = clusters.protocolOf(tag);
  if (!speaks(plane, protocol)) return { unusable: whyNot(tag, protocol, clusters), counts: true };
  return { to: clusters.byTags({ ...ref.tags, [SERVICE_TAG]: tag }, ref.weight) };
}

/**
 * Up to 2.x the destination of a mirror is looked up by the tag `kuma.io/service` whatever else it says, so a MeshService by its own name
 * is not found (kuma `meshhttproute/plugin/v1alpha1/listeners.go`, 2.14; seen with 2.14.3).
 */
export function resolveMirror(world: World, clusters: Clusters, route: MeshRoute, ref: BackendRef): Backend {
  const { port: _port, sectionName: _section, ...named } = ref;
  const byTag = world.release.major >= 3 ? ref : { ...named, kind: 'MeshService' };
  return resolveBackend(world, clusters, route, byTag, 'http');
}

function isResource({ kind, port, sectionName }: BackendRef, major: number): boolean {
  if (kind === 'MeshExternalService' || kind === 'MeshMultiZoneService') return true;
  return kind === 'MeshService' && (major >= 3 || port !== undefined || sectionName !== undefined);
}

function whyNot(tag: string, protocol: string, clusters: Clusters): string {
  if (!clusters.serves(tag)) return `no proxy of the mesh serves ${tag === '' ? 'a service without a name' : tag}`;
  return protocol === UNKNOWN ? `${tag} has no ready Pod` : `${tag} speaks ${protocol}`;
}

function resolveResource(world: World, clusters: Clusters, route: MeshRoute, ref: BackendRef, plane: Plane): Backend {
  const destination = destinationMeant(world, route, ref);
  const what = `${ref.kind} ${ref.name ?? (ref.labels === undefined ? '' : JSON.stringify(ref.labels))}`;
  // Labels that resolve to nothing are as if the reference were not there; up to 2.x a name always counts as one.
  if (destination === undefined) return { unusable: `there is no ${what}`, counts: ref.labels === undefined || world.release.major >= 3 };
  if (ref.weight === 0) return { unusable: 'its weight is 0', counts: true };
  const section = ref.sectionName ?? (ref.port === undefined ? '' : String(ref.port));
  const port = portNamed(destination, section);
  if (port === undefined) return { unusable: `${what} has no port ${section}`, counts: true };
  if (!speaks(plane, port.protocol)) return { unusable: `${what} speaks ${port.protocol}`, counts: true };
  return { to: clusters.byResource(destination, port, ref.weight) };
}

/** A MeshExternalService has one port, whatever is asked for. */
const portNamed = ({ kind, ports }: MeshDestination, section: string): DestinationPort | undefined =>
  kind === 'MeshExternalService' ? ports[0] : ports.find(({ name, number }) => name === section || String(number) === section);

/** By labels the oldest that has them all, else by name. */
export function destinationMeant(world: World, route: MeshRoute, ref: BackendRef): MeshDestination | undefined {
  const all = world.destinations.filter(({ kind, mesh }) => kind === ref.kind && mesh === route.mesh);
  const { labels } = ref;
  if (labels !== undefined && Object.keys(labels).length > 0) {
    const homely = world.release.major >= 3 && 'kuma.io/display-name' in labels;
    const asked = homely ? { [NAMESPACE_TAG]: route.labels[NAMESPACE_TAG] ?? route.namespace, ...labels } : labels;
    const fitting = all.filter((one) => tagsMatch(asked, one.labels));
    return fitting.reduce(
      (oldest: MeshDestination | undefined, one) => (oldest === undefined || one.age < oldest.age ? one : oldest),
      undefined,
    );
  }
  return world.release.major >= 3 ? undefined : all.find((one) => isNamed(world, route, ref, one));
}

/** Where requests for a service go when no policy says anything. */
export function ownBackend(clusters: Clusters, outbound: Outbound): Destination {
  if (outbound.as === 'tag') return clusters.byTags({ [SERVICE_TAG]: outbound.tag }, 1);
  return clusters.byResource(outbound.destination, outbound.port, 1);
}
