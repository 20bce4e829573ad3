import { describe, expect, test } from 'vitest';
import type { RouteTable } from '../model/table.js';
import type { Client } from '../model/view.js';
import { answer } from './answer.js';
import { parseRequest } from './parse-request.js';
import { select } from './select.js';

const table = (name: string, domains: readonly string[], more: Partial<RouteTable> = {}): RouteTable => ({
  view: { plane: 'mesh', clients: {} },
  domains,
  port: 80,
  protocol: 'http',
  rules: [],
  otherwise: { status: 404 },
  otherwiseLabel: name,
  ...more,
});
const client: Client = { kind: 'sidecar', namespace: 'default', labels: { app: 'sleep' } };
const chosen = (tables: readonly RouteTable[], url: string, headers: readonly (readonly [string, string])[] = [], who: Client = client) =>
  select(tables, who, parseRequest({ url, headers }))?.otherwiseLabel;

describe('by authority', () => {
  const tables = [
    table('any', ['*']),
    table('suffix', ['*.example.com']),
    table('longer', ['*.a.example.com']),
    table('prefix', ['www.*']),
    table('exact', ['www.example.com']),
  ];

  test.each([
    ['http://www.example.com/', 'exact'],
    ['http://WWW.Example.com/', 'exact'],
    ['http://x.example.com/', 'suffix'],
    ['http://x.a.example.com/', 'longer'],
    ['http://www.org/', 'prefix'],
    ['http://example.com/', 'any'],
  ])('%s: %s', (url, name) => expect(chosen(tables, url)).toBe(name));

  test('the Host header counts, without its port', () => {
    expect(chosen(tables, 'http://elsewhere/', [['Host', 'www.example.com:1234']])).toBe('exact');
  });

  test('a bare name holds in its own namespace only', () => {
    const local = [
      table('any', ['*']),
      table('service', ['reviews.default'], { localDomains: [{ namespace: 'default', domain: 'reviews' }] }),
    ];
    expect(chosen(local, 'http://reviews/')).toBe('service');
    expect(chosen(local, 'http://reviews/', [], { ...client, namespace: 'other' })).toBe('any');
    expect(chosen(local, 'http://reviews.default/', [], { ...client, namespace: 'other' })).toBe('service');
  });
});

describe('by listener', () => {
  const tcp = table('tcp', ['*'], { protocol: 'tcp', addresses: ['db.default', 'db.default.svc.cluster.local', '10.96.0.7'] });
  const tables = [table('http', ['*']), tcp, table('rest', ['*'], { port: 0 })];

  test.each([
    ['http://db/', 'tcp'],
    ['http://DB.default.svc.cluster.local./', 'tcp'],
    ['http://10.96.0.7/', 'tcp'],
    ['http://db.other/', 'http'],
    ['http://db:8080/', 'rest'],
  ])('%s: %s', (url, name) => expect(chosen(tables, url)).toBe(name));
});

describe('by client', () => {
  test('views are held against namespace, labels and plane', () => {
    const tables = [
      table('mine', ['*'], { view: { plane: 'mesh', clients: { namespaces: ['default'], labels: { app: 'sleep' } } } }),
      table('others', ['*'], { view: { plane: 'mesh', clients: {}, except: [{ namespaces: ['default'], labels: { app: 'sleep' } }] } }),
      table('gateway', ['*'], { view: { plane: 'gateway', gateway: { namespace: 'gw', selector: { role: 'ingress' } } } }),
    ];
    expect(chosen(tables, 'http://x/')).toBe('mine');
    expect(chosen(tables, 'http://x/', [], { ...client, labels: {} })).toBe('others');
    expect(chosen(tables, 'http://x/', [], { kind: 'gateway', namespace: 'gw', labels: { role: 'ingress', a: 'b' } })).toBe('gateway');
    expect(chosen(tables, 'http://x/', [], { kind: 'gateway', namespace: 'gw', labels: {} })).toBeUndefined();
  });

  test('a proxy that several gateway views hold has the tables of the one that says most', () => {
    const view = (selector: Readonly<Record<string, string>>) =>
      ({ view: { plane: 'gateway', gateway: { namespace: 'gw', selector } } }) as const;
    const tables = [table('few', ['*'], view({ a: '1' })), table('many', ['*'], view({ a: '1', b: '2' }))];
    expect(chosen(tables, 'http://x/', [], { kind: 'gateway', namespace: 'gw', labels: { a: '1', b: '2' } })).toBe('many');
    expect(chosen(tables, 'http://x/', [], { kind: 'gateway', namespace: 'gw', labels: { a: '1' } })).toBe('few');
  });

  test('without a proxy no rule applies', () => {
    const ours = answer([table('any', ['*'])], { kind: 'none' }, parseRequest({ url: 'http://x/y' }));
    expect(ours).toMatchObject({ outcomes: [{ host: 'PassthroughCluster', probability: 1 }], route: 'passthrough' });
    expect(ours.notes).toEqual(['the caller has no proxy: no mesh rule applies']);
  });
});
