import type { Clock, Identity, SessionDeps, Timing } from '@heddle/core';
import type { Connection } from './connections.js';
import type { MeshChoice } from './mesh-choice.js';
import type { Tunnels } from './tunnels.js';

/** What core's sessions need, for a cluster and its mesh. Loads the tunnel that is chosen. */
export type SessionDepsFor = (connection: Connection, mesh: MeshChoice, log: SessionDeps['log']) => Promise<SessionDeps>;

export function createSessionDeps(deps: {
  readonly tunnels: Tunnels;
  readonly clock: Clock;
  readonly identity: Identity;
  readonly isGone: (identity: Identity) => boolean | undefined;
  readonly timing?: Timing;
}): SessionDepsFor {
  return async ({ cluster, entry }, { adapter, env }, log) => ({
    cluster,
    adapter,
    env,
    tunnel: await deps.tunnels.load(entry),
    clock: deps.clock,
    identity: deps.identity,
    isGone: deps.isGone,
    log,
    ...(deps.timing === undefined ? {} : { timing: deps.timing }),
  });
}
