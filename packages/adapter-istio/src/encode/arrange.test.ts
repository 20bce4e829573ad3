import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrange, isForeign, placedOthers } from './arrange.js';

const ours = (kind: string, id: string, n = 0, match: unknown[] = [{ headers: { h: {} } }]) => ({
  name: `heddle/${kind}/shop/${id}/${n}`,
  match,
});
const foreign = [{ name: 'f0' }, {}, { name: 'f2' }];

describe('arrange', () => {
  it('puts sessions first, older before younger, then standing routes by id, then what is foreign; rules of one owner as it numbered them', () => {
    const rules = [
      ours('route', 'zeta'),
      ours('route', 'beta', 1, []),
      ours('route', 'beta'),
      ours('session', 'b2', 1),
      ours('route', 'alpha'),
      ours('session', 'b2', 0),
      ours('session', 'a1'),
    ];
    const names = arrange(
      foreign,
      rules.map((rule) => ({ gap: 0, rule })),
    ).map((rule) => ('name' in rule ? rule.name : undefined));
    expect(names).toEqual([
      'heddle/session/shop/a1/0',
      'heddle/session/shop/b2/0',
      'heddle/session/shop/b2/1',
      'heddle/route/shop/alpha/0',
      'heddle/route/shop/beta/0',
      'heddle/route/shop/beta/1',
      'heddle/route/shop/zeta/0',
      'f0',
      undefined,
      'f2',
    ]);
  });

  it('keeps gaps, also where fewer foreign rules are left', () => {
    const placed = [
      { gap: 2, rule: ours('session', 'a1', 1) },
      { gap: 9, rule: ours('session', 'a1', 2) },
    ];
    expect(arrange(foreign, placed).map((rule) => rule.name)).toEqual([
      'f0',
      undefined,
      'heddle/session/shop/a1/1',
      'f2',
      'heddle/session/shop/a1/2',
    ]);
  });

  it('leaves foreign rules untouched and in order, and gives the same list whoever was there first', () => {
    const gap = fc.nat({ max: 3 });
    const some = (id: string) =>
      fc.array(gap, { maxLength: 4 }).map((gaps) => gaps.sort().map((at, n) => ({ gap: at, rule: ours('session', id, n) })));
    fc.assert(
      fc.property(some('a1'), some('b2'), (a, b) => {
        const owner = (id: string) => ({ kind: 'session' as const, namespace: 'shop', id });
        const first = arrange(foreign, a);
        const ab = arrange(foreign, [...placedOthers(first, owner('b2')), ...b]);
        const ba = arrange(foreign, [...placedOthers(arrange(foreign, b), owner('a1')), ...a]);
        expect(ab).toEqual(ba);
        expect(ab.filter(isForeign)).toEqual(foreign);
      }),
    );
  });
});
