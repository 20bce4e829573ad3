import type { Timing } from '../timing.js';
import type { Clock } from '../types.js';
import type { LeaseHolder } from './lease-holder.js';

/** Renews until the signal aborts or the Lease is lost. A failed attempt is told and tried again at the next turn. */
export async function keepRenewed(
  holder: LeaseHolder,
  deps: { readonly clock: Clock; readonly timing: Timing },
  signal: AbortSignal,
  onFailure: (error: unknown) => void,
): Promise<void> {
  while (!signal.aborted && holder.lost === undefined) {
    await deps.clock.sleep(deps.timing.renewMs, signal);
    if (signal.aborted || holder.lost !== undefined) return;
    try {
      await holder.renew();
    } catch (error) {
      if (holder.lost === undefined) onFailure(error);
    }
  }
}
