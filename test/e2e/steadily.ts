import type { Counts } from './worlds/index.js';

/** Calls without a pause until it is told to stop. */
export interface Steady {
  /** Kinds of answers that came so far, and how many of each. */
  readonly counts: Counts;
  stop(): Promise<Counts>;
}

/** `ask` makes some requests and counts their answers. */
export function steadily(ask: () => Promise<Counts>): Steady {
  const counts: Record<string, number> = {};
  let going = true;
  const loop = (async () => {
    while (going) {
      for (const [answer, count] of Object.entries(await ask())) counts[answer] = (counts[answer] ?? 0) + count;
    }
  })();
  return {
    counts,
    stop: async () => {
      going = false;
      await loop;
      return counts;
    },
  };
}
