import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { regexCache } from '../evaluate/re2.js';
import { viewRequest } from '../evaluate/request-view.js';
import type { Intent } from '../model/change.js';
import type { Match } from '../model/match.js';
import { anyHolds } from '../plan/decide.js';
import { composeIntents } from './compose-intents.js';

const jason: Match = { headers: [{ name: 'end-user', is: { exact: 'jason' } }] };
const api: Match = { path: { kind: 'segmentPrefix', value: '/api' } };
const all = (version: string) => ({ match: [], to: [{ version, weight: 100 }] });
const mirror = { version: 'v3', percent: 10 };
const fault = { abort: { percent: 100, status: 500 } };

describe('composeIntents', () => {
  it('gives requests that satisfy two dimensions a rule of their own, in front', () => {
    expect(composeIntents([{ match: [jason], to: [{ version: 'v2', weight: 100 }] }, all('v1'), { match: [api], mirror }])).toEqual({
      ok: [
        { match: [{ ...api, ...jason }], to: [{ version: 'v2', weight: 100 }], mirror },
        { match: [jason], to: [{ version: 'v2', weight: 100 }] },
        { match: [api], to: [{ version: 'v1', weight: 100 }], mirror },
        { match: [{}], to: [{ version: 'v1', weight: 100 }] },
      ],
    });
  });

  it('leaves out what an earlier one takes whole, and shares of nothing', () => {
    const intents: readonly Intent[] = [
      {
        match: [],
        to: [
          { version: 'v1', weight: 100 },
          { version: 'v2', weight: 0 },
        ],
      },
      { match: [jason], to: [{ version: 'v3', weight: 100 }] },
      { match: [], fault },
    ];
    expect(composeIntents(intents)).toEqual({ ok: [{ match: [{}], to: [{ version: 'v1', weight: 100 }], fault }] });
  });

  it('refuses two patterns of which no match can hold both', () => {
    const path = (value: string): Match => ({ path: { kind: 'regex', value } });
    expect(
      composeIntents([
        { match: [path('/a.*x')], mirror },
        { match: [path('/.*y')], fault },
      ]),
    ).toMatchObject({
      refused: [{ code: 'matches-meet' }],
    });
  });

  it('decides each request in each dimension as the first intent that matches', () => {
    const regexes = regexCache();
    const header = fc.record({
      name: fc.constantFrom('a', 'b'),
      is: fc.constantFrom({ exact: 'x' }, { prefix: 'x' }, { present: true } as const),
    });
    const match: fc.Arbitrary<Match> = fc.record(
      { headers: fc.array(header, { maxLength: 2 }), path: fc.constantFrom(api.path, { kind: 'exact', value: '/api/x' } as const) },
      { requiredKeys: [] },
    ) as fc.Arbitrary<Match>;
    const does = fc.constantFrom({ to: all('v1').to }, { to: all('v2').to }, { mirror }, { fault });
    const intent = fc.tuple(fc.array(match, { maxLength: 2 }), does).map(([match, one]): Intent => ({ match, ...one }));
    const request = fc.record({
      path: fc.constantFrom('/', '/api', '/api/x'),
      headers: fc
        .subarray(['a', 'b'])
        .chain((names) => fc.tuple(...names.map((name) => fc.tuple(fc.constant(name), fc.constantFrom('x', 'xy', 'z'))))),
    });
    fc.assert(
      fc.property(fc.array(intent, { maxLength: 5 }), request, (intents, { path, headers }) => {
        const composed = composeIntents(intents);
        if ('refused' in composed) return;
        const view = viewRequest(
          { method: 'GET', scheme: 'http', host: 'h', port: 80, authority: 'h', path, headers },
          { joinRepeated: false, edge: false },
        );
        const holds = (one: { match: readonly Match[] }) => anyHolds(one.match, view, regexes);
        const first = composed.ok.find(holds);
        const matching = intents.filter(holds);
        expect([first?.to, first?.mirror, first?.fault]).toEqual([
          matching.flatMap((one) => ('to' in one ? [one.to] : []))[0],
          matching.flatMap((one) => ('mirror' in one ? [one.mirror] : []))[0],
          matching.flatMap((one) => ('fault' in one ? [one.fault] : []))[0],
        ]);
      }),
    );
  });
});
