import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../scripts/record/generate/random.js';

describe('choices from a seed', () => {
  it('are the same on every machine and in every version', () => {
    const random = randomFrom(1, 2);
    expect(Array.from({ length: 6 }, () => random.below(1000))).toMatchInlineSnapshot(`
      [
        344,
        98,
        104,
        73,
        459,
        467,
      ]
    `);
  });

  it('are others for another seed or case', () => {
    const stream = (...seeds: number[]) => {
      const random = randomFrom(...seeds);
      return Array.from({ length: 8 }, () => random.below(1_000_000)).join();
    };
    expect(new Set([stream(1, 2), stream(2, 1), stream(1, 3), stream(1), stream(2 ** 33 + 1, 2)]).size).toBe(5);
  });

  it('follow weights', () => {
    const random = randomFrom(3);
    const picked = Array.from({ length: 4000 }, () =>
      random.weighted([
        [3, 'often'],
        [1, 'seldom'],
        [0, 'never'],
      ]),
    );
    expect(picked.filter((one) => one === 'never')).toHaveLength(0);
    expect(picked.filter((one) => one === 'often').length / picked.length).toBeCloseTo(0.75, 1);
  });

  it('keep the order of what some are taken from, each at most once', () => {
    const random = randomFrom(4);
    for (let round = 0; round < 50; round += 1) {
      const taken = random.some([1, 2, 3, 4], 1, 3);
      expect(taken).toEqual([...new Set(taken)].sort());
      expect(taken.length).toBeGreaterThanOrEqual(1);
      expect(taken.length).toBeLessThanOrEqual(3);
    }
  });
});
