import { describe, expect, it } from 'vitest';
import type { Action, RouteTable, Rule } from '../model/table.js';
import { evaluate } from './evaluate.js';
import { parseRequest } from './parse-request.js';

const to: Action = { to: [{ host: 'cart.shop', weight: 1, endpoints: [{ namespace: 'shop', name: 'cart-0' }] }] };
const rule = (preflight: Rule['preflight'], more: Partial<Rule> = {}): Rule => ({
  match: [],
  action: to,
  owner: 'foreign',
  origins: [],
  ...(preflight === undefined ? {} : { preflight }),
  ...more,
});
const table = (one: Rule, protocol: RouteTable['protocol'] = 'http'): RouteTable => ({
  view: { plane: 'mesh', clients: {} },
  domains: ['cart.shop'],
  port: 80,
  protocol,
  rules: [one],
  otherwise: { status: 404 },
});
const ORIGIN = ['Origin', 'http://a.example'] as const;
const ASKED = ['Access-Control-Request-Method', 'PUT'] as const;
const ask = (one: RouteTable, headers: readonly (readonly [string, string])[] = [ORIGIN, ASKED], method = 'OPTIONS') =>
  evaluate(one, parseRequest({ url: 'http://cart.shop/', method, headers }));
const isAnswered = (...asked: Parameters<typeof ask>) => ask(...asked).outcomes.length === 0;

describe('preflight requests', () => {
  const exact = rule([{ exact: 'http://a.example' }]);

  it('are answered by the proxy where the rule allows their origin, with what faults say', () => {
    expect(ask(table(exact))).toMatchObject({ status: 200, outcomes: [], decidedBy: [], trace: [{ matched: true }] });
    const fault = { delay: { percent: 50, ms: 10 } };
    const mirrored = rule('all', { fault, mirrors: [{ percent: 100, destination: { host: 'x', weight: 1, endpoints: [] } }] });
    expect(ask(table(mirrored))).toMatchObject({ status: 200, outcomes: [], faults: fault });
    expect(ask(table(mirrored))).not.toHaveProperty('mirrors');
    expect(ask(table(exact), [ORIGIN, ASKED, ['content-type', 'application/grpc']])).toMatchObject({ status: 200, outcomes: [] });
  });

  it('go on for other origins, methods and without one of the two headers', () => {
    expect(isAnswered(table(exact), [['Origin', 'http://b.example'], ASKED])).toBe(false);
    expect(isAnswered(table(exact), [ORIGIN, ASKED], 'GET')).toBe(false);
    expect(isAnswered(table(exact), [ORIGIN])).toBe(false);
    expect(isAnswered(table(exact), [['Origin', ''], ASKED])).toBe(false);
    expect(isAnswered(table(rule([])))).toBe(false);
    expect(isAnswered(table(rule(undefined)))).toBe(false);
  });

  it('of any origin are, where `*` fulfils a condition', () => {
    for (const is of [{ exact: '*' }, { prefix: '*' }, { regex: '.*' }]) expect(isAnswered(table(rule([is])))).toBe(true);
    expect(isAnswered(table(rule([{ regex: 'http://.*' }])))).toBe(true);
    expect(isAnswered(table(rule([{ regex: 'http://b.*' }])))).toBe(false);
  });

  it('with a header twice count both as one, and empty ones as none', () => {
    expect(isAnswered(table(exact), [ORIGIN, ORIGIN, ASKED])).toBe(false);
    expect(isAnswered(table(exact), [ORIGIN, ['Origin', ''], ASKED])).toBe(true);
  });

  it('are nothing special to redirects, to direct responses and on connections', () => {
    expect(ask(table(rule('all', { action: { redirect: { code: 301 } } })))).toMatchObject({ status: 301 });
    expect(ask(table(rule('all', { action: { directResponse: { status: 204 } } })))).toMatchObject({ status: 204 });
    expect(isAnswered(table(rule('all'), 'tcp'))).toBe(false);
  });
});
