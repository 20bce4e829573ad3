import type { Change, KubeObject } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { env, header, pod, removal, service, session, split, stored, takeover, virtualService } from '../../test/support/objects.js';
import { apply, observe, refusalsOf } from '../../test/support/observe.js';
import { encode } from './encode.js';

const A = takeover(session('a1'), header('x-dev', 'alice'));
const world = [service('cart'), service('web'), pod('cart-1', { app: 'cart' }), pod('web-1', { app: 'web' })];

function route(name: string, parent: Record<string, unknown>, backend = 'cart', kind = 'HTTPRoute', namespace = 'shop'): KubeObject {
  return stored({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind,
    metadata: { name, namespace },
    spec: {
      parentRefs: [{ group: '', kind: 'Service', ...parent }],
      rules: [{ backendRefs: [{ name: backend, namespace: 'shop', port: 8080 }] }],
    },
  });
}

const said = (objects: readonly KubeObject[], change: Change = A) => {
  const planned = encode(change, observe(objects, { services: change.services }), env);
  return 'refused' in planned ? planned.refused.map(({ code, message, instead }) => `${code}: ${message}; ${instead}`) : [];
};

describe('a route of the Gateway API decides', () => {
  it('so nothing is written, and it is said which it is and what would work', () => {
    expect(said([...world, route('canary', { name: 'cart' })])).toEqual([
      'http-route: HTTPRoute shop/canary decides for pods in the mesh on port 8080, and a VirtualService does not count beside it; write rules of the Gateway API with its own adapter, if it is installed (--mesh gateway-api), or take the HTTPRoute away',
    ]);
  });

  it('also where a VirtualService stands beside it, for a standing route, and for a GRPCRoute', () => {
    const old = virtualService('cart', { hosts: ['cart'], http: [{ route: [{ destination: { host: 'cart' } }] }] });
    expect(refusalsOf([...world, old, route('canary', { name: 'cart', port: 8080 })], A)).toEqual(['http-route']);
    expect(refusalsOf([...world, route('canary', { name: 'cart' })], split({ v1: 50, v2: 50 }))).toContain('http-route');
    expect(refusalsOf([...world, route('canary', { name: 'cart' }, 'cart', 'GRPCRoute')], A)).toEqual(['http-route']);
  });

  it('several that decide together are one reason', () => {
    const both = [route('a', { name: 'cart' }), route('b', { name: 'cart' })];
    expect(said([...world, ...both])).toEqual([
      expect.stringContaining('HTTPRoute shop/a and HTTPRoute shop/b decide for pods in the mesh'),
    ]);
  });

  it('for callers of its own namespace, where it stands elsewhere', () => {
    expect(said([...world, route('mine', { name: 'cart', namespace: 'shop' }, 'cart', 'HTTPRoute', 'client')])).toEqual([
      expect.stringContaining('HTTPRoute client/mine decides for pods in the mesh in client on port 8080'),
    ]);
  });

  it('another Service that it sends to this one', () => {
    expect(said([...world, route('front', { name: 'web' })])).toEqual([
      expect.stringContaining('HTTPRoute shop/front sends requests for web.shop.svc.cluster.local to the service, for pods in the mesh'),
    ]);
  });

  it.each([
    ['another port', route('canary', { name: 'cart', port: 9090 })],
    ['no Service that is there', route('canary', { name: 'nobody' })],
    ['a Service of the wrong group', route('canary', { name: 'cart', group: undefined })],
  ])('not here: %s', (_, other) => {
    expect(refusalsOf([...world, other], A)).toEqual([]);
  });

  it('what was written before it came can be taken back', () => {
    const before = apply(world, A);
    const objects = [...before, route('canary', { name: 'cart' })];
    expect(refusalsOf(objects, A)).toEqual(['http-route']);
    expect(apply(objects, removal(A)).filter(({ kind }) => kind === 'VirtualService')).toEqual([]);
  });

  it('one at a gateway of the Gateway API is not read, and named', () => {
    const outside = route('public', { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'gw' });
    expect(said([...world, outside])).toEqual([
      expect.stringContaining('HTTPRoute shop/public sends requests to shop/cart and is attached to Gateway shop/gw'),
    ]);
  });
});
