import { type Findings, type MeshEnvironment, type Observed, objectsOf, type Target, unreadGaps, wasRead } from '@heddle/core';
import { ambientMessage, isAmbient } from './ambient.js';
import { reportRoutes } from './gateway-api/report-routes.js';
import { hostsMatch } from './hosts.js';
import { record, records, text, texts } from './raw.js';
import { baseQueries, podQueries } from './reads.js';
import type { Subjects } from './subjects.js';
import { NETWORKING } from './world.js';
import type { World } from './world-types.js';

/** Says what could not be read, and what was read but is not understood and concerns the target. */
export function reportUnread(
  world: World,
  target: Target,
  subjects: Subjects,
  seen: Observed,
  env: MeshEnvironment,
  found: Findings,
): void {
  for (const { feature, message } of unreadGaps([...baseQueries(), ...podQueries(world, subjects)], seen)) found.gap(feature, message);
  for (const { namespace, name, port } of target.services) {
    const service = world.services.find((one) => one.namespace === namespace && one.name === name);
    if (service === undefined) {
      if (wasRead(seen, '', 'Service')) found.problem('service-missing', `there is no Service ${namespace}/${name}`);
    } else if (!service.ports.some((one) => one.number === port)) {
      found.problem('port-missing', `Service ${namespace}/${name} has no port ${port}`, service.ref);
    }
  }
  reportRoutes(world, subjects, env, found);
  reportServiceEntries(subjects, seen, found);
  reportEnvoyFilters(seen, found);
  reportWaypoints(subjects, seen, found);
}

function reportServiceEntries(subjects: Subjects, seen: Observed, found: Findings): void {
  const names = [...[...subjects.services.keys()].map(({ host }) => host), ...subjects.hosts.keys()];
  for (const object of objectsOf(seen, NETWORKING, 'ServiceEntry')) {
    const meta = record(object.metadata);
    const hosts = texts(record(object.spec).hosts);
    if (hosts.some((host) => names.some((name) => hostsMatch(host, name)))) {
      found.gap('ServiceEntry', `ServiceEntry ${text(meta.namespace)}/${text(meta.name)} has a host in question and is not read`);
    }
  }
}

const ROUTING_PATCHES = new Set(['ROUTE_CONFIGURATION', 'VIRTUAL_HOST', 'HTTP_ROUTE', 'CLUSTER', 'LISTENER', 'FILTER_CHAIN']);

function reportEnvoyFilters(seen: Observed, found: Findings): void {
  for (const object of objectsOf(seen, NETWORKING, 'EnvoyFilter')) {
    const meta = record(object.metadata);
    const patches = [...new Set(records(record(object.spec).configPatches).map((patch) => text(patch.applyTo)))];
    const named = `EnvoyFilter ${text(meta.namespace)}/${text(meta.name)}`;
    const routing = patches.filter((applyTo) => ROUTING_PATCHES.has(applyTo));
    const message = `${named} patches ${patches.join(', ')}: what it does to requests is not read`;
    found.problem(routing.length > 0 ? 'envoy-filter-routes' : 'envoy-filter', message);
  }
}

/** A waypoint proxy decides instead of the caller's sidecar for callers in ambient mode. */
function reportWaypoints(subjects: Subjects, seen: Observed, found: Findings): void {
  const namespaces = new Map(objectsOf(seen, '', 'Namespace').map((object) => [text(record(object.metadata).name), object]));
  for (const service of subjects.services.keys()) {
    const carriers = [service.object, namespaces.get(service.namespace)];
    const waypoint = carriers
      .map((object) => text(record(record(object?.metadata).labels)['istio.io/use-waypoint']))
      .find((name) => name !== '');
    if (waypoint !== undefined && waypoint !== 'none') {
      found.gap('waypoint', `${service.namespace}/${service.name} has the waypoint ${waypoint}: what it does is not read`, service.ref);
    } else if (isAmbient(service.namespace, seen)) found.problem('ambient', ambientMessage(service.namespace), service.ref);
  }
}
