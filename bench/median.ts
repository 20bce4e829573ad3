/** The middle of a set of numbers. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export interface Compared {
  /** Medians, in ms. */
  readonly ours: number;
  readonly anchor: number;
  /** The median of the rounds' own ratios: what slows one round down slows both of its halves. */
  readonly ratio: number;
}

/** Runs both in turn, now one first and now the other, after some rounds that are not counted. */
export async function inTurn(rounds: number, ours: () => unknown, anchor: () => unknown, uncounted = 1): Promise<Compared> {
  const times: { readonly ours: number; readonly anchor: number }[] = [];
  for (let round = 0; round < uncounted + rounds; round += 1) {
    const anchorFirst = round % 2 === 0 ? await timed(anchor) : undefined;
    const mine = await timed(ours);
    const other = anchorFirst ?? (await timed(anchor));
    if (round >= uncounted) times.push({ ours: mine, anchor: other });
  }
  return {
    ours: median(times.map((round) => round.ours)),
    anchor: median(times.map((round) => round.anchor)),
    ratio: median(times.map((round) => round.ours / round.anchor)),
  };
}

async function timed(run: () => unknown): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

export function report(what: string, { ours, anchor, ratio }: Compared, beside: string, goal: string): void {
  console.log(`${what}: ${ours.toFixed(1)} ms; ${beside}: ${anchor.toFixed(1)} ms; ratio ${ratio.toFixed(2)} (goal ${goal})`);
}
