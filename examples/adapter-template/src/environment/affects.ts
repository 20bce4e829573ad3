import type { Change, MeshEnvironment, Observed, Target } from '@heddle/core';
import { readWorld } from '../decode/world.js';

/** Routes are merged for a whole Service, so that the other ports of the services are as before is checked too. */
export function affects(change: Change, seen: Observed, env: MeshEnvironment): Target {
  const { services } = readWorld(seen, env);
  const changed = services.filter(({ namespace, name }) => change.services.some((one) => one.namespace === namespace && one.name === name));
  return {
    services: changed.flatMap(({ namespace, name, ports }) =>
      ports.filter(({ http }) => http).map((port) => ({ namespace, name, port: port.number })),
    ),
  };
}
