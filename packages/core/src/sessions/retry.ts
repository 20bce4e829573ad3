import { clusterReason } from '../errors/cluster-error.js';
import type { Timing } from './timing.js';
import type { Clock } from './types.js';

const TRANSIENT = ['Unreachable', 'Timeout', 'ServerTimeout', 'TooManyRequests', 'ServiceUnavailable', 'InternalError'];
const ATTEMPTS = 4;

/** Whether the same request may succeed a moment later. */
export function isTransient(error: unknown): boolean {
  const reason = clusterReason(error);
  return reason !== undefined && TRANSIENT.includes(reason);
}

/** Tries again, with growing pauses, what failed for a passing reason. For work that may be done twice. */
export async function persistently<T>(deps: { readonly clock: Clock; readonly timing: Timing }, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= ATTEMPTS || !isTransient(error)) throw error;
      await deps.clock.sleep(deps.timing.backOffFirstMs * 2 ** (attempt - 1));
    }
  }
}
