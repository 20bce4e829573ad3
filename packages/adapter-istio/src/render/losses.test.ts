import type { Rule } from '@heddle/core';
import { describe, expect, test } from 'vitest';
import { env } from '../../test/support/objects.js';
import { HOST, jason, rendered, rule, table, to } from '../../test/support/rendered.js';

describe('what Istio cannot say', () => {
  const otherThanGet = rule({ to: [to('v2')] }, { match: [{ method: { not: { exact: 'GET' } } }, jason] });

  test('takes its condition out of the rule, which is narrower then', () => {
    const { http, losses } = rendered([table([otherThanGet])]);
    expect(http[0]?.match).toEqual([{ headers: { 'end-user': { exact: 'jason' } } }]);
    expect(losses).toEqual([
      expect.objectContaining({ code: 'match.method', rule: otherThanGet, message: expect.stringContaining('later rules') }),
    ]);
  });

  test.each<[string, Rule]>([
    ['opaque', rule({ to: [to('v2')] }, { opaque: { 'novel.condition': 1 } })],
    ['closed', rule('closed')],
    ['passthrough', rule('passthrough')],
    ['redirect.path', rule({ redirect: { code: 301, path: { regex: 'a', substitution: 'b' } } })],
    ['rewrite.authority', rule({ to: [to('v1')] }, { rewrite: { authority: { regex: '/(.*)', substitution: '\\1' } } })],
    ['fault', rule({ directResponse: { status: 200 } }, { fault: { abort: { percent: 10, status: 503 } } })],
    ['retry', rule({ to: [to('v1')] }, { retry: { http: { numRetries: 3 } } })],
    ['preflight', rule({ to: [to('v1')] }, { preflight: [{ not: { exact: 'https://a.test' } }] })],
    ['headers', rule({ to: [to('v1')] }, { headers: { response: { set: { 'x-a': '%NOVEL' } } } })],
    ['destination.external', rule({ to: [{ host: 'api.example.com', weight: 1, endpoints: [{ namespace: 'x', name: 'y' }] }] })],
    ['destination', rule({ to: [{ host: 'a_b', weight: 1, endpoints: [{ namespace: 'x', name: 'y' }] }] })],
    ['missing-status', rule({ to: [{ host: `gone.${HOST.slice(5)}`, weight: 1, endpoints: 'no-cluster', missingStatus: 500 }] })],
  ])('is lost: %s', (code, lost) => {
    const { losses } = rendered([table([lost])]);
    expect(losses.map((loss) => [loss.code, loss.rule === lost])).toEqual([[code, true]]);
  });

  test('mirrors beyond the first, before 1.19', () => {
    const two = rule(
      { to: [to()] },
      {
        mirrors: [
          { destination: to('v1'), percent: 100 },
          { destination: to('v2'), percent: 5 },
        ],
      },
    );
    const old = rendered([table([two])], { env: { ...env, version: '1.18.0' } });
    expect([old.http[0]?.mirror, old.http[0]?.mirrors, old.codes]).toEqual([{ host: 'cart', subset: 'v1' }, undefined, ['mirror']]);
    const [today] = rendered([table([two])]).http;
    expect(today?.mirrors).toEqual([
      { destination: { host: 'cart', subset: 'v1' } },
      { destination: { host: 'cart', subset: 'v2' }, percentage: { value: 5 } },
    ]);
  });
});
