/** The middle of a set of numbers. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Runs both in turn, so that a machine that slows down slows both; medians in ms. */
export async function inTurn(rounds: number, ours: () => unknown, anchor: () => unknown): Promise<{ ours: number; anchor: number }> {
  const times = { ours: [] as number[], anchor: [] as number[] };
  for (let round = 0; round < rounds + 1; round += 1) {
    for (const [name, run] of [
      ['anchor', anchor],
      ['ours', ours],
    ] as const) {
      const start = performance.now();
      await run();
      if (round > 0) times[name].push(performance.now() - start);
    }
  }
  return { ours: median(times.ours), anchor: median(times.anchor) };
}

export function report(what: string, result: { ours: number; anchor: number }, anchor: string, goal: string): void {
  const ratio = (result.ours / result.anchor).toFixed(2);
  console.log(`${what}: ${result.ours.toFixed(1)} ms; ${anchor}: ${result.anchor.toFixed(1)} ms; ratio ${ratio} (goal ${goal})`);
}
