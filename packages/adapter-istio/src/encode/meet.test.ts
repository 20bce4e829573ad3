import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meet, meetPaths } from './meet.js';
import type { StringMatch } from './string-match.js';

const cs = (uri: StringMatch) => ({ uri, ignoreCase: false });
const ci = (uri: StringMatch) => ({ uri, ignoreCase: true });

describe('meet', () => {
  it.each([
    [{ exact: 'a' }, { exact: 'a' }, { is: { exact: 'a' } }],
    [{ exact: 'a' }, { exact: 'b' }, 'never'],
    [{ prefix: 'a' }, { exact: 'ab' }, { is: { exact: 'ab' } }],
    [{ exact: 'ab' }, { regex: 'a.' }, { is: { exact: 'ab' } }],
    [{ exact: 'ab' }, { regex: 'a' }, 'never'],
    [{ prefix: 'a' }, { prefix: 'ab' }, { is: { prefix: 'ab' } }],
    [{ prefix: 'ab' }, { prefix: 'a' }, { is: { prefix: 'ab' } }],
    [{ prefix: 'a' }, { prefix: 'b' }, 'never'],
    [{ prefix: 'a' }, { regex: 'b' }, 'undecided'],
    [{ regex: 'a' }, { regex: 'b' }, 'undecided'],
    [{ regex: 'a' }, { regex: 'a' }, { is: { regex: 'a' } }],
    [{}, { prefix: 'a' }, { is: { prefix: 'a' } }],
    [{ prefix: 'a' }, {}, { is: { prefix: 'a' } }],
  ])('%j and %j: %j', (foreign, ours, expected) => expect(meet(foreign, ours as StringMatch)).toEqual(expected));

  it('says just the values that satisfy both', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 3 });
    const is = fc.oneof(
      text.map((exact): StringMatch => ({ exact })),
      text.map((prefix): StringMatch => ({ prefix })),
    );
    const holds = (one: StringMatch, value: string) =>
      'exact' in one ? one.exact === value : value.startsWith(String('prefix' in one ? one.prefix : ''));
    fc.assert(
      fc.property(is, is, text, (a, b, value) => {
        const met = meet(a, b);
        const both = holds(a, value) && holds(b, value);
        expect(typeof met === 'string' ? false : holds(met.is, value)).toBe(both);
      }),
    );
  });
});

describe('meetPaths', () => {
  it('compares ignoring case where both do', () => {
    expect(meetPaths(ci({ prefix: '/Api' }), ci({ exact: '/API/x' }))).toEqual(ci({ exact: '/api/x' }));
    expect(meetPaths(ci({ prefix: '/api' }), ci({ exact: '/app' }))).toBe('never');
  });

  it('takes every path of a catch-all as the other', () => {
    for (const everything of [{ prefix: '/' }, { regex: '.*' }, {}] as StringMatch[]) {
      expect(meetPaths(cs(everything), ci({ exact: '/a' }))).toEqual(ci({ exact: '/a' }));
      expect(meetPaths(ci({ exact: '/a' }), cs(everything))).toEqual(ci({ exact: '/a' }));
    }
  });

  it('does not guess', () => {
    expect(meetPaths(ci({ prefix: '/api' }), cs({ exact: '/api/x' }))).toBe('undecided');
    expect(meetPaths(ci({ exact: '/api' }), cs({ regex: '/api' }))).toBe('undecided');
    expect(meetPaths(cs({ prefix: '/api' }), cs({ regex: '/a.*' }))).toBe('undecided');
  });
});
