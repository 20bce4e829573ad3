import type { MeshContext } from '../plan/types.js';
import type { LeaseDeps } from '../sessions/lease/lease-holder.js';
import { TIMING } from '../sessions/timing.js';
import type { CleanDeps } from '../sessions/types.js';
import type { RouteDeps } from './types.js';

export function meshOf({ cluster, adapter, env }: RouteDeps): MeshContext {
  return { cluster, adapter, env };
}

export function leaseDeps({ cluster, clock, timing, identity }: RouteDeps): LeaseDeps {
  return { cluster, clock, timing: timing ?? TIMING, identity };
}

export function cleanDepsOf(deps: RouteDeps): CleanDeps {
  const { cluster, adapter, env, clock, identity, log, timing } = deps;
  return {
    cluster,
    meshes: [{ adapter, env }],
    clock,
    identity,
    isGone: (other) => deps.isGone(other),
    log,
    ...(timing === undefined ? {} : { timing }),
  };
}
