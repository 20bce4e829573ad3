import type { Clock, Identity, SessionDeps, Timing } from '@heddle/core';
import type { HeddleConfig } from '../config/types.js';
import { type Catalogue, findPart } from '../plugins/catalogue.js';
import { type ImportModule, loadTunnel } from '../plugins/load-part.js';
import type { Connection } from './connections.js';
import type { MeshChoice } from './mesh-choice.js';

/** What core's sessions need, for a cluster and its mesh. Loads the configured tunnel. */
export type SessionDepsFor = (connection: Connection, mesh: MeshChoice, log: SessionDeps['log']) => Promise<SessionDeps>;

export function createSessionDeps(deps: {
  readonly config: HeddleConfig;
  readonly catalogue: Catalogue;
  readonly importModule: ImportModule;
  readonly clock: Clock;
  readonly identity: Identity;
  readonly isGone: (identity: Identity) => boolean | undefined;
  readonly timing?: Timing;
}): SessionDepsFor {
  return async ({ cluster }, { adapter, env }, log) => ({
    cluster,
    adapter,
    env,
    tunnel: await loadTunnel(findPart(deps.catalogue, 'tunnel', deps.config.defaults.tunnel), deps.importModule),
    clock: deps.clock,
    identity: deps.identity,
    isGone: deps.isGone,
    log,
    ...(deps.timing === undefined ? {} : { timing: deps.timing }),
  });
}
