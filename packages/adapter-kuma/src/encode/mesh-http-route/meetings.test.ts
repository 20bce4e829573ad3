import { describe, expect, it } from 'vitest';
import type { Raw } from '../../decode/raw.js';
import { withMeetings } from './meetings.js';
import type { MatchDraft, RuleDraft } from './rule-draft.js';

const path = (value: string, type = 'PathPrefix') => ({ path: { type, value } });
const header = (...names: readonly string[]) => ({ headers: names.map((name) => ({ type: 'Exact', name, value: '1' })) });
const rule = (intent: number, raw: Raw, original?: Raw, conf: Raw = {}): RuleDraft => ({
  intent,
  where: 'a rule',
  matches: [{ raw, ...(original === undefined ? {} : { original }) } satisfies MatchDraft],
  content: { default: conf },
});

function matchesOf(rules: readonly RuleDraft[], weaker: readonly Raw[] = [], joinsRepeated = true): readonly (readonly Raw[])[] {
  const met = withMeetings(rules, weaker, joinsRepeated);
  if ('refused' in met) throw new Error(met.refused[0]?.message);
  return met.ok.map(({ matches }) => matches.map(({ raw }) => raw));
}

describe('withMeetings', () => {
  it('adds nothing where Kuma tries rules in the order wanted, or no request satisfies both', () => {
    expect(matchesOf([rule(0, path('/api')), rule(1, path('/'))])).toEqual([[path('/api')], [path('/')]]);
    const [one, other] = [
      { ...path('/'), ...header('x') },
      { ...path('/api'), headers: [{ type: 'Exact', name: 'x', value: '2' }] },
    ];
    expect(matchesOf([rule(0, one), rule(1, other)])).toEqual([[one], [other]]);
  });

  it('adds what satisfies both to the one that must be tried first', () => {
    expect(matchesOf([rule(0, { ...path('/'), ...header('x') }), rule(1, path('/api'))])).toEqual([
      [
        { ...path('/'), ...header('x') },
        { ...path('/api'), ...header('x') },
      ],
      [path('/api')],
    ]);
  });

  it('adds what satisfies three, once', () => {
    const made = matchesOf([rule(0, { ...path('/'), ...header('x') }), rule(1, { ...path('/a'), ...header('y') }), rule(2, path('/a/b'))]);
    expect(made).toEqual([
      [
        { ...path('/'), ...header('x') },
        { ...path('/a'), ...header('x', 'y') },
        // In front of the next one's for this path, as specific as it.
        { ...path('/a/b'), ...header('x') },
      ],
      [
        { ...path('/a'), ...header('y') },
        { ...path('/a/b'), ...header('y') },
      ],
      [path('/a/b')],
    ]);
  });

  it('keeps copies in the order of what they are copies of', () => {
    const wanted = path('/a/b/c');
    const made = matchesOf([rule(0, wanted, path('/a/b')), rule(0, { ...wanted, ...header('x') }, { ...path('/a'), ...header('x') })]);
    expect(made).toEqual([[wanted, { ...wanted, ...header('x') }], [{ ...wanted, ...header('x') }]]);
  });

  it('comes before weaker owners, and narrows no path whose prefix is replaced', () => {
    const ours = { ...path('/'), ...header('x') };
    expect(matchesOf([rule(0, ours)], [path('/api')])).toEqual([[ours, { ...path('/api'), ...header('x') }]]);
    const filters = [{ type: 'URLRewrite', urlRewrite: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/v2' } } }];
    expect(matchesOf([rule(0, ours, undefined, { filters })], [path('/api')])).toEqual([[ours]]);
  });

  it('refuses to add more matches than a route may have', () => {
    const rules = Array.from({ length: 18 }, (_, index) => rule(index, { ...path(`/${'a/'.repeat(index)}a`), ...header(`x${index}`) }));
    expect(withMeetings(rules, [], true)).toMatchObject({ refused: [{ code: 'specificity' }] });
  });
});
