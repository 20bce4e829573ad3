import { type KubeObject, parseRequest } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import type { Caller } from './types.js';
import { unknownHostNotes } from './unknown-host.js';

const service = (namespace: string, name: string, ports: readonly number[], more: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { namespace, name },
  spec: { ports: ports.map((port) => ({ port })), ...more },
});
const SERVICES = [
  service('shop', 'reviews', [9080]),
  service('shop', 'db', [80, 81]),
  service('shop', 'peers', [80], { clusterIP: 'None' }),
  service('other', 'cart', [80]),
];
const caller: Caller = { client: { kind: 'sidecar', namespace: 'shop', labels: {} }, namespace: 'shop', who: 'a pod', notes: [] };
const unrouted = { outcomes: [{ probability: 1, host: 'PassthroughCluster' }] };
const notes = (url: string, answer: Parameters<typeof unknownHostNotes>[3] = unrouted, who = caller) =>
  unknownHostNotes(SERVICES, parseRequest({ url }), who, answer);

describe('what is easily overlooked in a host', () => {
  it.each([
    ['http://reviews/', 'Service shop/reviews has no port 80; it has 9080: http://reviews:9080.'],
    ['http://reviews.shop/', 'Service shop/reviews has no port 80; it has 9080: http://reviews.shop:9080.'],
    ['http://db:82/', 'Service shop/db has no port 82; it has 80, 81.'],
    ['http://reviws:9080/', 'No Service is called reviws, so the name leads nowhere unless something else knows it. Did you mean reviews?'],
    ['http://x.shop.svc/', 'No Service is called x, so the name leads nowhere unless something else knows it.'],
    ['http://cart.elsewhere/', 'There is no Service cart in namespace elsewhere; there is one in other.'],
    ['http://cart.shop/', 'There is no Service cart in namespace shop; there is one in other.'],
    [
      'http://cart/',
      "There is no Service cart in the caller's namespace shop; there is one in other: -n other for a caller there, or http://cart.other.",
    ],
  ])('%s', (url, note) => expect(notes(url)).toEqual([note]));

  it.each(['http://reviews:9080/', 'http://peers:8080/', 'http://example.com/', 'http://10.0.0.1/', 'http://[::1]/', 'http://a.b.c.d/'])(
    'nothing: %s',
    (url) => expect(notes(url)).toEqual([]),
  );

  it('is not said of a name that rules or other objects give a meaning', () => {
    expect(notes('http://legacy/', { outcomes: [{ probability: 1, host: 'reviews.shop.svc.cluster.local' }] })).toEqual([]);
    expect(notes('http://legacy/', { outcomes: [], route: 'blocked' })).toHaveLength(1);
    expect(notes('http://legacy/', unrouted, { ...caller, client: { kind: 'gateway', namespace: 'shop', labels: {} } })).toEqual([]);
  });
});
