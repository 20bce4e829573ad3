import { describe, expect, it } from 'vitest';
import { env } from '../../test/support/objects.js';
import { passing } from './precedence.js';

const rule = (match: Record<string, unknown>) => ({ rule: { match: [match] }, where: 'VirtualService shop/leaf, rule 2' });
const alice = { headers: { 'x-dev': { exact: 'alice' } } };
const web = { uri: { prefix: '/web' } };
const of = (match: Record<string, unknown>, ...earlier: Record<string, unknown>[]) => {
  const result = passing(
    [match],
    rule(match),
    earlier.map((one) => ({ match: [one] })),
    env,
  );
  return 'ok' in result ? result.ok : result.refused.map(({ code }) => code);
};

describe('a copy that comes before rules that come before its original', () => {
  it('stays as it is where they take none of its requests', () => {
    const api = { ...alice, uri: { prefix: '/api' } };
    expect(of(api, web)).toEqual([api]);
    expect(of({ ...alice, port: 8080 }, { port: 9090 })).toEqual([{ ...alice, port: 8080 }]);
  });

  it('is left out where its original never got any', () => {
    expect(of({ ...alice, uri: { exact: '/web/x' } }, web)).toEqual([]);
    expect(of(alice, {})).toEqual([]);
  });

  it('is refused where it would take some of theirs', () => {
    expect(of(alice, web)).toEqual(['delegate-order']);
    // For some callers only: the others did get past it.
    expect(of({ ...alice, uri: { exact: '/web/x' } }, { ...web, sourceLabels: { app: 'sleep' } })).toEqual(['delegate-order']);
    expect(of({ ...alice, uri: { exact: '/web/x' } }, { ...web, headers: { '@request.auth.claims.group': { exact: 'a' } } })).toEqual([
      'delegate-order',
    ]);
  });

  it('may come from a rule without conditions', () => {
    const result = passing([alice], { rule: {}, where: 'x' }, [{}], env);
    expect(result).toEqual({ ok: [] });
  });
});
