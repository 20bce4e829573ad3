import { type MeshEnvironment, ok, type Result, refuse } from '@heddle/core';
import type { Routing } from '../capabilities/capabilities.js';
import { hasOldItem } from '../decode/listeners.js';
import type { MeshRoute, World } from '../decode/world-types.js';
import { ownerOfRoute } from '../owned/ownership.js';
import { isCopy } from './traffic-route/object.js';

/**
 * What a mesh routes by, for all callers alike; refused where a first object of the other kind would change whole proxies.
 *
 * Any TrafficRoute makes proxies without MeshHTTPRoutes route by TrafficRoutes alone, and a service that none is for is then closed
 * (kuma `pkg/xds/generator/outbound_proxy_generator.go`, 2.14): so the first one of a mesh is never ours. Any MeshHTTPRoute for a proxy
 * makes it route all its services by MeshHTTPRoutes, and TrafficRoutes stop counting for it (`meshhttproute/plugin/v1alpha1/plugin.go`,
 * 2.14): so in a mesh that routes by TrafficRoutes none is ours.
 */
export function routingOf(world: World, mesh: string, env: MeshEnvironment): Result<Routing> {
  const asked = env.settings.routing;
  if (asked !== undefined && asked !== 'TrafficRoute' && asked !== 'MeshHTTPRoute') {
    return refuse(
      'invalid-option',
      `The option routing of this cluster says ${asked}; expected TrafficRoute or MeshHTTPRoute`,
      'correct the option, or leave it out: what the mesh routes by is then found out',
    );
  }
  const inMesh = world.release.major < 3 ? world.trafficRoutes.filter((route) => route.mesh === mesh && !isCopy(route.object)) : [];
  const routes = world.httpRoutes.filter((route) => route.mesh === mesh && route.to.length > 0);
  if (inMesh.length === 0) return env.settings.routing === 'TrafficRoute' ? refuseFirstTrafficRoute(mesh) : ok('MeshHTTPRoute');
  if (routes.length === 0) return env.settings.routing === 'MeshHTTPRoute' ? refuseFirstMeshRoute(mesh) : ok('TrafficRoute');
  if (routes.some((route) => ownerOfRoute(route.object) === undefined && isForEverybody(route))) return ok('MeshHTTPRoute');
  const [some] = routes;
  return refuse(
    'mixed-routing',
    `Mesh ${mesh} has TrafficRoutes, and ${some === undefined ? 'MeshHTTPRoutes' : `MeshHTTPRoute ${some.namespace}/${some.name}`} for some callers: those route all their services by MeshHTTPRoutes, the others by TrafficRoutes, and rules of ours would move callers from one to the other`,
    'route the mesh by one of the two kinds',
  );
}

const isForEverybody = (route: MeshRoute): boolean =>
  route.targetRef.kind === 'Mesh' &&
  route.targetRef.proxyTypes === undefined &&
  (route.role === 'producer' || route.role === 'system') &&
  hasOldItem(route);

function refuseFirstTrafficRoute(mesh: string): ReturnType<typeof refuse> {
  return refuse(
    'first-traffic-route',
    `Mesh ${mesh} has no TrafficRoute. The first one would make its proxies route by TrafficRoutes alone, and the connections to every service that none is for would be closed`,
    'take routing: TrafficRoute out of the options of this cluster, so that MeshHTTPRoutes are written',
  );
}

function refuseFirstMeshRoute(mesh: string): ReturnType<typeof refuse> {
  return refuse(
    'first-mesh-http-route',
    `Mesh ${mesh} routes by TrafficRoutes. The first MeshHTTPRoute would make the proxies that it is for route all their services by MeshHTTPRoutes, and TrafficRoutes would stop counting for them`,
    'take routing: MeshHTTPRoute out of the options of this cluster, so that TrafficRoutes are written',
  );
}
