import { describe, expect, it } from 'vitest';
import { parseRequest } from '../evaluate/parse-request.js';
import type { RouteTable, Rule } from '../model/table.js';
import { explainRequest, requestHosts } from './explain-request.js';

const ref = { apiVersion: 'mesh.example/v1', kind: 'Route', namespace: 'shop', name: 'reviews' };
const rule = (index: number, method?: string): Rule => ({
  match: method === undefined ? [] : [{ method: { exact: method } }],
  action: { status: 503 },
  owner: 'foreign',
  origins: [{ ref, pointer: `/spec/rules/${index}`, index }],
  timeoutMs: 1000 + index,
});
const table: RouteTable = {
  view: { plane: 'mesh', clients: {} },
  domains: ['reviews.shop'],
  port: 80,
  protocol: 'http',
  rules: [rule(0, 'POST'), rule(1, 'GET')],
  otherwise: { status: 404 },
};
const sidecar = { kind: 'sidecar', namespace: 'shop', labels: {} } as const;
const ask = (method: string) => explainRequest([table], sidecar, parseRequest({ url: 'http://reviews.shop/', method }));

describe('explainRequest', () => {
  it('names the rule that decides, with its table', () => {
    expect(ask('GET')).toMatchObject({ table, rule: { timeoutMs: 1001 } });
    expect(ask('POST').rule).toBe(table.rules[0]);
  });

  it('names none where no rule matched, or no table is there', () => {
    expect(ask('PUT')).toMatchObject({ answer: { status: 404 }, table });
    expect(ask('PUT')).not.toHaveProperty('rule');
    const away = explainRequest([table], { kind: 'none' }, parseRequest({ url: 'http://reviews.shop/' }));
    expect(Object.keys(away)).toEqual(['answer']);
  });

  it('a gateway on which nothing listens takes no connection', () => {
    const { answer } = explainRequest([table], { kind: 'gateway', namespace: 'edge', labels: {} }, parseRequest({ url: 'http://x:81/' }));
    expect(answer).toMatchObject({
      outcomes: [],
      notes: ['nothing of the gateway listens on port 81: the URL needs a port that its Gateway objects have'],
    });
    expect(answer).not.toHaveProperty('status');
  });
});

it('requestHosts are the host that is dialled and the one that the Host header names, each once', () => {
  expect(requestHosts(parseRequest({ url: 'http://reviews:9080/' }))).toEqual(['reviews:9080']);
  const other = parseRequest({ url: 'http://10.0.0.1:9080/', headers: [['Host', 'reviews.shop:1']] });
  expect(requestHosts(other)).toEqual(['10.0.0.1:9080', 'reviews.shop:9080']);
});
