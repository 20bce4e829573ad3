import { describe, expect, it } from 'vitest';
import type { Change } from '../model/change.js';
import type { Destination, RouteTable } from '../model/table.js';
import { mayConcern } from './scope.js';

const CART = { namespace: 'shop', name: 'cart' };
const change: Change = {
  owner: { kind: 'session', namespace: 'shop', id: 'a1' },
  services: [{ ...CART, port: 8080 }],
  views: 'all',
  versions: [],
  intents: [],
};
const host = (name: string) => `${name}.shop.svc.cluster.local`;
const table = (to: Partial<Destination> & { readonly host: string }, port = 8080): RouteTable => ({
  view: { plane: 'mesh', clients: {} },
  domains: [host('cart')],
  port,
  protocol: 'http',
  rules: [{ match: [], action: { to: [{ weight: 1, endpoints: [], ...to }] }, owner: 'foreign', origins: [] }],
  otherwise: 'passthrough',
});

describe('the scope of a change', () => {
  it('is the requests that a rule sends to its service and port', () => {
    expect(mayConcern(change, table({ host: host('cart'), port: 8080 }))).toBe(true);
    expect(mayConcern(change, table({ host: host('cart'), port: 9090 }))).toBe(false);
    expect(mayConcern(change, table({ host: host('cart-v1'), port: 8080 }))).toBe(false);
  });

  it('and those that it sends to a version of the service by a Service of its own, whatever port that one has', () => {
    expect(mayConcern(change, table({ host: host('cart-v1'), port: 80, versionOf: CART }))).toBe(true);
    expect(mayConcern(change, table({ host: host('cart-v1'), port: 80, versionOf: CART }, 9090))).toBe(false);
    expect(mayConcern(change, table({ host: host('web'), port: 8080, versionOf: { ...CART, name: 'web' } }))).toBe(false);
  });
});
