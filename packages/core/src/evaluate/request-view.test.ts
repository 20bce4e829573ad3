import { describe, expect, it } from 'vitest';
import type { RouteTable } from '../model/table.js';
import { evaluate } from './evaluate.js';
import { parseRequest } from './parse-request.js';

const table = (plane: 'mesh' | 'gateway'): RouteTable => ({
  view: plane === 'mesh' ? { plane, clients: {} } : { plane, gateway: { namespace: 'n', selector: {} } },
  domains: ['*'],
  port: 80,
  protocol: 'http',
  rules: [],
  otherwise: 'passthrough',
});

describe('what is answered before any rule is looked at', () => {
  it('an empty x-forwarded-proto finds no route; a gateway sets that header itself', () => {
    const request = parseRequest({ url: 'http://a/', headers: [['X-Forwarded-Proto', ' ']] });
    expect(evaluate(table('mesh'), request)).toMatchObject({
      status: 404,
      outcomes: [],
      trace: [{ because: 'header x-forwarded-proto is empty' }],
    });
    expect(evaluate(table('gateway'), request).status).toBeUndefined();
    expect(evaluate({ ...table('mesh'), protocol: 'tcp' }, request).status).toBeUndefined();
  });
});

describe('repeated headers that the proxy keeps as one value', () => {
  const seen = (name: string, values: readonly string[], envoy: string) => {
    const request = parseRequest({ url: 'http://a/', headers: values.map((value) => [name, value] as const) });
    const candidates = ['', 'a', 'a,b', 'a,', ',a', ','];
    return candidates.filter((exact) => {
      const rules: RouteTable['rules'] = [
        { match: [{ headers: [{ name, is: { exact } }] }], action: { status: 503 }, owner: 'foreign', origins: [] },
      ];
      return evaluate({ ...table('mesh'), rules }, request, { envoy }).status === 503;
    });
  };

  it('leave no comma for empty ones', () => {
    expect(seen('accept', ['a', ''], '1.40.0')).toEqual(['a']);
    expect(seen('accept', ['', 'a', 'b'], '1.40.0')).toEqual(['a,b']);
    expect(seen('accept', ['', ''], '1.38.3')).toEqual(['']);
  });

  it('are others than those which an older proxy joins to match them: there each empty one counts', () => {
    expect(seen('x-dup', ['a', ''], '1.38.3')).toEqual(['a,']);
    expect(seen('x-dup', ['a', ''], '1.40.0')).toEqual(['', 'a']);
  });
});

describe('a direct response', () => {
  it.each([201, 300, 302, 399])('of status %d says where the request itself was sent', (status) => {
    const answer = evaluate({ ...table('mesh'), otherwise: { directResponse: { status } } }, parseRequest({ url: 'http://a/x?y=1' }));
    expect(answer.redirect).toEqual({ code: status, location: 'http://a/x?y=1' });
  });

  it('of another status does not', () => {
    for (const status of [200, 202, 204, 400, 503]) {
      expect(
        evaluate({ ...table('mesh'), otherwise: { directResponse: { status } } }, parseRequest({ url: 'http://a/' })).redirect,
      ).toBeUndefined();
    }
  });
});
