/** A stream of choices that a seed decides: equal seeds choose equally, on every machine and in every version of Node. */
export interface Random {
  /** A whole number from 0, below the bound. */
  below(bound: number): number;
  /** True with a probability from 0 to 1. */
  chance(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
  /** One of the values, each as often as its weight says. */
  weighted<T>(choices: readonly (readonly [weight: number, value: T])[]): T;
  /** Different items in their order, at least and at most so many. */
  some<T>(from: readonly T[], least: number, most: number): readonly T[];
  /** The items in any order. */
  shuffled<T>(from: readonly T[]): readonly T[];
}

/** The stream of a seed and the numbers after it: `randomFrom(7, 12)` is the twelfth case of seed 7, whatever came before. */
export function randomFrom(...seeds: readonly number[]): Random {
  const next = sfc32(seeds);
  const below = (bound: number): number => Math.floor((next() / 2 ** 32) * bound);
  const chance = (probability: number): boolean => next() / 2 ** 32 < probability;
  const pick = <T>(from: readonly T[]): T => {
    const found = from[below(from.length)];
    if (from.length === 0) throw new RangeError('nothing to pick from');
    return found as T;
  };
  const weighted = <T>(choices: readonly (readonly [number, T])[]): T => {
    let left = below(choices.reduce((sum, [weight]) => sum + weight, 0));
    const found = choices.find(([weight]) => {
      left -= weight;
      return left < 0;
    });
    return (found ?? pick(choices))[1];
  };
  const shuffled = <T>(from: readonly T[]): readonly T[] => {
    const out = [...from];
    for (let end = out.length - 1; end > 0; end -= 1) {
      const at = below(end + 1);
      [out[end], out[at]] = [out[at] as T, out[end] as T];
    }
    return out;
  };
  const some = <T>(from: readonly T[], least: number, most: number): readonly T[] => {
    const count = Math.min(from.length, least + below(most - least + 1));
    const chosen = new Set(shuffled(from.map((_, index) => index)).slice(0, count));
    return from.filter((_, index) => chosen.has(index));
  };
  return { below, chance, pick, weighted, some, shuffled };
}

/** The sfc32 generator (PractRand), its state mixed from the seeds. */
function sfc32(seeds: readonly number[]): () => number {
  let [a, b, c, counter] = [0x9e3779b9, 0x243f6a88, 0xb7e15162, 1];
  const step = (): number => {
    const out = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + out) | 0;
    return out >>> 0;
  };
  for (const seed of seeds) {
    a ^= seed | 0;
    c ^= Math.floor(seed / 2 ** 32) | 0;
    for (let round = 0; round < 12; round += 1) step();
  }
  return step;
}
