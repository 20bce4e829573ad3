import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shareOf } from './share.js';

const counted = (percent: number): number | undefined => {
  const share = shareOf(percent, 'mirror');
  return 'ok' in share ? Math.trunc(share.ok.value * 10_000) : undefined;
};

describe('a percentage', () => {
  it('is written so that Istio counts it exactly, which cuts off what a product falls short by', () => {
    expect(Math.trunc(1.13 * 10_000)).toBe(11_299);
    expect(shareOf(1.13, 'mirror')).toEqual({ ok: { value: 1.13001 } });
    expect(shareOf(10, 'mirror')).toEqual({ ok: { value: 10 } });
    fc.assert(fc.property(fc.integer({ min: 0, max: 1_000_000 }), (n) => void expect(counted(n / 10_000)).toBe(n)));
  });

  it('is refused where it is none, or finer than Istio counts', () => {
    for (const percent of [-1, 100.1, 0.000_05, 33.333_33, Number.NaN]) expect(counted(percent)).toBeUndefined();
  });
});
