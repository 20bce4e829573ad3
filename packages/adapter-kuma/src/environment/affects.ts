import type { Change, MeshEnvironment, Observed, ServiceRef, Target } from '@heddle/core';
import { readWorld } from '../decode/world.js';

/**
 * What the edits of a change touch besides its own requests. A MeshHTTPRoute in a mesh that has TrafficRoutes makes the difference for
 * all services of the proxies that it is for, when it comes and when it goes (kuma `meshhttproute/plugin/v1alpha1/plugin.go`, 2.14), so
 * all are looked at there. Otherwise rules are for the service alone.
 */
export function affects(change: Change, seen: Observed, env: MeshEnvironment): Target {
  const world = readWorld(seen, env);
  const [first] = change.services;
  const mesh = world.services.find((service) => service.namespace === first?.namespace && service.name === first.name)?.mesh;
  const inMesh = <T extends { readonly mesh: string }>(list: readonly T[]) => list.filter((one) => one.mesh === mesh);
  const both = world.release.major < 3 && inMesh(world.trafficRoutes).length > 0 && inMesh(world.httpRoutes).length > 0;
  if (!both) return { services: change.services };
  const services = inMesh(world.services).filter(({ shape, ignored }) => shape === 'clusterIP' && !ignored);
  return {
    services: services.flatMap(({ namespace, name, ports }) =>
      ports.filter(({ transport }) => transport === 'TCP').map((port): ServiceRef => ({ namespace, name, port: port.number })),
    ),
  };
}
