import type { Match, RouteTable, Str } from '@heddle/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../../evaluate/evaluate.js';
import { proofRequest } from './proof-request.js';

const at = { host: 'web.shop.svc', port: 8080 };
const header = (name: string, is: Str): Match => ({ headers: [{ name, is }] });

function made(match: Match) {
  const result = proofRequest(match, at);
  if ('why' in result) throw new Error(result.why);
  return result.request;
}

/** As a table of this one rule decides it. */
function satisfies(match: Match): boolean {
  const table: RouteTable = {
    view: { plane: 'mesh', clients: {} },
    domains: ['*'],
    port: at.port,
    protocol: 'http',
    rules: [{ match: [match], action: { directResponse: { status: 299 } }, owner: 'foreign', origins: [] }],
    otherwise: { status: 404 },
  };
  return evaluate(table, made(match)).status === 299;
}

describe('proofRequest', () => {
  it('is the plainest request there is for a match without conditions', () => {
    expect(made({})).toEqual({
      method: 'GET',
      scheme: 'http',
      host: 'web.shop.svc',
      port: 8080,
      authority: 'web.shop.svc:8080',
      path: '/',
      headers: [],
    });
  });

  it.each<[string, Match]>([
    ['an exact header', header('x-dev', { exact: 'alice' })],
    ['a prefix', header('x-dev', { prefix: 'al' })],
    ['a regex', header('user-agent', { regex: '.*Firefox/67\\.0.*' })],
    ['a present header', header('x-dev', { present: true })],
    ['an absent header', header('x-dev', { absent: true })],
    ['a header that is not', header('x-dev', { not: { exact: '' } })],
    [
      'two conditions on one header',
      {
        headers: [
          { name: 'x-dev', is: { prefix: 'al' } },
          { name: 'x-dev', is: { not: { exact: 'al' } } },
          { name: 'x-dev', is: { regex: 'al(ice)?' } },
        ],
      },
    ],
    ['a path prefix', { path: { kind: 'segmentPrefix', value: '/api' } }],
    ['an exact path', { path: { kind: 'exact', value: '/health' } }],
    ['a path regex', { path: { kind: 'regex', value: '/v[0-9]+/items' } }],
    ['a safe method', { method: { regex: 'HEAD|POST' } }],
    ['an authority', { authority: { exact: 'tomcat.mesh.com' } }],
    ['a query parameter', { query: [{ name: 'debug', is: { exact: '1' } }] }],
  ])('satisfies %s', (_what, match) => {
    expect(satisfies(match)).toBe(true);
  });

  it.each<[string, Match, string]>([
    ['a method that may change something', { method: { exact: 'POST' } }, 'could change something'],
    ['another scheme', { scheme: { exact: 'https' } }, 'another scheme'],
    ['a header that is hop by hop', header('connection', { exact: 'x' }), 'cannot choose the header connection'],
    ['a pseudo header', header(':path', { exact: '/' }), 'cannot choose the header :path'],
    [
      'a contradiction',
      {
        headers: [
          { name: 'a', is: { exact: '1' } },
          { name: 'a', is: { exact: '2' } },
        ],
      },
      'header a',
    ],
    ['a value that no header can have', header('x', { exact: 'a\nb' }), 'header x'],
    ['a query value that would need encoding', { query: [{ name: 'q', is: { exact: 'a b' } }] }, 'query parameter q'],
    ['a path that is not one', { path: { kind: 'exact', value: 'x' } }, 'no path'],
  ])('says why it cannot for %s', (_what, match, why) => {
    expect(proofRequest(match, at)).toEqual({ why: expect.stringContaining(why) });
  });

  it('never makes a request that the match does not accept', () => {
    const word = fc.stringMatching(/^[a-z/]{0,4}$/);
    const is: fc.Arbitrary<Str> = fc.oneof(
      fc.record({ exact: word }),
      fc.record({ prefix: word }),
      fc.record({ regex: fc.constantFrom('a+', '[ab]c?', '(x|y)z', 'a.*', '\\d{2}') }),
      fc.constant({ present: true as const }),
      fc.constant({ absent: true as const }),
      fc.record({ not: fc.record({ exact: word }) }),
    );
    const named = fc.array(fc.record({ name: fc.constantFrom('a', 'b'), is }), { maxLength: 3 });
    const path = fc.record({ kind: fc.constantFrom('exact' as const, 'segmentPrefix' as const, 'rawPrefix' as const), value: word });
    fc.assert(
      fc.property(fc.record({ path, headers: named, query: named, authority: is }, { requiredKeys: [] }), (match) => {
        if ('why' in proofRequest(match, at)) return;
        expect(satisfies(match)).toBe(true);
      }),
    );
  });
});
