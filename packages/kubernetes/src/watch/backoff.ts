import { setTimeout as pause } from 'node:timers/promises';

export interface Backoff {
  /** Pauses: not at all after progress, else twice as long as before, with jitter. Resolves early when the signal aborts. */
  wait(progress: boolean, signal: AbortSignal): Promise<void>;
}

export function createBackoff(range: { readonly first: number; readonly most: number }): Backoff {
  let step = 0;
  return {
    async wait(progress, signal) {
      if (progress) {
        step = 0;
        return;
      }
      const ms = Math.min(range.most, range.first * 2 ** step) * (0.5 + Math.random() / 2);
      step = Math.min(step + 1, 16);
      await pause(ms, undefined, { signal }).catch(() => undefined);
    },
  };
}
