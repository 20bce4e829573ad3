import type { MeshContext } from '../plan/types.js';
import type { StandingContext } from './lease/expiry.js';
import type { LeaseDeps } from './lease/lease-holder.js';
import { TIMING } from './timing.js';
import type { CleanDeps, SessionDeps } from './types.js';

export function meshOf({ cluster, adapter, env }: Pick<SessionDeps, 'cluster' | 'adapter' | 'env'>): MeshContext {
  return { cluster, adapter, env };
}

export function leaseDepsOf({ cluster, clock, timing, identity }: Pick<CleanDeps, 'cluster' | 'clock' | 'timing' | 'identity'>): LeaseDeps {
  return { cluster, clock, timing: timing ?? TIMING, identity };
}

/** To clean up with what a session or a standing route has at hand: its own mesh. */
export function cleanDepsOf(deps: Omit<SessionDeps, 'tunnel'>): CleanDeps {
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

/** What it takes to judge a Lease now; asks the API server for its time. */
export async function standingContext(deps: Pick<CleanDeps, 'cluster' | 'identity' | 'isGone' | 'timing'>): Promise<StandingContext> {
  return {
    serverTime: await deps.cluster.serverTime(),
    graceMs: (deps.timing ?? TIMING).expiryGraceMs,
    identity: deps.identity,
    isGone: (other) => deps.isGone(other),
  };
}

/** Waits until proxies have heard of what was written (see `ApplyOptions.settle`): to its end, since requests are lost otherwise. */
export function settling({ clock, timing }: Pick<CleanDeps, 'clock' | 'timing'>): () => Promise<void> {
  return () => clock.sleep((timing ?? TIMING).settleMs);
}
