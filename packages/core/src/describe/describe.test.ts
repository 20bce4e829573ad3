import { describe, expect, test } from 'vitest';
import type { Match, Str } from '../model/match.js';
import type { Action, Destination } from '../model/table.js';
import { describeMatch, describeMatches, describeStr } from './describe-match.js';
import { describeMs } from './describe-ms.js';
import { describeAction, describeRule } from './describe-rule.js';

describe('conditions', () => {
  test.each<[Str, string]>([
    [{ exact: 'alice' }, '= alice'],
    [{ exact: '' }, '= ""'],
    [{ prefix: 'al' }, '^= al'],
    [{ regex: 'al.*' }, '=~ al.*'],
    [{ present: true }, 'present'],
    [{ absent: true }, 'absent'],
    [{ not: { exact: 'bob' } }, '!= bob'],
    [{ not: { regex: 'b' } }, '!~ b'],
    [{ not: { prefix: 'b' } }, '!^= b'],
    [{ not: { present: true } }, 'absent'],
    [{ not: { not: { exact: 'a' } } }, '= a'],
  ])('%j', (is, text) => expect(describeStr(is)).toBe(text));

  test.each<[Match, string]>([
    [{}, 'every request'],
    [{ headers: [{ name: 'x-dev', is: { exact: 'alice' } }] }, 'x-dev = alice'],
    [{ path: { kind: 'segmentPrefix', value: '/' } }, 'every request'],
    [{ path: { kind: 'segmentPrefix', value: '/' }, headers: [{ name: 'x-dev', is: { exact: 'alice' } }] }, 'x-dev = alice'],
    [{ path: { kind: 'exact', value: '/' } }, 'path = /'],
    [{ path: { kind: 'rawPrefix', value: '/api' }, method: { exact: 'GET' } }, 'path ^= /api and method = GET'],
    [{ path: { kind: 'segmentPrefix', value: '/api', ignoreCase: true } }, 'path ^= /api (by segments, any case)'],
    [{ path: { kind: 'regex', value: '/v[0-9]' }, query: [{ name: 'v', is: { exact: '2' } }] }, 'path =~ /v[0-9] and query v = 2'],
  ])('%j', (match, text) => expect(describeMatch(match)).toBe(text));

  test('several matches', () => {
    expect(describeMatches([])).toBe('every request');
    expect(describeMatches([{ method: { exact: 'A' } }, { method: { exact: 'B' } }])).toBe('method = A or method = B');
  });
});

describe('actions and rules', () => {
  const to = (
    subset: string | undefined,
    weight: number,
    endpoints: Destination['endpoints'] = [{ namespace: 'n', name: 'p' }],
  ): Destination => ({
    host: 'r.n.svc',
    port: 80,
    ...(subset === undefined ? {} : { subset }),
    weight,
    endpoints,
  });

  test.each<[Action, string]>([
    [{ to: [to('v1', 0)] }, 'v1 of r.n.svc:80'],
    [{ to: [to('v1', 1), to('v2', 2), to('v3', 0)] }, 'v1 of r.n.svc:80 33.33 %, v2 of r.n.svc:80 66.67 %'],
    [{ to: [to(undefined, 1, [])] }, 'r.n.svc:80 (no ready pod: 503 UH)'],
    [{ to: [to('x', 1, 'no-cluster')] }, 'x of r.n.svc:80 (does not exist: 503 NC)'],
    [{ to: [{ ...to('x', 1, 'no-cluster'), missingStatus: 500 }] }, 'x of r.n.svc:80 (does not exist: 500 NC)'],
    [{ to: [] }, 'no destination'],
    [{ redirect: { code: 301, scheme: 'https' } }, 'redirect 301 to https://…'],
    [{ redirect: { code: 302, path: { full: '/x' } } }, 'redirect 302 to /x'],
    [{ directResponse: { status: 418 } }, 'answered by the proxy with 418'],
    [{ status: 404 }, '404 from the proxy'],
    ['closed', 'the connection is closed'],
    ['passthrough', 'passed through unrouted'],
  ])('%j', (action, text) => expect(describeAction(action)).toBe(text));

  test('a rule with everything', () => {
    expect(
      describeRule({
        match: [{ headers: [{ name: 'x-dev', is: { exact: 'alice' } }] }],
        action: { to: [to('v1', 1)] },
        rewrite: { path: { prefix: '/new' }, authority: 'b' },
        mirrors: [{ destination: to('v2', 1), percent: 50 }],
        fault: { delay: { percent: 10, ms: 100 }, abort: { percent: 1, status: 500 } },
        timeoutMs: 2000,
        opaque: { claims: 1 },
        owner: 'foreign',
        origins: [],
      }),
    ).toBe(
      'x-dev = alice → v1 of r.n.svc:80; matched part of the path → /new; authority → b; copied to v2 of r.n.svc:80 (50 %); ' +
        'delayed 100 ms (10 %); aborted with 500 (1 %); timeout 2000 ms; depends on claims',
    );
  });
});

test('durations are said in the unit that people use', () => {
  expect([1, 999, 1_000, 1_500, 90_000].map(describeMs)).toEqual(['1 ms', '999 ms', '1 s', '1.5 s', '90 s']);
});
