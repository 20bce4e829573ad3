import { isLive, type MeshEnvironment, type Observation, type Observed, type SeenPods, seenPods } from '@heddle/core';
import { readWorld } from '../decode/world.js';
import type { MeshDestination, MeshRoute, Service, World } from '../decode/world-types.js';
import { withoutBackslashes } from './backslash-tags.js';

/** Everything that was seen but for Pods, read once, with what tells how much of it is known. */
export interface LintContext {
  /** Without Pods: which of them are whose is asked of `pods`. Backslashes in tags are told apart, and passed over here. */
  readonly world: World;
  readonly pods: SeenPods;
  readonly env: MeshEnvironment;
  /** Read from a cluster, not from files. */
  readonly isLive: boolean;
  /** MeshHTTPRoutes and MeshTCPRoutes. */
  readonly routes: readonly MeshRoute[];
  service(namespace: string, name: string): Service | undefined;
  servicesIn(namespace: string): readonly Service[];
  /** Destinations of that display name. */
  destinations(name: string): readonly MeshDestination[];
}

export function lintContext(seen: Observed, env: MeshEnvironment): LintContext {
  const world = readWorld(new Map([...seen].filter(([key]) => !key.startsWith('|Pod|')).map(([key, one]) => [key, asMeant(one)])), env);
  const services = new Map(world.services.map((service) => [`${service.namespace}/${service.name}`, service]));
  const byNamespace = Map.groupBy(world.services, ({ namespace }) => namespace);
  const byName = Map.groupBy(world.destinations, ({ displayName }) => displayName);
  return {
    world,
    pods: seenPods(seen),
    env,
    isLive: isLive(seen),
    routes: [...world.httpRoutes, ...world.tcpRoutes],
    service: (namespace, name) => services.get(`${namespace}/${name}`),
    servicesIn: (namespace) => byNamespace.get(namespace) ?? [],
    destinations: (name) => byName.get(name) ?? [],
  };
}

const asMeant = (seen: Observation): Observation =>
  'unread' in seen
    ? seen
    : { objects: seen.objects.map((object) => (object.kind === 'TrafficRoute' ? withoutBackslashes(object) : object)) };
