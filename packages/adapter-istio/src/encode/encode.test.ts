import { metaOf, refOf } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { env, gateway, header, pod, removal, service, session, takeover, virtualService } from '../../test/support/objects.js';
import { apply, content, editsOf, named, notesOf, observe } from '../../test/support/observe.js';
import { encode } from './encode.js';
import { httpOf } from './virtual-service.js';

const A = takeover(session('a1'), header('x-dev', 'alice'));
const B = takeover(session('b2'), header('x-dev', 'bob'));
const world = [service('cart'), pod('cart-1', { app: 'cart' }), service('web'), pod('web-1', { app: 'web' })];
const toCart = { route: [{ destination: { host: 'cart' } }] };
const rulesOf = (objects: Parameters<typeof named>[0], name: string) => httpOf(named(objects, 'VirtualService', name) ?? {});
const shadow = (id: string, port = 8080) => [
  { destination: { host: `heddle-cart-${id}.shop.svc.cluster.local`, port: { number: port } }, weight: 100 },
];

describe('encode into the deciding VirtualService', () => {
  it('puts one rule before one plain catch-all (case 1)', () => {
    const before = [...world, virtualService('cart', { hosts: ['cart'], http: [toCart] })];
    expect(rulesOf(apply(before, A), 'cart')).toEqual([
      { name: 'heddle/session/shop/a1/0', match: [{ headers: { 'x-dev': { exact: 'alice' } } }], route: shadow('a1') },
      toCart,
    ]);
  });

  it('copies each rule of the service with its rewrite, timeout, CORS and unknown fields, not its mirror and fault (case 52)', () => {
    const rest = { rewrite: { uri: '/v2' }, timeout: '3s', retries: { attempts: 2 }, corsPolicy: { maxAge: '1h' }, novel: { deep: [1] } };
    const first = {
      name: 'api',
      match: [{ uri: { prefix: '/api' } }, { headers: { h: {} } }],
      ...toCart,
      ...rest,
      mirror: { host: 'web' },
      fault: { abort: {} },
    };
    const before = [...world, virtualService('cart', { hosts: ['cart'], http: [first, toCart] })];
    const [one, two, ...foreign] = rulesOf(apply(before, A), 'cart');
    expect(one).toEqual({
      name: 'heddle/session/shop/a1/0',
      match: [{ uri: { prefix: '/api' }, headers: { 'x-dev': { exact: 'alice' } } }, { headers: { h: {}, 'x-dev': { exact: 'alice' } } }],
      route: shadow('a1'),
      ...rest,
    });
    expect(two).toMatchObject({ name: 'heddle/session/shop/a1/1', route: shadow('a1') });
    expect(foreign).toEqual([first, toCart]);
  });

  it('copies behind rules for others, so that these still get what was theirs', () => {
    const web = { match: [{ uri: { prefix: '/web' } }], route: [{ destination: { host: 'web' } }] };
    const before = [...world, virtualService('cart', { hosts: ['cart'], http: [toCartAt('/a'), web, toCart] })];
    expect(rulesOf(apply(before, A), 'cart').map((rule) => rule.name ?? JSON.stringify(rule.match))).toEqual(
      ['heddle/session/shop/a1/0', '[{"uri":{"prefix":"/a"}}]', '[{"uri":{"prefix":"/web"}}]', 'heddle/session/shop/a1/1', 'undefined'].map(
        (name) => (name === 'undefined' ? (undefined as never) : name),
      ),
    );
  });

  it('takes what no rule matches on the mesh too, where that is a 404', () => {
    const before = [...world, virtualService('cart', { hosts: ['cart'], http: [toCartAt('/a')] })];
    const rules = rulesOf(apply(before, A), 'cart');
    expect(rules.map((rule) => rule.match)).toEqual([
      [{ uri: { prefix: '/a' }, headers: { 'x-dev': { exact: 'alice' } } }],
      [{ headers: { 'x-dev': { exact: 'alice' } } }],
      [{ uri: { prefix: '/a' } }],
    ]);
  });

  it('orders sessions by id, whoever came first, and is idempotent', () => {
    const before = [...world, virtualService('cart', { hosts: ['cart'], http: [toCartAt('/a'), toCart] })];
    const ab = apply(apply(before, A), B);
    expect(rulesOf(ab, 'cart')).toEqual(rulesOf(apply(apply(before, B), A), 'cart'));
    expect(editsOf(ab, A)).toEqual([]);
    expect(editsOf(ab, B)).toEqual([]);
  });

  it('removes one owner and leaves the other byte for byte (case 5)', () => {
    const before = [...world, virtualService('cart', { hosts: ['cart'], http: [toCart] })];
    const onlyB = apply(before, B);
    const after = apply(apply(onlyB, A), removal(A));
    expect(content(named(after, 'VirtualService', 'cart'))).toBe(content(named(onlyB, 'VirtualService', 'cart')));
    expect(content(named(apply(after, removal(B)), 'VirtualService', 'cart'))).toBe(content(named(before, 'VirtualService', 'cart')));
  });

  it('carries uid and resourceVersion, stage and the served version (case 11)', () => {
    const old = { ...virtualService('cart', { hosts: ['cart'], http: [toCart] }), apiVersion: 'networking.istio.io/v1alpha3' };
    const [edit, ...more] = editsOf([...world, old], A);
    expect(more).toEqual([]);
    const { uid, resourceVersion } = metaOf(old);
    expect(edit).toMatchObject({ op: 'replace', stage: 'rules', uid, resourceVersion, ref: { apiVersion: 'networking.istio.io/v1' } });
    expect(edit?.op === 'replace' && refOf(edit.body).apiVersion).toBe('networking.istio.io/v1');
  });

  it('keeps a rule for some callers for them, in the copy too', () => {
    const canary = { match: [{ sourceLabels: { app: 'web' } }], route: [{ destination: { host: 'cart', subset: 'v2' } }] };
    const before = [...world, virtualService('cart', { hosts: ['cart'], http: [canary, toCart] })];
    expect(rulesOf(apply(before, A), 'cart')[0]?.match).toEqual([
      { sourceLabels: { app: 'web' }, headers: { 'x-dev': { exact: 'alice' } } },
    ]);
  });
});

const toCartAt = (prefix: string) => ({ match: [{ uri: { prefix } }], ...toCart });

describe('encode where the mesh has no VirtualService', () => {
  it('makes one of its own, with a catch-all per port that belongs to no owner, and deletes it with the last rule (case 19)', () => {
    const after = apply(world, A);
    const own = named(after, 'VirtualService', 'heddle-cart');
    expect(metaOf(own).labels).toEqual({ 'app.kubernetes.io/managed-by': 'heddle' });
    expect(metaOf(own).ownerReferences).toEqual([]);
    expect(own?.spec).toEqual({
      hosts: ['cart.shop.svc.cluster.local'],
      http: [
        { name: 'heddle/session/shop/a1/0', match: [{ port: 8080, headers: { 'x-dev': { exact: 'alice' } } }], route: shadow('a1') },
        {
          name: 'heddle/fallback/8080',
          match: [{ port: 8080 }],
          route: [{ destination: { host: 'cart.shop.svc.cluster.local', port: { number: 8080 } }, weight: 100 }],
        },
      ],
    });
    expect(editsOf(after, A)).toEqual([]);
    const both = apply(after, B);
    expect(rulesOf(both, 'heddle-cart').map(({ name }) => name)).toEqual([
      'heddle/session/shop/a1/0',
      'heddle/session/shop/b2/0',
      'heddle/fallback/8080',
    ]);
    const onlyB = apply(both, removal(A));
    expect(named(onlyB, 'VirtualService', 'heddle-cart')).toBeDefined();
    expect(apply(onlyB, removal(B))).toEqual(world);
  });

  it('writes into both where one is for a gateway alone, and says so (case 13)', () => {
    const front = virtualService('cart', { hosts: ['cart.example.com', 'cart'], gateways: ['front'], http: [toCart] });
    const before = [...world, gateway('front', ['cart.example.com']), pod('gw', { istio: 'ingressgateway' }), front];
    expect(notesOf(before, A)).toContain('gateway-only');
    const after = apply(before, A);
    expect(rulesOf(after, 'cart').map(({ name }) => name)).toEqual(['heddle/session/shop/a1/0', undefined]);
    expect(rulesOf(after, 'heddle-cart')).toHaveLength(2);
    expect(named(after, 'VirtualService', 'cart')).toMatchObject({ spec: { gateways: ['front'] } });
    expect(apply(after, removal(A)).map(content)).toEqual(before.map(content));
  });

  it('moves to a VirtualService that a user has made since', () => {
    const after = apply([...apply(world, A), virtualService('cart', { hosts: ['cart'], http: [toCart] })], A);
    expect(named(after, 'VirtualService', 'heddle-cart')).toBeUndefined();
    expect(rulesOf(after, 'cart').map(({ name }) => name)).toEqual(['heddle/session/shop/a1/0', undefined]);
  });

  it('says that a VirtualService made since has no effect while another session has rules in ours', () => {
    const younger = { creationTimestamp: '2026-09-01T00:00:00Z' };
    const both = [...apply(apply(world, A), B), virtualService('cart', { hosts: ['cart'], http: [toCart] }, 'shop', younger)];
    expect(notesOf(both, A)).toEqual(['hidden-virtual-service']);
    expect(editsOf(both, A)).toEqual([]);
    expect(notesOf(apply(both, removal(B)), A)).toEqual([]);
  });

  it('shows it to everybody, also in a mesh whose default is the own namespace', () => {
    const planned = encode(A, observe(world, { services: A.services }), { ...env, settings: { defaultVirtualServiceExportTo: '.' } });
    expect(planned).toMatchObject({ ok: [{ op: 'create', body: { spec: { exportTo: ['*'] } } }] });
  });

  it.each([
    ['.', ['.']],
    ['shop, other', ['.', 'other']],
  ])('shows it to nobody who cannot see the Service: %s', (exported, exportTo) => {
    const { metadata, ...cart } = service('cart');
    const annotated = { ...cart, metadata: { ...(metadata as object), annotations: { 'networking.istio.io/exportTo': exported } } };
    const objects = [annotated, ...world.slice(1)];
    expect(named(apply(objects, A), 'VirtualService', 'heddle-cart')).toMatchObject({ spec: { exportTo } });
    expect(apply(apply(objects, A), removal(A))).toEqual(objects);
    const privately = { ...env, settings: { defaultServiceExportTo: '.' } };
    const planned = encode(A, observe(world, { services: A.services }), privately);
    expect(planned).toMatchObject({ ok: [{ op: 'create', body: { spec: { exportTo: ['.'] } } }] });
  });

  it('deletes it when somebody has taken our rules out of it by hand', () => {
    const emptied = apply(world, A).map((object) =>
      metaOf(object).name === 'heddle-cart' ? { ...object, spec: { ...(object.spec as object), http: httpOf(object).slice(1) } } : object,
    );
    expect(apply(emptied, removal(A))).toEqual(world);
    expect(rulesOf(apply(emptied, A), 'heddle-cart')).toHaveLength(2);
  });

  it('keeps what a user put into an object of ours', () => {
    const mine = { name: 'mine', match: [{ uri: { prefix: '/mine' } }], route: [{ destination: { host: 'web' } }] };
    const after = apply(world, A).map((object) =>
      metaOf(object).name === 'heddle-cart' ? { ...object, spec: { ...(object.spec as object), http: [...httpOf(object), mine] } } : object,
    );
    expect(rulesOf(apply(after, removal(A)), 'heddle-cart').map(({ name }) => name)).toEqual(['heddle/fallback/8080', 'mine']);
  });
});
