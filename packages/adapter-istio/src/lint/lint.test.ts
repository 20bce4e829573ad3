import { type KubeObject, observeObjects } from '@heddle/core';
import { describe, expect, test } from 'vitest';
import { cart, found, messages, queries, to } from '../../test/support/linted.js';
import { destinationRule, env, gateway, pod, service, stored, virtualService } from '../../test/support/objects.js';
import { lint } from './lint.js';

const dated = (object: KubeObject, day: number): KubeObject =>
  stored({ ...object, metadata: { ...(object.metadata as object), creationTimestamp: `2026-01-0${day}T00:00:00Z` } });
const inFiles = (object: KubeObject): KubeObject => {
  const { uid: _, resourceVersion: __, creationTimestamp: ___, ...metadata } = object.metadata as Record<string, unknown>;
  return { ...object, metadata };
};

const plain = virtualService('cart', { hosts: ['cart'], http: [{ route: [to('cart', 'v1')] }] });

test('nothing is wrong with a sane mesh', () => {
  const outside = virtualService('outside', {
    hosts: ['shop.example.com'],
    gateways: ['front'],
    http: [{ match: [{ uri: { prefix: '/cart/' } }], route: [to('cart', 'v2')] }],
  });
  const split = virtualService('cart', {
    hosts: ['cart'],
    http: [
      { match: [{ headers: { 'end-user': { exact: 'jason' } } }], route: [to('cart', 'v2')] },
      { route: [to('cart', 'v1', { weight: 90 }), to('cart', 'v2', { weight: 10 })] },
    ],
  });
  const proxy = pod('front', { istio: 'ingressgateway' }, 'istio-system');
  expect(found([...cart, split, outside, gateway('front', ['shop.example.com']), proxy], true)).toEqual([]);
});

describe('who decides', () => {
  test('the older of two for one host; the other has no say at all', () => {
    const other = virtualService('other', { hosts: ['cart.shop.svc.cluster.local'], http: [{ route: [to('cart', 'v2')] }] });
    expect(found([...cart, dated(plain, 1), dated(other, 2)])).toEqual(['error virtual-service-shadowed vs other /spec/hosts/0']);
    expect(messages([...cart, dated(plain, 2), dated(other, 1)])).toEqual([
      'VirtualService shop/cart: none of its rules for cart.shop.svc.cluster.local is ever used: VirtualService shop/other decides for it (pods in the mesh), which is older; the rules of two are not put together',
    ]);
  });

  test('one for the callers of a namespace takes the place of a public one there: a note', () => {
    const own = virtualService(
      'mine',
      { hosts: ['cart.shop.svc.cluster.local'], exportTo: ['.'], http: [{ route: [to('cart.shop.svc.cluster.local')] }] },
      'team',
    );
    expect(found([...cart, plain, own])).toEqual([]);
    expect(found([...cart, plain, own], true)).toEqual(['info virtual-service-shadowed vs cart /spec/hosts/0']);
  });

  test('two for different ports do not meet', () => {
    const objects = [service('web', [80, 81]), pod('web', { app: 'web' })];
    const port = (name: string, number: number) =>
      virtualService(name, { hosts: ['web'], http: [{ match: [{ port: number }], route: [to('web')] }] });
    expect(found([...objects, port('a', 80), port('b', 81)])).toEqual([]);
  });

  test('a Service that only a Gateway is told of', () => {
    const bound = virtualService('cart', {
      hosts: ['shop.example.com', 'cart'],
      gateways: ['front'],
      http: [{ route: [to('cart', 'v1')] }],
    });
    const proxy = pod('front', { istio: 'ingressgateway' }, 'istio-system');
    const objects = [...cart, bound, gateway('front', ['shop.example.com']), proxy];
    expect(found(objects)).toEqual(['warning virtual-service-unseen vs cart /spec/hosts/1']);
    // Where another one is for callers in the mesh, all is as it should be.
    expect(found([...objects, virtualService('inside', { hosts: ['cart'], http: [{ route: [to('cart', 'v1')] }] })])).toEqual([]);
  });

  test('Gateways that are not there, hosts that they do not serve, and matches for others', () => {
    const lost = virtualService('lost', { hosts: ['a.example.com'], gateways: ['frnt'], http: [{ route: [to('cart', 'v1')] }] });
    const unserved = virtualService('unserved', {
      hosts: ['b.example.org'],
      gateways: ['front'],
      http: [{ match: [{ gateways: ['back'] }], route: [to('cart', 'v1')] }],
    });
    expect(found([...cart, lost, unserved, gateway('front', ['*.example.com'])])).toEqual([
      'error gateway-missing vs lost /spec/gateways/0',
      'warning match-never-applies vs unserved /spec/http/0/match/0/gateways',
      'warning gateway-host-unserved vs unserved /spec/hosts/0',
      'error gateway-without-pods Gateway front /spec/selector',
    ]);
  });
});

describe('destinations', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['a typo', { route: [to('crat')] }, 'error destination-missing vs cart /spec/http/0/route/0/destination/host'],
    ['a name with one dot', { route: [to('cart.shop')] }, 'error host-not-full vs cart /spec/http/0/route/0/destination/host'],
    ['outside the mesh', { route: [to('api.example.com')] }, 'warning destination-missing vs cart /spec/http/0/route/0/destination/host'],
    [
      'another port',
      { route: [{ destination: { host: 'cart', port: { number: 1 } } }] },
      'error destination-port-missing vs cart /spec/http/0/route/0/destination/port',
    ],
    ['a subset that nobody defines', { route: [to('cart', 'v9')] }, 'error subset-missing vs cart /spec/http/0/route/0/destination/subset'],
    [
      'a mirror',
      { route: [to('cart', 'v1')], mirror: { host: 'cart', subset: 'v9' } },
      'error subset-missing vs cart /spec/http/0/mirror/subset',
    ],
  ])('%s', (_, rule, expected) => {
    expect(found([...cart, virtualService('cart', { hosts: ['cart'], http: [rule] })])).toEqual([expected]);
  });

  test('a typo is guessed, a short name is looked for in the namespace of its object', () => {
    const rules = lint(
      observeObjects([...cart, virtualService('cart', { hosts: ['cart'], http: [{ route: [to('crat')] }] })], queries),
      env,
    );
    expect(rules[0]?.fix).toBe('did you mean cart?');
    const elsewhere = virtualService('mine', { hosts: ['cart'], http: [{ route: [to('cart')] }] }, 'team');
    expect(messages([...cart, elsewhere])).toContain(
      'VirtualService team/mine: there is no Service cart in namespace team, where the short name cart is looked for, so no request follows these rules',
    );
  });

  test('a subset without Pods, and only that', () => {
    const [base, , v2] = cart as [KubeObject, KubeObject, KubeObject];
    const one = [base, v2, destinationRule('cart', 'cart'), plain];
    expect(found(one)).toEqual(['error subset-empty vs cart /spec/http/0/route/0/destination/subset']);
    // Files that show no Pod of the namespace say nothing of Pods.
    expect(found([base, destinationRule('cart', 'cart'), plain].map(inFiles))).toEqual([]);
  });

  test('of a standing route too, unless it copies what others send there', () => {
    const [base, , v2] = cart as [KubeObject, KubeObject, KubeObject];
    const name = 'heddle/route/shop/cart.8080/0';
    const split = (foreign: object) =>
      virtualService('cart', {
        hosts: ['cart'],
        http: [{ name, match: [{ port: 8080 }], route: [to('cart', 'v1')] }, { route: [foreign] }],
      });
    const one = [base, v2, destinationRule('cart', 'cart')];
    expect(found([...one, split(to('cart', 'v2'))])).toEqual(['error subset-empty vs cart /spec/http/0/route/0/destination/subset']);
    expect(lint(observeObjects([...one, split(to('cart', 'v2'))], queries), env)[0]?.fix).toContain(
      'change the standing route: heddle route list -n shop',
    );
    expect(found([...one, split(to('cart', 'v1'))])).toEqual(['error subset-empty vs cart /spec/http/1/route/0/destination/subset']);
  });

  test('a wildcard that a DestinationRule of heddle’s own stands in place of', () => {
    const made = destinationRule('heddle-cart', 'cart.shop.svc.cluster.local');
    const own = { ...made, metadata: { ...(made.metadata as object), labels: { 'app.kubernetes.io/managed-by': 'heddle' } } };
    const [base] = cart as [KubeObject];
    const hides = ['warning destination-rule-hides DestinationRule heddle-cart /spec/host'];
    expect(found([base, own, destinationRule('all', '*.local', 'istio-system')])).toEqual(hides);
    expect(found([base, own, destinationRule('all', '*.shop.svc.cluster.local')])).toEqual(hides);
    expect(found([base, own, destinationRule('all', '*.local', 'istio-system'), destinationRule('cart', 'cart')])).toEqual([]);
    expect(found([base, own, destinationRule('all', '*.local', 'other')])).toEqual([]);
  });

  test('what other files may hold is a note', () => {
    const alone = [virtualService('cart', { hosts: ['cart'], gateways: ['front', 'mesh'], http: [{ route: [to('cart', 'v1')] }] })].map(
      inFiles,
    );
    expect(found(alone)).toEqual([]);
    expect(found(alone, true)).toContain('info host-missing vs cart /spec/hosts/0');
  });
});

describe('DestinationRules', () => {
  const exported = (object: KubeObject, exportTo: readonly string[]): KubeObject => ({
    ...object,
    spec: { ...(object.spec as object), exportTo },
  });
  const only = (name: string, subset: string): KubeObject =>
    stored({
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: { name, namespace: 'shop' },
      spec: { host: 'cart', subsets: [{ name: subset, labels: { version: subset } }] },
    });
  const [base, v1, v2] = cart as [KubeObject, KubeObject, KubeObject];

  test('two with unequal exportTo: one alone counts, and the rule that needs the other is told why', () => {
    expect(found([base, v1, v2, dated(only('a', 'v1'), 1), exported(dated(only('b', 'v2'), 2), ['*']), plain])).toEqual([
      'error destination-rule-hidden DestinationRule a /spec/exportTo',
      'error subset-missing vs cart /spec/http/0/route/0/destination/subset',
    ]);
    expect(found([base, v1, v2, only('a', 'v1'), only('b', 'v2'), plain])).toEqual([]);
  });

  test('one in the callers’ namespace hides the subsets of the one beside the Service', () => {
    const hiding = stored({
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: { name: 'mine', namespace: 'team' },
      spec: { host: 'cart.shop.svc.cluster.local', trafficPolicy: {} },
    });
    expect(found([...cart, plain, hiding])).toEqual([
      'warning destination-rule-hides DestinationRule mine /spec/host',
      'error subset-missing vs cart /spec/http/0/route/0/destination/subset',
    ]);
    expect(messages([...cart, plain, hiding])[1]).toMatch(/\(for pods in the mesh in team\)$/);
  });

  test('one beside neither callers nor Service: they are told where it would count', () => {
    const away = stored({
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: { name: 'mine', namespace: 'team' },
      spec: { host: 'cart.shop.svc.cluster.local', subsets: [{ name: 'v1', labels: { version: 'v1' } }] },
    });
    const others = [base, v1, v2, away, plain];
    expect(found(others)).toEqual(['warning subset-missing vs cart /spec/http/0/route/0/destination/subset']);
    expect(messages(others)[0]).toMatch(/they do not see DestinationRule team\/mine.*\(for pods in the mesh, except those in team\)$/);
  });

  test('subsets that are the same, of one name, or of nothing', () => {
    const twice = stored({
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: { name: 'cart', namespace: 'shop' },
      spec: {
        host: 'cart',
        subsets: [
          { name: 'v1', labels: { version: 'v1' } },
          { name: 'stable', labels: { version: 'v1' } },
        ],
      },
    });
    expect(found([base, v1, v2, twice])).toEqual(['warning subsets-alike DestinationRule cart /spec/subsets/1/labels']);
    const other = { ...only('z', 'v1'), spec: { host: 'cart', subsets: [{ name: 'v1', labels: { version: 'v2' } }] } };
    expect(found([base, v1, v2, dated(only('a', 'v1'), 1), dated(other, 2)])).toEqual([
      'error subset-duplicate DestinationRule z /spec/subsets/0/name',
    ]);
    expect(found([base, v1, v2, { ...only('a', 'v1'), spec: { host: 'crat' } }])).toEqual([
      'error host-missing DestinationRule a /spec/host',
    ]);
  });
});
