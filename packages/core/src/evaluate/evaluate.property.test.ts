import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Match, PathMatch, Str } from '../model/match.js';
import type { Action, Destination, RouteTable, Rule } from '../model/table.js';
import type { Client } from '../model/view.js';
import { answer } from './answer.js';
import { evaluate } from './evaluate.js';

const name = fc.constantFrom('x', 'X-Dev', ':path', 'host', 'user-agent', '', '__proto__');
const value = fc.oneof(fc.constantFrom('', 'a', 'A', 'a,b', '(', '[a-', '.*', '/foo', '%2F', '\\'), fc.string({ maxLength: 6 }));
const plain: fc.Arbitrary<Str> = fc.oneof(
  value.map((exact) => ({ exact })),
  value.map((prefix) => ({ prefix })),
  value.map((regex) => ({ regex })),
  fc.constant<Str>({ present: true }),
  fc.constant<Str>({ absent: true }),
);
const str: fc.Arbitrary<Str> = fc.oneof(
  plain,
  plain.map((not) => ({ not })),
  plain.map((not) => ({ not: { not } })),
);
const named = fc.array(fc.record({ name, is: str }), { maxLength: 2 });
const path: fc.Arbitrary<PathMatch> = fc.record(
  { kind: fc.constantFrom('exact', 'segmentPrefix', 'rawPrefix', 'regex'), value, ignoreCase: fc.boolean() },
  { requiredKeys: ['kind', 'value'] },
);
const match: fc.Arbitrary<Match> = fc.record(
  { path, method: str, scheme: str, authority: str, headers: named, query: named },
  { requiredKeys: [] },
);
const weight = fc.oneof(fc.integer({ min: 0, max: 100 }), fc.constantFrom(-1, Number.NaN, Number.POSITIVE_INFINITY, 0.1));
const destination: fc.Arbitrary<Destination> = fc.record({
  host: fc.constantFrom('a', 'b'),
  weight,
  endpoints: fc.constantFrom<Destination['endpoints']>('no-cluster', [], [{ namespace: 'n', name: 'p' }]),
});
const action: fc.Arbitrary<Action> = fc.oneof(
  fc.array(destination, { maxLength: 3 }).map((to) => ({ to })),
  fc.constantFrom<Action>('closed', 'passthrough', { status: 404 }, { directResponse: { status: 200 } }),
  value.map((full) => ({ redirect: { code: 301, path: { full } } })),
  value.map((prefix) => ({ redirect: { code: 301, scheme: 'https', path: { prefix } } })),
);
const rewrite = fc.oneof(
  value.map((prefix) => ({ path: { prefix } })),
  value.map((full) => ({ path: { full } })),
  fc.tuple(value, value).map(([regex, substitution]) => ({ path: { regex, substitution } })),
);
const rule: fc.Arbitrary<Rule> = fc.record(
  { match: fc.array(match, { maxLength: 2 }), action, rewrite, owner: fc.constant('foreign' as const), origins: fc.constant([]) },
  { requiredKeys: ['match', 'action', 'owner', 'origins'] },
);
const table: fc.Arbitrary<RouteTable> = fc.record(
  {
    view: fc.constant({ plane: 'mesh' as const, clients: {} }),
    domains: fc.array(fc.constantFrom('*', '*.b', 'a.*', 'a', '')),
    port: fc.constantFrom(0, 80),
    protocol: fc.constantFrom('http' as const, 'tcp' as const),
    rules: fc.array(rule, { maxLength: 4 }),
    otherwise: action,
    pathNormalisation: fc.constantFrom('base' as const, 'mergeSlashes' as const, 'decodeAndMergeSlashes' as const),
    addresses: fc.array(fc.constantFrom('a', 'a.n')),
  },
  { requiredKeys: ['view', 'domains', 'port', 'protocol', 'rules', 'otherwise'] },
);
const request = fc.record({
  method: fc.constantFrom('GET', ''),
  scheme: fc.constantFrom('http' as const, 'https' as const),
  host: fc.constantFrom('a', 'a.b', ''),
  port: fc.constantFrom(80, 1),
  authority: fc.oneof(fc.constantFrom('a', 'a:80', '[::1]:80', ''), value),
  path: fc.oneof(fc.constantFrom('/', '/foo?x=1&x=2', '//..//', '*', '/%', '/%zz%41'), value),
  headers: fc.array(fc.tuple(name, value), { maxLength: 4 }),
});

test('no table and no request crash the evaluator; probabilities sum to 1, or there are no outcomes', () => {
  fc.assert(
    fc.property(table, request, fc.constantFrom(undefined, '1.38.0', '1.40', 'x'), (one, asked, envoy) => {
      const ours = evaluate(one, asked, envoy === undefined ? {} : { envoy });
      const total = ours.outcomes.reduce((sum, { probability }) => sum + probability, 0);
      expect(ours.outcomes.length === 0 || Math.abs(total - 1) < 1e-9).toBe(true);
      expect(ours.outcomes.every(({ probability }) => probability > 0)).toBe(true);
      expect(ours.trace.filter(({ matched }) => matched)).toHaveLength(1);
    }),
    { numRuns: 2000 },
  );
});

test('some table of several decides, or the request passes through', () => {
  const client: Client = { kind: 'sidecar', namespace: 'n', labels: {} };
  fc.assert(
    fc.property(fc.array(table, { maxLength: 3 }), request, (tables, asked) => {
      const ours = answer(tables, client, asked);
      expect(ours.trace.length > 0 || ours.outcomes[0]?.host === 'PassthroughCluster').toBe(true);
    }),
    { numRuns: 500 },
  );
});
