import { contentHash } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { owned } from './owned.js';
import { ownerLabels, ownerOfItem, ownerOfRoute, ownersAnnotation, parseServiceTag, serviceTag } from './ownership.js';

const route = (labels: Readonly<Record<string, string>>) => ({
  apiVersion: 'kuma.io/v1alpha1',
  kind: 'MeshHTTPRoute',
  metadata: { name: 'r', namespace: 'shop', labels },
  spec: { to: [{ targetRef: { kind: 'MeshService', name: 'cart_shop_svc_80' }, rules: [] }] },
});
const trafficRoute = (http: unknown, annotations: object = {}) => ({
  apiVersion: 'kuma.io/v1alpha1',
  kind: 'TrafficRoute',
  mesh: 'default',
  metadata: { name: 't', annotations },
  spec: { destinations: [{ match: { 'kuma.io/service': 'cart_shop_svc_80' } }], conf: { http } },
});
const to = (service: string) => ({ destination: { 'kuma.io/service': service } });
const session = { kind: 'session', namespace: 'shop', id: 'a1' } as const;

describe('a MeshHTTPRoute', () => {
  it("is its owner's by labels, all of it", () => {
    expect(ownerOfRoute(route(ownerLabels(session)))).toEqual(session);
    expect(owned(route(ownerLabels(session)))).toEqual([
      {
        owner: session,
        service: { namespace: 'shop', name: 'cart' },
        ref: { apiVersion: 'kuma.io/v1alpha1', kind: 'MeshHTTPRoute', namespace: 'shop', name: 'r' },
        pointer: '/spec',
        hash: contentHash(route({}).spec),
      },
    ]);
  });

  it("is a user's when any of them is missing", () => {
    const all = ownerLabels(session);
    for (const key of Object.keys(all)) {
      const labels = Object.fromEntries(Object.entries(all).filter(([other]) => other !== key));
      expect(ownerOfRoute(route(labels)), key).toBeUndefined();
      expect(owned(route(labels))).toEqual([]);
    }
  });

  it("is a standing route's by its service's name and its own", () => {
    const routes = ['cart.split', 'cart'].map((id) => ({ kind: 'route', namespace: 'shop', id }) as const);
    expect(routes.map((owner) => ownerOfRoute(route(ownerLabels(owner))))).toEqual(routes);
    expect(ownerLabels(routes[0] ?? session)).toMatchObject({ 'heddle.dev/service': 'cart', 'heddle.dev/route': 'split' });
  });
});

describe('an item of a TrafficRoute', () => {
  it("is a session's when it goes to the session's shadow and nowhere else", () => {
    const items = [
      to('heddle-cart-a1_shop_svc_80'),
      { split: [{ weight: 1, ...to('heddle-cart-a1_shop_svc_80') }] },
      to('cart_shop_svc_80'),
      {
        split: [
          { weight: 1, ...to('heddle-cart-a1_shop_svc_80') },
          { weight: 1, ...to('cart_shop_svc_80') },
        ],
      },
      { ...to('cart_shop_svc_80'), split: [{ weight: 1, ...to('heddle-cart-a1_shop_svc_80') }] },
      to('heddle-cart_shop_svc_80'),
      'no item at all',
    ];
    expect(items.map((_, index) => ownerOfItem(trafficRoute(items), index)?.id)).toEqual([
      'a1',
      'a1',
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(owned(trafficRoute(items)).map(({ pointer }) => pointer)).toEqual(['/spec/conf/http/0', '/spec/conf/http/1']);
  });

  it("is a standing route's by its hash, and nobody's once it is edited", () => {
    const owner = { kind: 'route', namespace: 'shop', id: 'cart' } as const;
    const item = { match: { path: { prefix: '/' } }, split: [{ weight: 1, ...to('cart_shop_svc_80') }] };
    const annotations = { 'heddle.dev/owners': ownersAnnotation(new Map([[contentHash(item), owner]])) };
    expect(ownerOfItem(trafficRoute([{ ...item }], annotations), 0)).toEqual(owner);
    expect(ownerOfItem(trafficRoute([{ ...item, modify: {} }], annotations), 0)).toBeUndefined();
    expect(ownerOfItem(trafficRoute([item], { 'heddle.dev/owners': 'no JSON' }), 0)).toBeUndefined();
    expect(ownerOfItem(trafficRoute([item], { 'heddle.dev/owners': `{"${contentHash(item)}": "nobody"}` }), 0)).toBeUndefined();
    expect(ownerOfItem(trafficRoute('no list'), 0)).toBeUndefined();
  });
});

it('nothing else is ours', () => {
  expect(owned(undefined)).toEqual([]);
  expect(owned({ ...route(ownerLabels(session)), kind: 'MeshTCPRoute' })).toEqual([]);
  expect(owned({ ...route(ownerLabels(session)), apiVersion: 'other.io/v1' })).toEqual([]);
});

it("tags are names of Services' ports", () => {
  const service = { namespace: 'shop', name: 'cart', port: 80 };
  expect(parseServiceTag(serviceTag(service))).toEqual(service);
  expect(parseServiceTag('cart_shop_svc')).toEqual({ namespace: 'shop', name: 'cart', port: undefined });
  expect(['cart', '*', 'cart_shop_svc_x', 7, undefined].map(parseServiceTag)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
