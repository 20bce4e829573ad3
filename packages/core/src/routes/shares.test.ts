import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeShares, parseShares } from './shares.js';

describe('parseShares', () => {
  it('reads what describeShares writes', () => {
    const parts = fc.uniqueArray(fc.nat({ max: 100 }), { maxLength: 4 }).map((cuts) => [0, ...cuts.sort((a, b) => a - b), 100]);
    fc.assert(
      fc.property(parts, (cuts) => {
        const shares = cuts.slice(1).map((cut, index) => ({ version: `v${index}`, weight: cut - (cuts[index] ?? 0) }));
        expect(parseShares(describeShares(shares, '=').split(' '))).toEqual(shares);
      }),
    );
  });

  it.each([
    [[], 'at least once'],
    [['v1=90', 'v2=9'], 'v1=90 v2=9, which sums to 99'],
    [['v1=0'], 'sums to 0'],
    [['v1=33.3', 'v2=66.7'], 'a whole number of percent, received v1=33.3'],
    [['v1=-10', 'v2=110'], 'received v1=-10'],
    [['=100'], 'received =100'],
    [['v1=50', 'v1=50'], 'each version once, received v1 twice'],
    [['a b=100'], 'received a b=100'],
  ])('%j', (texts, message) => {
    expect(() => parseShares(texts)).toThrow(message);
    expect(() => parseShares(texts)).toThrow(expect.objectContaining({ code: 'shares-invalid', exit: 'usage' }));
  });

  it('says what relative weights would be', () => {
    expect(() => parseShares(['v1=3', 'v2=1'])).toThrow(
      expect.objectContaining({ next: expect.arrayContaining(['Did you mean v1=75 v2=25?']) }),
    );
  });
});
