import { createHash } from 'node:crypto';

/** A number in [0, 1), anew for each call: weights, mirrors and faults are drawn with it, each on its own. */
export type Chance = () => number;

/** The same numbers in the same order for the same seed. */
export function seededChance(seed: number): Chance {
  let drawn = 0;
  return () => {
    drawn += 1;
    return createHash('sha256').update(`${seed} ${drawn}`).digest().readUInt32BE() / 2 ** 32;
  };
}
