import type { Identity } from '../types.js';
import type { LeaseView } from './lease-object.js';

/** Why somebody else may clean up after a session, or why not. */
export type Standing =
  | { readonly is: 'live'; readonly why: string }
  /** Rule (a): renewTime + duration + grace lies before now. */
  | { readonly is: 'expired'; readonly why: string }
  /** Rule (g): its process ran here, as this user, and is gone. */
  | { readonly is: 'abandoned'; readonly why: string };

export interface StandingContext {
  /** By the API server's clock, in which renewTime is written too. Local clocks are never compared. Ms. */
  readonly serverTime: number;
  readonly graceMs: number;
  /** Whose crashes count as one's own; absent: any process of this host that is known to be gone. */
  readonly identity?: Identity;
  isGone(identity: Identity): boolean | undefined;
}

export function isExpired(lease: Pick<LeaseView, 'renewedAt' | 'durationMs'>, serverTime: number, graceMs: number): boolean {
  return lease.renewedAt !== undefined && lease.renewedAt + lease.durationMs + graceMs < serverTime;
}

export function standingOf(lease: LeaseView, context: StandingContext): Standing {
  const holder = lease.record?.holder;
  if (holder !== undefined && isOwnCrash(holder, context)) {
    return { is: 'abandoned', why: `its process ${holder.pid} on this machine is gone` };
  }
  if (lease.renewedAt === undefined) {
    // A standing route has no renewTime by design; so has a Lease that somebody broke, and neither may be judged by time.
    return { is: 'live', why: lease.record?.kind === 'route' ? 'a standing route never expires' : 'its Lease has no renewTime' };
  }
  const age = Math.round((context.serverTime - lease.renewedAt) / 1000);
  if (isExpired(lease, context.serverTime, context.graceMs)) return { is: 'expired', why: `not renewed for ${age} s` };
  return { is: 'live', why: `renewed ${Math.max(0, age)} s ago` };
}

function isOwnCrash(holder: Identity, context: StandingContext): boolean {
  const me = context.identity;
  if (me !== undefined && (me.user !== holder.user || me.host !== holder.host)) return false;
  return context.isGone(holder) === true;
}
