import type { Change, MeshEnvironment, Observed, ServiceRef, Target, Version } from '@heddle/core';
import { destinationsOf } from '../decode/client-conditions.js';
import { decidingTables } from '../decode/deciding.js';
import { hostsMatch, isWildcard } from '../decode/hosts.js';
import { readWorld } from '../decode/world.js';
import type { VirtualService, World } from '../decode/world-types.js';

/**
 * What the edits of a change touch besides its own requests: every other service and host of the VirtualServices that decide, and
 * the other ports of the services, since a VirtualService that is created for one port's sake takes over all of them. A shadow among the
 * service's own pods is touched by whatever leads to these, copies of requests and connections too.
 */
export function affects(change: Change, seen: Observed, env: MeshEnvironment): Target {
  const world = readWorld(seen, env);
  const { tables } = decidingTables({ services: change.services }, seen, env, world);
  const leading = change.versions.some(isShadowBehind(change)) ? leadingTo(change, world) : [];
  const hosts = new Set([...tables.flatMap(({ virtualServices }) => virtualServices), ...leading].flatMap((one) => one.hosts));
  const services = world.services.filter(
    (service) =>
      change.services.some(({ namespace, name }) => namespace === service.namespace && name === service.name) ||
      [...hosts].some((host) => (isWildcard(host) ? hostsMatch(host, service.host) : host === service.host)),
  );
  const known = new Set(services.map(({ host }) => host));
  const others = [...hosts].filter((host) => !isWildcard(host) && !known.has(host));
  return {
    services: services.flatMap((service) =>
      service.ports
        .filter(({ protocol }) => protocol !== 'udp')
        .map((port): ServiceRef => ({ namespace: service.namespace, name: service.name, port: port.number })),
    ),
    ...(others.length === 0 ? {} : { hosts: others }),
  };
}

/** A session's version is its shadow. */
const isShadowBehind =
  ({ owner }: Change) =>
  ({ realise }: Version): boolean =>
    owner.kind === 'session' && realise === 'subset';

function leadingTo({ services }: Change, world: World): readonly VirtualService[] {
  const targets = new Set(services.map(({ namespace, name }) => `${name}.${namespace}.svc.${world.domain}`));
  return world.virtualServices.filter((one) => destinationsOf(one, world.domain).some((host) => targets.has(host)));
}
