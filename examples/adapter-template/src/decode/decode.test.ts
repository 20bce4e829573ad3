import type { KubeObject, Observed, Rule } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { backend, CART, env, observe, route, SHOP } from '../../test/support/scene.js';
import { decode } from './decode.js';
import { milliseconds } from './milliseconds.js';

const ask = (objects: readonly KubeObject[]) => decode({ services: [CART] }, observe([...SHOP, ...objects]), env);
const ruleOf = (rule: KubeObject): Rule | undefined => ask([route([rule])]).tables[0]?.rules[0];

describe('decode', () => {
  it('reads filters, timeouts and retries', () => {
    const headers = { set: [{ name: 'a', value: '1' }], remove: ['b'] };
    const rule = ruleOf({
      filters: [
        { type: 'RequestHeaderModifier', requestHeaderModifier: headers },
        { type: 'ResponseHeaderModifier', responseHeaderModifier: { add: [{ name: 'c', value: '2' }] } },
      ],
      timeouts: { request: '1m30s' },
      retry: { attempts: 3 },
      backendRefs: [backend('cart')],
    });
    expect(rule).toMatchObject({
      headers: { request: { set: { a: '1' }, remove: ['b'] }, response: { add: { c: '2' } } },
      timeoutMs: 90_000,
      retry: { attempts: 3 },
    });
    expect(rule?.opaque).toBeUndefined();
  });

  it.each<[string, KubeObject]>([
    ['filter ExtensionRef', { filters: [{ type: 'ExtensionRef', extensionRef: { name: 'x' } }], backendRefs: [backend('cart')] }],
    ['filters of single backends', { backendRefs: [backend('cart', { filters: [{ type: 'RequestHeaderModifier' }] })] }],
    ['backends that are no Services', { backendRefs: [backend('cart'), { group: 'x.test', kind: 'Bucket', name: 'b' }] }],
    ['missing backends', { backendRefs: [backend('cart'), backend('none')] }],
    ['sessionPersistence', { sessionPersistence: { type: 'Cookie' }, backendRefs: [backend('cart')] }],
    ['later', { matches: [{ later: 1 }], backendRefs: [backend('cart')] }],
  ])('says that an answer depends on what it cannot express: %s', (what, rule) => {
    expect(Object.keys(ruleOf(rule)?.opaque ?? {})).toEqual([what]);
  });

  it('has a 500 where no backend exists, and says which', () => {
    expect(ruleOf({ backendRefs: [backend('none')] })?.action).toEqual({ status: 500 });
    const empty = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'empty', namespace: 'shop' },
      spec: { selector: { a: 'b' }, ports: [{ port: 8080 }] },
    };
    expect(ask([empty, route([{ backendRefs: [backend('empty')] }])]).problems).toMatchObject([{ code: 'destination-empty' }]);
  });

  it.each<[string, KubeObject | undefined, Observed | undefined]>([
    [
      'GRPCRoute',
      {
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'GRPCRoute',
        metadata: { name: 'g', namespace: 'shop' },
        spec: { parentRefs: [{ kind: 'Service', name: 'cart' }] },
      },
      undefined,
    ],
    [
      'VirtualService',
      {
        apiVersion: 'networking.istio.io/v1',
        kind: 'VirtualService',
        metadata: { name: 'v', namespace: 'edge' },
        spec: { hosts: ['*.shop.svc.cluster.local'] },
      },
      undefined,
    ],
    [
      'waypoint',
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'cart', namespace: 'shop', labels: { 'istio.io/use-waypoint': 'w' } },
        spec: { selector: { app: 'cart' }, ports: [{ port: 8080 }] },
      },
      undefined,
    ],
    [
      'tcp',
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'cart', namespace: 'shop' },
        spec: { selector: { app: 'cart' }, ports: [{ port: 8080, name: 'tcp-cart' }] },
      },
      undefined,
    ],
    [
      'unread',
      undefined,
      new Map([...observe(SHOP)].map(([key, value]) => [key, key.includes('HTTPRoute') ? { unread: 'forbidden' } : value])),
    ],
  ])('names the gap %s', (feature, object, seen) => {
    const objects =
      object === undefined
        ? SHOP
        : [...SHOP.filter(({ kind, metadata }) => kind !== object.kind || (metadata as { name: string }).name !== 'cart'), object];
    expect(decode({ services: [CART] }, seen ?? observe(objects), env).gaps.map((gap) => gap.feature)).toEqual([feature]);
  });

  it('tells what is not there, and which routes do not count', () => {
    const missing = decode(
      {
        services: [
          { ...CART, name: 'none' },
          { ...CART, port: 1 },
        ],
      },
      observe(SHOP),
      env,
    );
    expect(missing.problems.map(({ code }) => code)).toEqual(['service-missing', 'port-missing']);
    const objects = [
      route([{ backendRefs: [backend('cart')] }]),
      route([{ backendRefs: [backend('cart')] }], { name: 'z', port: undefined }),
    ];
    expect(ask(objects).problems).toMatchObject([{ code: 'route-ignored', ref: { name: 'z' } }]);
  });
});

it.each([
  ['1h2m3s4ms', 3_723_004],
  ['0s', 0],
  ['1.5s', undefined],
  [5, undefined],
])('%j is %s ms', (text, expected) => expect(milliseconds(text)).toBe(expected));
