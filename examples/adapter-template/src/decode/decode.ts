import {
  type Decoded,
  describeRef,
  type MeshEnvironment,
  type Observed,
  type Problem,
  type RouteTable,
  type Target,
  wasRead,
} from '@heddle/core';
import { attachedTo } from './attached.js';
import { destinationsIn } from './destinations.js';
import { gapsOf } from './gaps.js';
import { type Subject, subjectsOf } from './subjects.js';
import { tablesOf } from './tables.js';
import { findService, readWorld, type World } from './world.js';

/** What the routes make of requests for a target. Takes whatever users wrote and never throws. */
export function decode(target: Target, seen: Observed, env: MeshEnvironment): Decoded {
  const world = readWorld(seen, env);
  const subjects = subjectsOf(world, target);
  const domain = env.settings.clusterDomain ?? 'cluster.local';
  const tables = tablesOf(world, subjects, (service) => destinationsIn(world, service, domain));
  return {
    tables,
    problems: [
      ...(wasRead(seen, '', 'Service') ? missing(world, target) : []),
      ...subjects.flatMap((subject) => ignored(subject, world)),
      ...tables.flatMap(deadEnds),
    ],
    gaps: gapsOf(world, subjects, seen),
  };
}

function missing(world: World, { services }: Target): readonly Problem[] {
  return services.flatMap(({ namespace, name, port }) => {
    const service = findService(world, namespace, name);
    if (service === undefined) return [{ code: 'service-missing', message: `There is no Service ${namespace}/${name}` }];
    if (service.ports.some(({ number }) => number === port)) return [];
    return [{ code: 'port-missing', message: `Service ${namespace}/${name} has no port ${port}`, ref: service.ref }];
  });
}

function ignored({ service, port }: Subject, { routes }: World): readonly Problem[] {
  return attachedTo(service, port, routes).flatMap((attached) =>
    attached.ignored.map(({ ref }) => ({
      code: 'route-ignored',
      message: `${describeRef(ref)} does not count for ${service.namespace}/${service.name}:${port}: an older route names its parent in the other form, with or without a port`,
      ref,
    })),
  );
}

function deadEnds({ rules }: RouteTable): readonly Problem[] {
  return rules.flatMap(({ action, origins: [origin] }) => {
    if (typeof action !== 'object' || !('to' in action)) return [];
    return action.to
      .filter(({ endpoints }) => endpoints === 'no-cluster' || endpoints.length === 0)
      .map(({ host, port, endpoints }) => ({
        code: endpoints === 'no-cluster' ? 'destination-missing' : 'destination-empty',
        message: `${origin === undefined ? '' : `${describeRef(origin.ref)}: `}${host}:${port} ${endpoints === 'no-cluster' ? 'does not exist' : 'has no ready Pod'}`,
        ...(origin === undefined ? {} : { ref: origin.ref }),
      }));
  });
}
