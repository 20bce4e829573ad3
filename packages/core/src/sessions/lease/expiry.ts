import type { Identity } from '../types.js';
import type { LeaseView } from './lease-object.js';
import type { SessionRecord } from './record.js';

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
  if (lease.record?.kind === 'route') return standingOfRoute(lease, lease.record, context);
  const holder = lease.record?.holder;
  if (holder !== undefined && isOwnCrash(holder, context)) {
    return { is: 'abandoned', why: `its process ${holder.pid} on this machine is gone` };
  }
  if (lease.renewedAt === undefined) {
    // Somebody broke it: it may not be judged by time.
    return { is: 'live', why: 'its Lease has no renewTime' };
  }
  const age = Math.round((context.serverTime - lease.renewedAt) / 1000);
  if (isExpired(lease, context.serverTime, context.graceMs)) return { is: 'expired', why: `not renewed for ${age} s` };
  return { is: 'live', why: `renewed ${Math.max(0, age)} s ago` };
}

/** A standing route stands whatever became of who made it. Only a change that was begun and not finished is somebody else's business. */
function standingOfRoute(lease: LeaseView, { state, holder }: SessionRecord, context: StandingContext): Standing {
  if (state === 'active') return { is: 'live', why: 'a standing route never expires' };
  const unfinished = 'a change of it was not finished';
  if (isOwnCrash(holder, context)) return { is: 'abandoned', why: `${unfinished}, and process ${holder.pid} on this machine is gone` };
  const { acquiredAt = 0, durationMs } = lease;
  if (acquiredAt + durationMs + context.graceMs < context.serverTime) return { is: 'expired', why: unfinished };
  return { is: 'live', why: `${holder.user}@${holder.host} is changing it` };
}

function isOwnCrash(holder: Identity, context: StandingContext): boolean {
  const me = context.identity;
  if (me !== undefined && (me.user !== holder.user || me.host !== holder.host)) return false;
  return context.isGone(holder) === true;
}
