import type { Match, MeshEnvironment } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { env } from '../../test/support/objects.js';
import { conditionsOf } from './condition.js';

const translate = (match: Match, environment: MeshEnvironment = env) => {
  const outcome = conditionsOf(match, environment);
  if ('refused' in outcome) throw new Error(outcome.refused.map(({ message }) => message).join('; '));
  return outcome.ok;
};
const codes = (match: Match, environment: MeshEnvironment = env) => {
  const outcome = conditionsOf(match, environment);
  return 'refused' in outcome ? outcome.refused.map(({ code }) => code) : [];
};
const one = (is: NonNullable<Match['headers']>[number]['is']): Match => ({ headers: [{ name: 'x-dev', is }] });

describe('conditions on headers', () => {
  it.each([
    [{ exact: 'alice' }, { exact: 'alice' }],
    [{ prefix: 'al' }, { prefix: 'al' }],
    [{ regex: '.*Firefox/67\\.0.*' }, { regex: '.*Firefox/67\\.0.*' }],
    [{ present: true as const }, {}],
    [{ not: { absent: true as const } }, {}],
  ])('%j is asked of headers as %j', (is, expected) => {
    expect(translate(one(is))[0]?.headers).toEqual([{ name: 'x-dev', is: expected }]);
  });

  it.each([
    [{ absent: true as const }, {}],
    [{ not: { present: true as const } }, {}],
    [{ not: { exact: 'bob' } }, { exact: 'bob' }],
    [{ not: { regex: 'b+' } }, { regex: 'b+' }],
  ])('%j is asked of withoutHeaders as %j', (is, expected) => {
    expect(translate(one(is))[0]).toMatchObject({ headers: [], withoutHeaders: [{ name: 'x-dev', is: expected }] });
  });

  it('keeps several conditions on one header', () => {
    const match = { headers: [one({ prefix: 'a' }), one({ not: { exact: 'ab' } })].flatMap(({ headers }) => headers ?? []) };
    expect(translate(match)[0]).toMatchObject({ headers: [{ is: { prefix: 'a' } }], withoutHeaders: [{ is: { exact: 'ab' } }] });
  });

  it.each([
    [{ prefix: '' }, 'empty-prefix'],
    [{ regex: '' }, 'invalid-regex'],
    [{ regex: '(?=lookahead)' }, 'invalid-regex'],
    [{ regex: '*' }, 'invalid-regex'],
    [{ regex: 'x'.repeat(1025) }, 'regex-too-long'],
    [{ not: { regex: 'ä'.repeat(600) } }, 'regex-too-long'],
    [{ not: { not: { exact: 'x' } } }, 'match.header.not'],
  ])('refuses %j as %s', (is, code) => expect(codes(one(is))).toEqual([code]));

  it('takes a regular expression of 1024 bytes', () => expect(codes(one({ regex: 'x'.repeat(1024) }))).toEqual([]));

  it.each(['host', 'X-Dev', '', ':path', 'a b', '@request.auth.claims.sub'])('refuses the name %j', (name) =>
    expect(codes({ headers: [{ name, is: { exact: 'x' } }] })).toEqual(['invalid-header']),
  );

  it('refuses a negation where a missing header would not satisfy it', () => {
    expect(codes(one({ not: { exact: 'x' } }), { ...env, version: '1.21.0' })).toEqual(['match.header.not']);
    expect(codes(one({ absent: true }), { ...env, version: '1.21.0' })).toEqual([]);
  });
});

describe('conditions on paths', () => {
  it('takes a segment prefix apart: /foo and /foo/… but not /foobar (case 33)', () => {
    const uris = translate({ path: { kind: 'segmentPrefix', value: '/foo' } }).map(({ path }) => path?.uri);
    expect(uris).toEqual([{ exact: '/foo' }, { prefix: '/foo/' }]);
    expect(translate({ path: { kind: 'segmentPrefix', value: '/foo/' } }).map(({ path }) => path?.uri)).toEqual(uris);
  });

  it('drops a prefix that every path has', () => {
    expect(translate({ path: { kind: 'segmentPrefix', value: '/' } })[0]?.path).toBeUndefined();
    expect(translate({ path: { kind: 'rawPrefix', value: '/' } })[0]?.path).toBeUndefined();
  });

  it('carries ignored case for exact and prefix only', () => {
    expect(translate({ path: { kind: 'exact', value: '/A', ignoreCase: true } })[0]?.path).toEqual({
      uri: { exact: '/A' },
      ignoreCase: true,
    });
    expect(translate({ path: { kind: 'regex', value: '/a.*', ignoreCase: true } })[0]?.path).toEqual({
      uri: { regex: '/a.*' },
      ignoreCase: false,
    });
  });

  it('refuses what no path can be', () => {
    expect(codes({ path: { kind: 'rawPrefix', value: '' } })).toEqual(['invalid-path']);
    expect(codes({ path: { kind: 'exact', value: 'foo' } })).toEqual(['invalid-path']);
    expect(codes({ path: { kind: 'regex', value: '(' } })).toEqual(['invalid-regex']);
  });
});

describe('other conditions', () => {
  it('translates method, scheme, authority and query', () => {
    const [condition] = translate({
      method: { exact: 'GET' },
      scheme: { present: true },
      authority: { prefix: 'cart' },
      query: [{ name: 'V', is: { exact: '2' } }],
    });
    expect(condition).toEqual({
      method: { exact: 'GET' },
      authority: { prefix: 'cart' },
      headers: [],
      withoutHeaders: [],
      queryParams: [{ name: 'V', is: { exact: '2' } }],
    });
  });

  it('refuses what Istio cannot negate, all at once', () => {
    const match: Match = { method: { not: { exact: 'GET' } }, authority: { absent: true }, query: [{ name: 'v', is: { absent: true } }] };
    expect(codes(match)).toEqual(['match.method', 'match.authority', 'match.query']);
  });
});
