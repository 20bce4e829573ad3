import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { regexCache } from '../evaluate/re2.js';
import { viewRequest } from '../evaluate/request-view.js';
import type { Match, PathMatch, Request, Str } from '../model/match.js';
import { anyHolds } from './decide.js';
import { type Overlap, overlapping } from './overlap.js';

const header = (name: string, is: Str): Match => ({ headers: [{ name, is }] });
const path = (kind: PathMatch['kind'], value: string): Match => ({ path: { kind, value } });

describe('overlapping', () => {
  const cases: readonly (readonly [string, readonly Match[], readonly Match[], Overlap])[] = [
    ['equal matches', [header('x', { exact: 'a' })], [header('x', { exact: 'a' })], 'equal'],
    ['nothing asked, in two spellings', [], [{}], 'equal'],
    ['fewer conditions', [header('x', { exact: 'a' })], [{ ...header('x', { exact: 'a' }), method: { exact: 'GET' } }], 'contains'],
    [
      'more conditions',
      [
        {
          headers: [
            { name: 'x', is: { exact: 'a' } },
            { name: 'y', is: { present: true } },
          ],
        },
      ],
      [header('x', { exact: 'a' })],
      'contained',
    ],
    ['a regex and a value that it accepts', [header('x', { regex: 'al.ce|bob' })], [header('x', { exact: 'alice' })], 'contains'],
    ['a regex and a value that it does not', [header('x', { regex: 'al.ce|bob' })], [header('x', { exact: 'carol' })], 'disjoint'],
    ['two values of one header', [header('x', { exact: 'a' })], [header('x', { exact: 'b' })], 'disjoint'],
    ['two headers', [header('x', { exact: 'a' })], [header('y', { exact: 'a' })], 'may-meet'],
    ['two regexes', [header('x', { regex: 'a.*b' })], [header('x', { regex: '.*c' })], 'may-meet'],
    ['equal regexes', [header('x', { regex: 'a.?b' })], [header('x', { regex: 'a.?b' })], 'equal'],
    ['a regex that is a literal', [header('x', { regex: '^alice$' })], [header('x', { exact: 'alice' })], 'equal'],
    ['a regex within a regex', [header('x', { regex: '.*Firefox.*' })], [header('x', { regex: '.*Firefox/67\\.0.*' })], 'contains'],
    ['a prefix and a longer one', [header('x', { prefix: 'al' })], [header('x', { prefix: 'alice' })], 'contains'],
    ['a prefix and another', [header('x', { prefix: 'al' })], [header('x', { prefix: 'bo' })], 'disjoint'],
    ['a prefix and a regex under it', [header('x', { prefix: 'al' })], [header('x', { regex: 'ali[cs]e' })], 'contains'],
    ['presence and any value', [header('x', { present: true })], [header('x', { regex: '.+' })], 'contains'],
    ['presence and absence', [header('x', { present: true })], [header('x', { absent: true })], 'disjoint'],
    ['not this, and another', [header('x', { not: { exact: 'a' } })], [header('x', { exact: 'b' })], 'contains'],
    ['not this, and this', [header('x', { not: { exact: 'a' } })], [header('x', { exact: 'a' })], 'disjoint'],
    ['not this, and absence', [header('x', { not: { exact: 'a' } })], [header('x', { absent: true })], 'contains'],
    ['not empty, and absence', [header('x', { not: { exact: '' } })], [header('x', { absent: true })], 'disjoint'],
    ['segments', [path('segmentPrefix', '/api')], [path('exact', '/api/users')], 'contains'],
    ['segments and raw text', [path('segmentPrefix', '/api')], [path('exact', '/apix')], 'disjoint'],
    ['raw prefix and segments', [path('rawPrefix', '/api')], [path('segmentPrefix', '/api')], 'contains'],
    ['a slash is every path', [path('segmentPrefix', '/')], [{}], 'equal'],
    ['one of several', [header('x', { exact: 'a' }), header('x', { exact: 'b' })], [header('x', { exact: 'b' })], 'contains'],
    [
      'all of several',
      [header('x', { exact: 'a' }), header('x', { exact: 'b' })],
      [header('x', { exact: 'c' }), header('x', { exact: 'd' })],
      'disjoint',
    ],
  ];

  it.each(cases)('%s', (_, a, b, expected) => {
    expect(overlapping(a, b)).toBe(expected);
    const mirrored = { contains: 'contained', contained: 'contains' } as const;
    expect(overlapping(b, a)).toBe(expected === 'contains' || expected === 'contained' ? mirrored[expected] : expected);
  });

  it('never claims what some request denies', () => {
    fc.assert(
      fc.property(fc.array(matches, { maxLength: 2 }), fc.array(matches, { maxLength: 2 }), (a, b) => {
        const claim = overlapping(a, b);
        if (claim === 'may-meet') return;
        const denial = seen.find((view) => {
          const [inA, inB] = [anyHolds(a, view, cache), anyHolds(b, view, cache)];
          if (claim === 'disjoint') return inA && inB;
          return (inA && !inB && claim !== 'contains') || (inB && !inA && claim !== 'contained');
        });
        expect(denial?.request, claim).toBeUndefined();
      }),
      { numRuns: 2000 },
    );
  });

  it('sees that a match with a condition more is contained', () => {
    fc.assert(
      fc.property(matches, strs, (match, is) => {
        const narrower = { ...match, headers: [...(match.headers ?? []), { name: 'z', is }] };
        expect(['contains', 'equal']).toContain(overlapping([match], [narrower]));
      }),
    );
  });
});

const texts = ['', 'a', 'b', 'ab', 'abc', 'ba', 'A'];
const regexes = ['a', 'a.*', '.*', '.+', 'a|b', '.*b.*', '.*ab.*', '[ab]+', '(?i)a', 'ab?', '^b$', ''];
const positives: fc.Arbitrary<Str> = fc.oneof(
  fc.constantFrom(...texts).map((exact) => ({ exact })),
  fc.constantFrom(...texts).map((prefix) => ({ prefix })),
  fc.constantFrom(...regexes).map((regex) => ({ regex })),
  fc.constant({ present: true as const }),
);
const strs: fc.Arbitrary<Str> = fc.oneof(
  { weight: 4, arbitrary: positives },
  { weight: 1, arbitrary: fc.constant({ absent: true as const }) },
  { weight: 2, arbitrary: positives.map((is) => ({ not: is })) },
);
const pathValues = ['/', '/a', '/a/', '/ab', '/a/b', '/A'];
const paths: fc.Arbitrary<PathMatch> = fc.oneof(
  fc.record(
    {
      kind: fc.constantFrom('exact' as const, 'segmentPrefix' as const, 'rawPrefix' as const),
      value: fc.constantFrom(...pathValues),
      ignoreCase: fc.boolean(),
    },
    { requiredKeys: ['kind', 'value'] },
  ),
  fc.constantFrom('/a', '/a.*', '/.*', '.*', '/a/.+', '/[ab]').map((value) => ({ kind: 'regex' as const, value })),
);
const named = fc.record({ name: fc.constantFrom('x', 'y'), is: strs });
const matches: fc.Arbitrary<Match> = fc.record(
  { path: paths, method: positives, headers: fc.array(named, { maxLength: 3 }), query: fc.array(named, { maxLength: 1 }) },
  { requiredKeys: [] },
);

const values = [undefined, ...texts, 'xab'];
const universe: readonly Request[] = values.flatMap((x) =>
  [undefined, '', 'a', 'ab'].flatMap((y) =>
    [...pathValues, '/abc', '/a/b/c'].flatMap((at) =>
      ['a', 'ab'].map((method) => ({
        method,
        scheme: 'http' as const,
        host: 'h',
        port: 80,
        authority: 'h',
        path: `${at}${y === undefined ? '' : `?x=${y}`}`,
        headers: [...(x === undefined ? [] : [['x', x] as const]), ...(y === undefined ? [] : [['Y', y] as const])],
      })),
    ),
  ),
);
const cache = regexCache();
const seen = universe.map((request) => viewRequest(request, { joinRepeated: false, edge: false }));
