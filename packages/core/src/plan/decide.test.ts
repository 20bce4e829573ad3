import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluator } from '../evaluate/evaluate.js';
import { regexCache } from '../evaluate/re2.js';
import type { Match, Request, Str } from '../model/match.js';
import type { RouteTable, Rule } from '../model/table.js';
import type { View } from '../model/view.js';
import { createDecider } from './decide.js';

const texts = fc.constantFrom('', 'a', 'b', 'a,b', 'ab', '/a', '/a/b', '10.0.0.1');
const strs: fc.Arbitrary<Str> = fc.oneof(
  texts.map((exact) => ({ exact })),
  texts.map((prefix) => ({ prefix })),
  fc.constantFrom('a.*', '[ab]+', '.*,.*', '').map((regex) => ({ regex })),
  fc.constantFrom<Str>({ present: true }, { absent: true }, { not: { exact: 'a' } }, { not: { present: true } }, { not: { prefix: '' } }),
);
const names = fc.constantFrom('x', 'user-agent', 'x-forwarded-for', ':method', 'host');
const named = (name: fc.Arbitrary<string>) => fc.array(fc.record({ name, is: strs }), { maxLength: 2 });
const matches: fc.Arbitrary<Match> = fc.record(
  {
    path: fc.record({ kind: fc.constantFrom('exact', 'segmentPrefix', 'rawPrefix', 'regex'), value: texts, ignoreCase: fc.boolean() }),
    method: strs,
    scheme: strs,
    authority: strs,
    headers: named(names),
    query: named(fc.constantFrom('q', 'r')),
  },
  { requiredKeys: [] },
);
const views: fc.Arbitrary<View> = fc.constantFrom(
  { plane: 'mesh', clients: {} },
  { plane: 'gateway', gateway: { namespace: 'edge', selector: {} } },
);
const tables: fc.Arbitrary<RouteTable> = fc
  .record({
    view: views,
    lists: fc.array(fc.array(matches, { maxLength: 2 }), { maxLength: 4 }),
    protocol: fc.constantFrom('http' as const, 'tcp' as const),
    level: fc.constantFrom(undefined, 'base' as const, 'decodeAndMergeSlashes' as const),
  })
  .map(({ view, lists, protocol, level }) => ({
    view,
    domains: ['*'],
    port: 80,
    protocol,
    otherwise: 'passthrough' as const,
    otherwiseLabel: 'none',
    rules: lists.map((match, n): Rule => ({ match, action: { status: 404 }, owner: 'foreign', origins: [], label: `rule ${n}` })),
    ...(level === undefined ? {} : { pathNormalisation: level }),
  }));
const requests: fc.Arbitrary<Request> = fc.record({
  method: fc.constantFrom('a', 'ab', 'GET'),
  scheme: fc.constantFrom('http' as const, 'https' as const),
  host: fc.constant('h'),
  port: fc.constant(80),
  authority: fc.constantFrom('a', 'ab'),
  path: fc.constantFrom('/', '/a', '/A', '/a/b', '/x/../a', '/a?q=a', '/a?q=ab&r&q=b', '//a'),
  headers: fc.array(fc.tuple(fc.constantFrom('x', 'X', 'user-agent', 'x-forwarded-for'), texts), { maxLength: 3 }),
});

describe('createDecider', () => {
  it('finds the rule that the one evaluator finds, without its words', () => {
    fc.assert(
      fc.property(tables, requests, fc.constantFrom({}, { envoy: '1.38.3' }), (table, request, options) => {
        const decider = createDecider(table, regexCache(), options);
        expect(decider.rule(decider.view(request))?.label ?? 'none').toBe(evaluator(table, options)(request).route);
      }),
      { numRuns: 1500 },
    );
  });
});
