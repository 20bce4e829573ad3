import { describe, expect, test } from 'vitest';
import type { Match } from '../model/match.js';
import type { Destination, RouteTable, Rule } from '../model/table.js';
import { evaluate } from './evaluate.js';
import { parseRequest } from './parse-request.js';

const pod = (name: string) => ({ namespace: 'default', name });
const to = (subset: string, weight = 1, endpoints: Destination['endpoints'] = [pod(subset)]): Destination => ({
  host: 'reviews.default.svc.cluster.local',
  port: 9080,
  subset,
  weight,
  endpoints,
});
const rule = (label: string, match: readonly Match[], more: Partial<Rule> = {}): Rule => ({
  match,
  action: { to: [to(label)] },
  owner: 'foreign',
  origins: [{ ref: { apiVersion: 'x/v1', kind: 'Routes', namespace: 'default', name: 'reviews' }, pointer: '/spec/0', index: 0 }],
  label,
  ...more,
});
const table = (rules: readonly Rule[], more: Partial<RouteTable> = {}): RouteTable => ({
  view: { plane: 'mesh', clients: {} },
  domains: ['*'],
  port: 9080,
  protocol: 'http',
  rules,
  otherwise: { status: 404 },
  otherwiseLabel: 'none',
  ...more,
});
const ask = (path: string, headers: readonly (readonly [string, string])[] = [], method = 'GET') =>
  parseRequest({ url: `http://reviews:9080${path}`, headers, method });
const route = (rules: readonly Rule[], request: ReturnType<typeof ask>, envoy?: string) =>
  evaluate(table(rules), request, envoy === undefined ? {} : { envoy }).route;

describe('which rule decides', () => {
  const jason: Match = { headers: [{ name: 'end-user', is: { exact: 'jason' } }] };

  test('the first rule that matches, whatever is more specific', () => {
    const rules = [
      rule('short', [{ path: { kind: 'rawPrefix', value: '/foo' } }]),
      rule('long', [{ path: { kind: 'exact', value: '/foobar' } }]),
    ];
    expect(route(rules, ask('/foobar'))).toBe('short');
    expect(route(rules, ask('/bar'))).toBe('none');
  });

  test('a raw prefix and a prefix by segments', () => {
    const segments = [rule('s', [{ path: { kind: 'segmentPrefix', value: '/foo/' } }])];
    expect([ask('/foo'), ask('/foo/x'), ask('/foobar')].map((request) => route(segments, request))).toEqual(['s', 's', 'none']);
  });

  test('the trace says what failed in the match that came furthest', () => {
    const close: Match = { path: { kind: 'exact', value: '/a' }, headers: [{ name: 'end-user', is: { exact: 'jason' } }] };
    const answer = evaluate(table([rule('v2', [{ method: { exact: 'POST' } }, close]), rule('rest', [])]), ask('/a'));
    expect(answer.trace.map(({ label, matched, because }) => [label, matched, because])).toEqual([
      ['v2', false, 'header end-user: expected exact jason, got absent'],
      ['rest', true, 'every request'],
    ]);
    expect(answer.decidedBy?.[0]?.pointer).toBe('/spec/0');
  });

  test('header names in any case, values in theirs', () => {
    const rules = [rule('v2', [jason]), rule('v1', [])];
    expect(route(rules, ask('/', [['End-User', 'jason']]))).toBe('v2');
    expect(route(rules, ask('/', [['end-user', 'Jason']]))).toBe('v1');
    expect(route(rules, ask('/', [['end-user', ' jason ']]))).toBe('v2');
  });

  test('repeated headers: alone since Envoy 1.39, joined before', () => {
    const rules = [rule('b', [{ headers: [{ name: 'x', is: { exact: 'b' } }] }]), rule('rest', [])];
    const joined = [rule('ab', [{ headers: [{ name: 'x', is: { exact: 'a,b' } }] }]), rule('rest', [])];
    const twice = ask('/', [
      ['x', 'a'],
      ['X', 'b'],
    ]);
    expect([route(rules, twice), route(rules, twice, '1.38.3'), route(rules, twice, '1.39.0')]).toEqual(['b', 'rest', 'b']);
    expect([route(joined, twice), route(joined, twice, '1.38.3')]).toEqual(['rest', 'ab']);
  });

  test('under not an absent header is the empty string, and no value may fit', () => {
    const without = (is: Match['headers'] extends readonly (infer N)[] | undefined ? N : never) => [
      rule('w', [{ headers: [is] }]),
      rule('rest', []),
    ];
    const notEmpty = without({ name: 'x', is: { not: { exact: '' } } });
    expect([ask('/'), ask('/', [['x', '']]), ask('/', [['x', 'a']])].map((request) => route(notEmpty, request))).toEqual([
      'rest',
      'rest',
      'w',
    ]);
    const notB = without({ name: 'x', is: { not: { exact: 'b' } } });
    expect(
      route(
        notB,
        ask('/', [
          ['x', 'a'],
          ['x', 'b'],
        ]),
      ),
    ).toBe('rest');
    expect(route(without({ name: 'x', is: { not: { present: true } } }), ask('/'))).toBe('w');
  });

  test('query: undecoded, the first of a repeated key', () => {
    const rules = [rule('two', [{ query: [{ name: 'v', is: { exact: '2' } }] }]), rule('rest', [])];
    expect([ask('/?v=2&v=1'), ask('/?v=1&v=2'), ask('/?v=%32'), ask('/?v')].map((request) => route(rules, request))).toEqual([
      'two',
      'rest',
      'rest',
      'rest',
    ]);
  });

  test('regular expressions match whole values; one that RE2 refuses never holds and is noted', () => {
    const rules = [
      rule('re', [{ path: { kind: 'regex', value: '/v[0-9]' } }]),
      rule('bad', [{ path: { kind: 'regex', value: '(a)\\1' } }]),
      rule('rest', []),
    ];
    expect(route(rules, ask('/v1'))).toBe('re');
    expect(route(rules, ask('/v12'))).toBe('rest');
    expect(evaluate(table(rules), ask('/x')).notes).toEqual(['bad: RE2 refuses the pattern (a)\\1, so the condition never holds']);
  });

  test('pseudo headers and the authority with its port', () => {
    const rules = [
      rule('p', [{ headers: [{ name: ':path', is: { exact: '/y?z=1' } }] }]),
      rule('a', [{ authority: { exact: 'reviews:9080' } }]),
    ];
    expect([route(rules, ask('/y?z=1')), route(rules, ask('/y')), route(rules, ask('/y', [['Host', 'reviews']]))]).toEqual([
      'p',
      'a',
      'none',
    ]);
  });

  test('what the model cannot say makes the answer depend on it', () => {
    const answer = evaluate(table([rule('claims', [], { opaque: { 'request.auth.claims': ['@request.auth.claims.group'] } })]), ask('/'));
    expect(answer.notes).toEqual(['depends on request.auth.claims: ["@request.auth.claims.group"]']);
  });
});

describe('what the proxy does before it looks at rules', () => {
  const present = (name: string) => [rule('there', [{ headers: [{ name, is: { present: true } }] }]), rule('rest', [])];
  const gateway = { view: { plane: 'gateway', gateway: { namespace: 'gw', selector: {} } } } as const;

  test('headers that it joins, strips and adds', () => {
    const joined = [rule('joined', [{ headers: [{ name: 'accept', is: { exact: 'a,b' } }] }]), rule('rest', [])];
    expect(
      route(
        joined,
        ask('/', [
          ['accept', 'a'],
          ['accept', 'b'],
        ]),
      ),
    ).toBe('joined');
    const headers = ['connection', 'te', 'x-envoy-internal', 'x-request-id', 'x-forwarded-proto', 'x-forwarded-for'];
    const seen = headers.filter(
      (name) =>
        route(
          present(name),
          ask('/', [
            ['connection', 'a'],
            ['te', 'b'],
            ['x-envoy-internal', 'c'],
          ]),
        ) === 'there',
    );
    expect(seen).toEqual(['x-request-id', 'x-forwarded-proto']);
    expect(evaluate(table(present('x-forwarded-for'), gateway), ask('/')).route).toBe('there');
  });

  test('an upgrade keeps its headers', () => {
    const upgrade = ask('/', [
      ['Connection', 'keep-alive, Upgrade'],
      ['Upgrade', 'websocket'],
    ]);
    expect(route([rule('ws', [{ headers: [{ name: 'upgrade', is: { exact: 'websocket' } }] }])], upgrade)).toBe('ws');
  });

  test('the scheme comes from x-forwarded-proto, but at a gateway', () => {
    const https = [rule('https', [{ scheme: { exact: 'https' } }]), rule('rest', [])];
    const forwarded = ask('/', [['X-Forwarded-Proto', 'https']]);
    expect(route(https, forwarded)).toBe('https');
    expect(evaluate(table(https, gateway), forwarded).route).toBe('rest');
  });

  test('an answer that hangs on what the proxy sets says so', () => {
    const by = (name: string, is: { exact: string } | { regex: string }) =>
      table([rule('by', [{ headers: [{ name, is }] }]), rule('rest', [])], gateway);
    expect(evaluate(by('x-forwarded-for', { regex: '10\\..*' }), ask('/')).notes).toEqual([
      'depends on header x-forwarded-for, which the proxy sets',
    ]);
    expect(evaluate(by('x-request-id', { exact: 'a' }), ask('/', [['x-request-id', 'a']])).notes).toEqual([]);
  });

  test('a path with %00 is answered with 400', () => {
    expect(evaluate(table([rule('rest', [])], { pathNormalisation: 'base' }), ask('/a%00'))).toMatchObject({ status: 400, outcomes: [] });
  });
});

describe('what becomes of the request', () => {
  test('exact shares of the weights; the same destination twice is one', () => {
    const answer = evaluate(table([rule('split', [], { action: { to: [to('v1', 2), to('v2', 1), to('v1', 3), to('v3', 0)] } })]), ask('/'));
    expect(answer.outcomes.map(({ subset, probability }) => [subset, probability])).toEqual([
      ['v1', 5 / 6],
      ['v2', 1 / 6],
    ]);
    expect(answer.status).toBe(200);
  });

  test('503, or what the rule says, for each destination without cluster or endpoints, and no common status then', () => {
    const missing = { ...to('v4', 1, 'no-cluster'), missingStatus: 500 } as const;
    const legs = [to('v1'), to('v2', 1, 'no-cluster'), to('v3', 2, []), missing];
    const answer = evaluate(table([rule('split', [], { action: { to: legs } })]), ask('/'));
    expect(answer.outcomes.map(({ status, reason, pods }) => [status, reason, pods?.length])).toEqual([
      [200, undefined, 1],
      [503, 'NC', 0],
      [503, 'UH', 0],
      [500, 'NC', 0],
    ]);
    expect('status' in answer).toBe(false);
  });

  test('nothing is mirrored when no destination is alive', () => {
    const mirrors = [{ destination: to('v2'), percent: 50 }];
    const dead = evaluate(table([rule('m', [], { mirrors, action: { to: [to('v1', 1, [])] } })]), ask('/'));
    expect(dead.mirrors).toBeUndefined();
    expect(evaluate(table([rule('m', [], { mirrors })]), ask('/')).mirrors).toMatchObject([{ subset: 'v2', percent: 50 }]);
  });

  test.each([
    ['/old/x?y=1', { path: { kind: 'rawPrefix', value: '/old' } }, { prefix: '/new' }, '/new/x?y=1'],
    ['/OLD/x', { path: { kind: 'rawPrefix', value: '/old', ignoreCase: true } }, { prefix: '/new' }, '/new/x'],
    ['/a/b', {}, { prefix: '/new' }, '/newa/b'],
    ['/v1/x?y=1', { path: { kind: 'regex', value: '/v[0-9]/.*' } }, { prefix: '/new' }, '/new?y=1'],
    ['/s/foo/v1?q', {}, { regex: '^/s/([^/]+)(/.*)$', substitution: '\\2/i/\\1' }, '/v1/i/foo?q'],
    ['/x?y=1', {}, { full: '/z' }, '/z?y=1'],
    ['/x?y=1', {}, { regex: '.*', substitution: '/z' }, '/z?y=1'],
    ['/aab', {}, { regex: 'a*', substitution: '-' }, '-/-b-'],
    ['/x', {}, { regex: '(x)', substitution: '\\2' }, '/x'],
    ['/x', {}, { regex: '.*', substitution: '' }, '/x'],
  ] as const)('%s rewritten', (path, match, rewrite, seen) => {
    const answer = evaluate(table([rule('r', [match], { rewrite: { path: rewrite, authority: 'b.example.com' } })]), ask(path));
    expect(answer.seen).toEqual({ path: seen, authority: 'b.example.com' });
  });

  test.each([
    [{ code: 301, path: { full: '/x' } }, 'http://reviews:9080/x?q=1'],
    [{ code: 301, path: { full: '/x?own=1' } }, 'http://reviews:9080/x?own=1'],
    [{ code: 302, authority: 'other.org' }, 'http://other.org/a/b?q=1'],
    [{ code: 302, scheme: 'https', port: 8443 }, 'https://reviews:8443/a/b?q=1'],
    [{ code: 302, path: { prefix: '/n' } }, 'http://reviews:9080/n/b?q=1'],
    [{ code: 302, path: { full: 'n' } }, 'http://reviews:9080/n?q=1'],
    [{ code: 302, path: { regex: '.*', substitution: '/n?own=1' } }, 'http://reviews:9080/n?own=1?q=1'],
  ] as const)('redirect %j', (redirect, location) => {
    const match = [{ path: { kind: 'rawPrefix', value: '/a' } }] as const;
    const answer = evaluate(table([rule('r', match, { action: { redirect } })]), ask('/a/b?q=1'));
    expect(answer).toMatchObject({ status: redirect.code, outcomes: [], redirect: { code: redirect.code, location } });
  });

  test('an authority is made of the path as it was', () => {
    const made = { path: { full: '/new' }, authority: { regex: '^/([^/]*).*', substitution: '\\1.example.com' } };
    expect(evaluate(table([rule('r', [], { rewrite: made })]), ask('/a/b?q=/c')).seen).toEqual({
      path: '/new?q=/c',
      authority: 'a.example.com',
    });
  });

  test('a default port goes with the scheme that it was the default of', () => {
    const request = parseRequest({ url: 'http://reviews/', headers: [['Host', 'reviews:80']] });
    const answer = evaluate(table([rule('r', [], { action: { redirect: { code: 301, scheme: 'https' } } })]), request);
    expect(answer.redirect?.location).toBe('https://reviews/');
  });

  test('a direct response, a fault, a closed connection, passthrough', () => {
    const teapot = rule('t', [], {
      action: { directResponse: { status: 418, body: 'teapot' } },
      fault: { abort: { percent: 1, status: 500 } },
    });
    expect(evaluate(table([teapot]), ask('/'))).toMatchObject({
      status: 418,
      body: 'teapot',
      faults: { abort: { percent: 1, status: 500 } },
    });
    expect(evaluate(table([], { otherwise: 'closed' }), ask('/')).outcomes).toEqual([]);
    expect(evaluate(table([], { otherwise: 'passthrough' }), ask('/')).outcomes).toEqual([{ probability: 1, host: 'PassthroughCluster' }]);
  });
});
