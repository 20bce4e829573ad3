import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluator } from '../evaluate/evaluate.js';
import type { Change } from '../model/change.js';
import type { Match, NamedMatch, PathMatch, Request, Str } from '../model/match.js';
import type { Action, RouteTable, Rule } from '../model/table.js';
import { checkEffect } from './check-effect.js';
import { checkStructure } from './check-structure.js';

const to = (name: string): Action => ({
  to: [{ host: `${name}.shop.svc.cluster.local`, port: 80, weight: 1, endpoints: [{ namespace: 'shop', name: `${name}-0` }] }],
});
const owner = { kind: 'session' as const, namespace: 'shop', id: 'a1' };
const foreign = (match: readonly Match[], action: Action = to('tomcat'), more: Partial<Rule> = {}): Rule => ({
  match,
  action,
  owner: 'foreign',
  origins: [],
  ...more,
});
const ours = (match: Match, more: Partial<Rule> = {}): Rule => ({ match: [match], action: to('shadow'), owner, origins: [], ...more });
const table = (rules: readonly Rule[]): RouteTable => ({
  view: { plane: 'mesh', clients: {} },
  domains: ['tomcat.shop.svc.cluster.local'],
  port: 80,
  protocol: 'http',
  rules,
  otherwise: { status: 404 },
});
const changeFor = (match: Match): Change => ({
  owner,
  services: [{ namespace: 'shop', name: 'tomcat', port: 80 }],
  views: 'all',
  versions: [{ id: 'shadow', realise: 'service', service: { namespace: 'shop', name: 'shadow' } }],
  intents: [{ match: [match], to: [{ version: 'shadow', weight: 1 }] }],
});
const header = (is: Str, name = 'x-dev'): Match => ({ headers: [{ name, is }] });
const check = (declared: Match, before: readonly Rule[], after: readonly Rule[]) =>
  checkEffect(changeFor(declared), [table(before)], [table(after)], {});

const structure = (declared: Match, before: readonly Rule[], after: readonly Rule[]) => {
  const side = (rules: readonly Rule[]) => ({ seen: new Map(), decoded: { tables: [table(rules)], problems: [], gaps: [] } });
  return checkStructure(changeFor(declared), [], { owned: () => [] }, side(before), side(after)).failures;
};

describe('witnesses alone tell apart', () => {
  const alice = header({ exact: 'alice' });
  const path = (kind: PathMatch['kind'], value: string, ignoreCase?: true): Match => ({
    path: { kind, value, ...(ignoreCase === undefined ? {} : { ignoreCase }) },
  });
  const not = (is: Str) => header({ not: is });
  const cases: readonly (readonly [string, Match, Match])[] = [
    ['a value and its beginning', alice, header({ prefix: 'alice' })],
    ['a value and any value', alice, header({ present: true })],
    ['a value and any letter case', alice, header({ regex: '(?i)alice' })],
    ['a value and what contains it', alice, header({ regex: '.*alice.*' })],
    ['a value and nothing at all', alice, {}],
    ['a header and another', alice, header({ exact: 'alice' }, 'x-env')],
    ['a prefix and a shorter one', header({ prefix: 'al' }), header({ prefix: 'a' })],
    ['a regex and one with a branch more', header({ regex: 'al|bo' }), header({ regex: 'al|bo|cy' })],
    ['segments and raw text', path('segmentPrefix', '/api'), path('rawPrefix', '/api')],
    ['a path and its letter case', path('exact', '/api'), path('exact', '/api', true)],
    ['a path and what lies under it', path('exact', '/api'), path('segmentPrefix', '/api')],
    ['absence and emptiness', header({ absent: true }), not({ prefix: 'a' })],
    ['not this, and not its beginning', not({ prefix: 'al' }), not({ exact: 'al' })],
    ['a method and another', { method: { exact: 'GET' } }, { method: { regex: 'GET|POST' } }],
    ['a query value and its presence', { query: [{ name: 'v', is: { exact: '2' } }] }, { query: [{ name: 'v', is: { present: true } }] }],
  ];

  it.each(cases)('%s', (_, declared, written) => {
    const users = [foreign([])];
    expect(check(declared, users, [ours(declared), ...users]).failures).toEqual([]);
    expect(check(declared, users, [ours(written), ...users]).failures.join()).toMatch(/is none of the requests that may change/);
    expect(check(written, users, [ours(declared), ...users]).failures.join()).toMatch(/is one of the requests that are declared/);
  });
});

describe('checkEffect', () => {
  it('leaves preflight requests to the proxy that answers them, and asks that the copy does so too', () => {
    const asked: Match = {
      method: { exact: 'OPTIONS' },
      headers: [
        { name: 'origin', is: { prefix: 'http' } },
        { name: 'access-control-request-method', is: { present: true } },
      ],
    };
    const alice = header({ exact: 'alice' });
    const mine: Match = { ...asked, headers: [...(asked.headers ?? []), ...(alice.headers ?? [])] };
    for (const one of ['all', [{ prefix: 'http' }]] as const) {
      const theirs = [foreign([asked], to('tomcat'), { preflight: one }), foreign([])];
      const after = (copy: Rule) => check(alice, theirs, [copy, ours(alice), ...theirs]).failures;
      expect(after(ours(mine, { preflight: one }))).toEqual([]);
      expect(after(ours(mine)).join()).toContain('its preflight would change');
    }
  });

  it('finds a fault wherever going through all requests of a small world finds one', () => {
    fc.assert(
      fc.property(fc.array(foreignRules, { minLength: 1, maxLength: 4 }), declaredMatches, mutations, (users, declared, mutate) => {
        const good = encode(users, declared);
        expect([...structure(declared, users, good), ...check(declared, users, good).failures]).toEqual([]);
        const after = mutate(good);
        const wrong = firstWrong(declared, users, after);
        if (wrong === undefined) return;
        const found = [...structure(declared, users, after), ...check(declared, users, after).failures];
        expect(found, JSON.stringify(wrong)).not.toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('asks no more of callers for whom the service does not exist than what they get today', () => {
    const lost = (name: string): Action => ({
      to: [{ host: `${name}.shop.svc.cluster.local`, port: 80, weight: 1, endpoints: 'no-cluster' }],
    });
    const declared = header({ exact: 'alice' });
    const unseen = ours(declared, { action: lost('shadow') });
    const failuresOf = (users: readonly Rule[]) => check(declared, users, [unseen, ...users]).failures.join();
    expect(failuresOf([foreign([], lost('tomcat'))])).toBe('');
    expect(failuresOf([foreign([])])).toMatch(/shadow does not exist for the mesh/);
  });

  it('asks nothing of requests that a proxy answers before it looks at any rule', () => {
    const users = [foreign([header({ exact: '' }, 'x-forwarded-proto')], to('tomcat')), foreign([])];
    const declared = header({ exact: 'alice' });
    expect(check(declared, users, encode(users, declared)).failures).toEqual([]);
  });

  it('is the same each time', () => {
    const users = [foreign([header({ regex: 'v[1-9]+' }, 'x-version')], to('other')), foreign([])];
    const run = () => check(header({ exact: 'alice' }), users, [ours(header({ exact: 'alice' })), ...users]);
    expect(run()).toEqual(run());
  });

  it('checks a table of 1,000 rules within bounds, and says that it was cut', () => {
    const users = Array.from({ length: 1000 }, (_, n) =>
      foreign(
        [{ path: { kind: 'rawPrefix', value: `/service-${n}/` }, headers: [{ name: 'x-tenant', is: { regex: `tenant-${n}-[a-z]+` } }] }],
        to(n % 3 === 0 ? 'tomcat' : 'other'),
      ),
    );
    const declared = header({ exact: 'alice' });
    const after = encode(users, declared);
    const started = process.cpuUsage();
    const { failures, cut, witnesses } = check(declared, users, after);
    const { user } = process.cpuUsage(started);
    expect([failures, cut]).toEqual([[], 1]);
    expect(witnesses).toBeGreaterThan(10_000);
    // Ten times what it takes: against growth by the square, not against a slow machine. Processor time, in microseconds.
    expect(user).toBeLessThan(20_000_000);
    const leaking = after.map((rule, at) =>
      at === after.findLastIndex(({ owner: whose }) => whose === 'foreign') ? { ...rule, action: to('shadow') } : rule,
    );
    expect(check(declared, users, leaking).failures).not.toEqual([]);
  });
});

const leadsToTomcat = ({ action }: Rule) => JSON.stringify(action) === JSON.stringify(to('tomcat'));

/** Copies before what they copy, and one for what no rule matches. */
const encode = (users: readonly Rule[], declared: Match) => [
  ...users.flatMap((rule) => (leadsToTomcat(rule) ? [copyOf(rule, declared), rule] : [rule])),
  ours(declared),
];

function copyOf(rule: Rule, declared: Match): Rule {
  const matches = rule.match.length === 0 ? [{}] : rule.match;
  const { mirrors: _mirrors, fault: _fault, ...kept } = rule;
  return {
    ...kept,
    owner,
    action: to('shadow'),
    match: matches.map((match) => ({ ...match, headers: [...(match.headers ?? []), ...(declared.headers ?? [])] })),
  };
}

const values = ['a', 'b', 'ab'];
const strs: fc.Arbitrary<Str> = fc.oneof(
  fc.constantFrom(...values).map((exact) => ({ exact })),
  fc.constantFrom('a', 'b').map((prefix) => ({ prefix })),
  fc.constantFrom('a|b', 'a.*', '[ab]{2}').map((regex) => ({ regex })),
  fc.constantFrom<Str>({ present: true }, { absent: true }, { not: { exact: 'a' } }),
);
const named = fc.record({ name: fc.constantFrom('x', 'y'), is: strs });
const paths: fc.Arbitrary<PathMatch> = fc.record({
  kind: fc.constantFrom('exact' as const, 'segmentPrefix' as const, 'rawPrefix' as const),
  value: fc.constantFrom('/a', '/a/b'),
});
const foreignRules: fc.Arbitrary<Rule> = fc
  .record({
    path: fc.option(paths, { nil: undefined }),
    headers: fc.array(named, { maxLength: 1 }),
    action: fc.constantFrom(to('tomcat'), to('tomcat'), to('other')),
    timeoutMs: fc.constantFrom(undefined, 100),
  })
  .map(({ path, headers, action, timeoutMs }) =>
    foreign([{ ...(path === undefined ? {} : { path }), headers }], action, timeoutMs === undefined ? {} : { timeoutMs }),
  );
const declaredMatches: fc.Arbitrary<Match> = named.map((one) => ({ headers: [one] }));

/** One fault, in a rule that is picked by number: what an adapter may get wrong. */
const faults: readonly ((rules: readonly Rule[], at: number) => readonly Rule[])[] = [
  (rules) => rules,
  (rules, at) => rules.toSpliced(at, 1),
  (rules, at) => alter(rules, at, (rule) => ({ ...rule, match: rule.match.map(({ headers: _headers, ...match }) => match) })),
  (rules, at) => alter(rules, at, (rule) => ({ ...rule, match: rule.match.map(({ path: _path, ...match }) => match) })),
  (rules, at) =>
    alter(rules, at, (rule) => ({
      ...rule,
      match: rule.match.map((match) => ({ ...match, headers: (match.headers ?? []).map(widened) })),
    })),
  (rules, at) => alter(rules, at, (rule) => ({ ...rule, action: to('other') })),
  (rules, at) => alter(rules, at, (rule) => ({ ...rule, timeoutMs: 7 })),
  (rules, at) => alter(rules, at, (rule) => ({ ...rule, rewrite: { path: { full: '/elsewhere' } } })),
  (rules, at) => [...rules.slice(at), ...rules.slice(0, at)],
];
const mutations = fc.tuple(fc.constantFrom(...faults), fc.nat()).map(
  ([fault, at]) =>
    (rules: readonly Rule[]) =>
      fault(rules, at % rules.length),
);

function alter(rules: readonly Rule[], at: number, change: (rule: Rule) => Rule): readonly Rule[] {
  return rules.map((rule, index) => (index === at ? change(rule) : rule));
}

const widened = ({ name, is }: NamedMatch): NamedMatch => ({ name, is: 'exact' in is ? { prefix: is.exact } : { present: true } });

const headerValues = [undefined, '', 'a', 'b', 'ab', 'abx', 'A', 'c'];
const universe: readonly Request[] = headerValues.flatMap((x) =>
  headerValues.flatMap((y) =>
    ['/', '/a', '/a/b', '/a/b/c', '/ax', '/a/bx', '/A'].map((path) => ({
      method: 'GET',
      scheme: 'http' as const,
      host: 'tomcat.shop.svc.cluster.local',
      port: 80,
      authority: 'tomcat.shop.svc.cluster.local',
      path,
      headers: [...(x === undefined ? [] : [['x', x] as const]), ...(y === undefined ? [] : [['y', y] as const])],
    })),
  ),
);

/** The principle, said again in the simplest way, for every request of a small world. */
function firstWrong(declared: Match, before: readonly Rule[], after: readonly Rule[]): Request | undefined {
  const [was, is, meant] = [outcome(before), outcome(after), outcome([foreign([declared])])];
  return universe.find((request) => {
    const [x, y] = [was(request), is(request)];
    const inside = meant(request).to !== '404' && (x.to.startsWith('tomcat.') || x.to === '404');
    const same = x.timeoutMs === y.timeoutMs && x.seen === y.seen;
    return !same || (inside ? !y.to.startsWith('shadow.') : x.to !== y.to);
  });
}

/** Where a request goes, with what timeout, and how it arrives (or would, were it not a 404). */
function outcome(rules: readonly Rule[]) {
  const singles = rules.map((rule) => ({ rule, answer: evaluator(table([rule])) }));
  return (request: Request) => {
    for (const { rule, answer } of singles) {
      const { outcomes, seen } = answer(request);
      if (outcomes[0] !== undefined) return { to: outcomes[0].host, timeoutMs: rule.timeoutMs, seen: JSON.stringify(seen) };
    }
    return { to: '404', timeoutMs: undefined, seen: JSON.stringify({ path: request.path, authority: request.authority }) };
  };
}
