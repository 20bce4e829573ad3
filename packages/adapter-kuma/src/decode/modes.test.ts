import type { KubeObject } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import {
  ask,
  between,
  decoded,
  from,
  kuma,
  mesh,
  namespace,
  observed,
  pod,
  route,
  rule,
  service,
  trafficRoute,
  version,
} from '../../test/support/mesh-objects.js';
import { decidingTables } from './deciding.js';

const world = (mode?: string): readonly KubeObject[] => [
  mesh('default', mode),
  namespace('shop'),
  service('cart', { name: 'main' }),
  service('cart-v2', { name: 'main' }),
  pod('v1', { app: 'cart', version: 'v1' }),
  pod('v2', { app: 'cart-v2', version: 'v2' }),
];
const CART = 'cart_shop_svc_80';
const target = { services: [{ namespace: 'shop', name: 'cart', port: 80 }] };
const http = (to: readonly unknown[], home = 'shop', labels = {}) => route('MeshHTTPRoute', 'm', { to }, home, labels);
const real = (name: string, more: Record<string, unknown> = {}) => ({ kind: 'MeshService', name, port: 80, ...more });
const outboundIn = (objects: readonly KubeObject[], env = kuma()) =>
  decidingTables(target, observed(objects, target, env), env).tables.find(({ role }) => role === 'service')?.outbound?.as;

describe('modes of MeshServices', () => {
  it.each([
    [undefined, 'tag'],
    ['Disabled', 'tag'],
    ['ReachableBackends', 'tag'],
    ['Everywhere', 'resource'],
    ['Exclusive', 'resource'],
  ])("%s: a Service's own addresses lead to a %s", (mode, as) => expect(outboundIn(world(mode))).toBe(as));

  it('3.0: a resource always', () => expect(outboundIn(world(), kuma('3.0.1'))).toBe('resource'));

  it('a backendRef with a port is a resource, and there is none in a mesh without them', () => {
    const m = http([{ targetRef: { kind: 'MeshService', name: CART }, rules: [rule('/', real('cart-v2'))] }]);
    expect(ask([...world('Everywhere'), m], 'http://cart/')).toEqual({ v2: 1 });
    const lost = [...world('Disabled'), http([{ targetRef: { kind: 'MeshService', name: CART }, rules: [rule('/x', real('cart-v2'))] }])];
    expect(ask(lost, 'http://cart/x')).toEqual({ v1: 1 });
    expect(
      decoded(lost, target)
        .problems.map(({ message }) => message)
        .join(),
    ).toContain('there is no MeshService cart-v2');
  });

  it('a mirror is looked up by the tag alone, so one to a MeshService by name keeps callers from being configured', () => {
    const mirrored = (backendRef: unknown) => {
      const filters = [{ type: 'RequestMirror', requestMirror: { backendRef } }];
      const m = http([{ targetRef: { kind: 'MeshService', name: 'cart' }, rules: [rule('/', real('cart'), { filters })] }]);
      const { tables, problems } = decoded([...world('Exclusive'), m], target);
      return [tables[0]?.rules[0]?.mirrors?.length ?? 0, problems.some(({ code }) => code === 'filter-unusable')];
    };
    expect(mirrored(real('cart-v2'))).toEqual([0, true]);
    expect(mirrored({ kind: 'MeshService', name: 'cart-v2_shop_svc_80' })).toEqual([1, false]);
  });

  it('an item means a resource by its old name, its name, its section or its labels', () => {
    const labels = { 'kuma.io/display-name': 'cart', 'k8s.kuma.io/namespace': 'shop' };
    const refs: readonly (readonly [Record<string, unknown>, unknown])[] = [
      [{ name: CART }, { v2: 1 }],
      [{ name: 'cart_shop_svc_81' }, { v1: 1 }],
      [{ name: 'cart' }, { v2: 1 }],
      [{ name: 'cart', sectionName: 'main' }, { v2: 1 }],
      [{ name: 'cart', sectionName: 'other' }, { v1: 1 }],
      [{ name: 'cart', namespace: 'elsewhere' }, { v1: 1 }],
      [{ labels }, { v2: 1 }],
      [{ labels: { ...labels, more: 'x' } }, { v1: 1 }],
    ];
    for (const [ref, answered] of refs) {
      const m = http([{ targetRef: { kind: 'MeshService', ...ref }, rules: [rule('/', real('cart-v2'))] }]);
      expect(ask([...world('Exclusive'), m], 'http://cart.shop/', from({}, 'shop')), JSON.stringify(ref)).toEqual(answered);
    }
  });

  it('an item about one port comes before one about the whole resource, whatever the names', () => {
    const all = route(
      'MeshHTTPRoute',
      'a',
      { to: [{ targetRef: { kind: 'MeshService', name: 'cart' }, rules: [rule('/', real('cart'))] }] },
      'shop',
    );
    const port = route(
      'MeshHTTPRoute',
      'z',
      { to: [{ targetRef: { kind: 'MeshService', name: 'cart', sectionName: 'main' }, rules: [rule('/', real('cart-v2'))] }] },
      'shop',
    );
    expect(ask([...world('Exclusive'), all, port], 'http://cart/')).toEqual({ v2: 1 });
  });

  it('resources have versions as Services of their own, and in 3.0 a share without a backend answers 500', () => {
    const labels = (name: string) => ({
      kind: 'MeshService',
      labels: { 'kuma.io/display-name': name, 'k8s.kuma.io/namespace': 'shop' },
      port: 80,
    });
    const item = (refs: readonly Record<string, unknown>[]) =>
      http([{ targetRef: { kind: 'MeshService', labels: labels('cart').labels }, rules: [rule('/', refs)] }]);
    const env = kuma('3.0.0');
    expect(
      ask(
        [
          ...world(),
          item([
            { ...labels('cart'), weight: 9 },
            { ...labels('cart-v2'), weight: 1 },
          ]),
        ],
        'http://cart/',
        from(),
        env,
      ),
    ).toEqual({ v1: 0.9, v2: 0.1 });
    expect(ask([...world(), item([labels('nobody')])], 'http://cart/', from(), env)).toBe(500);
    expect(ask([...world(), item([{ ...labels('cart'), weight: 0 }])], 'http://cart/', from(), env)).toBe(500);
    const { tables } = decoded([...world(), item([labels('cart'), labels('nobody')])], target, env);
    expect(Object.keys(tables[0]?.rules[0]?.opaque ?? {})).toEqual(['backendRefs that cannot be used: their share answers 500']);
  });

  it('where TrafficRoutes count, they count for resources too, but not in a mesh of resources only', () => {
    const r = trafficRoute('r', { ...between(CART), conf: { destination: { 'kuma.io/service': 'cart-v2_shop_svc_80' } } });
    expect(ask([...world('Everywhere'), r], 'http://cart/')).toEqual({ v2: 1 });
    expect(ask([...world('Exclusive'), r], 'http://cart/')).toEqual({ PassthroughCluster: 1 });
  });
});

describe('versions as Services of their own', () => {
  it('are marked where the base sends to them, for a session on the base is about their requests too', () => {
    const narrow = service('cart-v2', { name: 'main' }, 'shop', {}, { selector: { app: 'cart', version: 'v2' } });
    const objects = [
      mesh(),
      service('cart', { name: 'main' }),
      narrow,
      service('web'),
      pod('v1', { app: 'cart', version: 'v1' }),
      pod('v2', { app: 'cart', version: 'v2' }),
    ];
    const refs = ['cart-v2', 'cart', 'web'].map((name) => ({ kind: 'MeshService', name: `${name}_shop_svc_80` }));
    const m = http([{ targetRef: { kind: 'MeshService', name: CART }, rules: [rule('/', refs.slice(0, 2))] }]);
    const [table] = decoded([...objects, m], target).tables;
    const action = table?.rules[0]?.action;
    expect(typeof action === 'object' && 'to' in action ? action.to.map(({ versionOf }) => versionOf) : action).toEqual([
      { namespace: 'shop', name: 'cart' },
      undefined,
    ]);
  });
});

describe('names that clients dial', () => {
  it("the mesh's own on port 80, by tag, whatever the port", () => {
    const objects = [
      mesh(),
      service('cart', { port: 5000 }),
      pod('v1', { app: 'cart', version: 'v1' }),
      pod('v2', { app: 'cart', version: 'v2' }),
    ];
    const m = http([
      { targetRef: { kind: 'MeshService', name: 'cart_shop_svc_5000' }, rules: [rule('/', version('v2', 'cart_shop_svc_5000'))] },
    ]);
    expect(ask([...objects, m], 'http://cart_shop_svc_5000.mesh/')).toEqual({ v2: 1 });
    expect(ask([...objects, m], 'http://cart.shop.svc.5000.mesh/')).toEqual({ v2: 1 });
    expect(ask([...objects, m], 'http://cart.shop.svc:5000/')).toEqual({ v2: 1 });
    expect(ask([...objects, m], 'http://10.96.0.1:5000/')).toEqual({ v2: 1 });
    expect(ask([...objects, m], 'http://nobody.example/')).toEqual({ PassthroughCluster: 1 });
  });

  it('those that the status of a resource lists', () => {
    const resource = {
      apiVersion: 'kuma.io/v1alpha1',
      kind: 'MeshService',
      metadata: { name: 'cart', namespace: 'shop', labels: { 'kuma.io/mesh': 'default' } },
      spec: { ports: [{ port: 80, name: 'main', appProtocol: 'http' }], selector: { dataplaneTags: { app: 'cart' } } },
      status: { addresses: [{ hostname: 'cart.shop.svc.mesh.local' }] },
    };
    const { tables } = decoded([...world('Exclusive'), resource], target);
    expect(tables[0]?.addresses).toContain('cart.shop.svc.mesh.local');
  });
});

describe('what the mesh does not know', () => {
  it('Services whose Pods have no proxy are passed through, and that is said', () => {
    const bare = { ...pod('v1', { app: 'cart' }), metadata: { name: 'v1', namespace: 'shop', labels: { app: 'cart' }, uid: 'u' } };
    const objects = [mesh(), service('cart'), bare];
    expect(ask(objects, 'http://cart/')).toEqual({ PassthroughCluster: 1 });
    expect(decoded(objects, target).problems.map(({ code }) => code)).toEqual(['not-in-mesh']);
  });

  it('Pods of a namespace that is not injected have none, unless they say so themselves', () => {
    const objects = (labels: Record<string, string>) => [
      mesh(),
      namespace('shop', {}),
      service('cart'),
      pod('v1', { app: 'cart', ...labels }),
    ];
    expect(ask(objects({}), 'http://cart/')).toEqual({ PassthroughCluster: 1 });
    expect(ask(objects({ 'kuma.io/sidecar-injection': 'enabled' }), 'http://cart/')).toEqual({ v1: 1 });
  });

  it('is blocked where the Mesh says so', () => {
    const strict = { ...mesh(), spec: { networking: { outbound: { passthrough: false } } } };
    expect(ask([strict, service('cart'), pod('v1', { app: 'cart' })], 'http://nobody.example/')).toBe('blocked');
  });

  it('an annotation does not inject, and that is said', () => {
    const annotated = {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'shop', annotations: { 'kuma.io/sidecar-injection': 'enabled' } },
    };
    const { problems } = decoded([mesh(), annotated, service('cart'), pod('v1', { app: 'cart' })], target);
    expect(problems.map(({ code, message }) => [code, message.split(': ').at(-1)])).toEqual([
      ['not-in-mesh', 'namespace shop has the annotation kuma.io/sidecar-injection, and it must be a label'],
    ]);
  });

  it('what a gateway of the mesh does is said not to be read', () => {
    const m = route('MeshHTTPRoute', 'g', {
      targetRef: { kind: 'MeshGateway', name: 'edge' },
      to: [{ targetRef: { kind: 'Mesh' }, rules: [rule('/', { kind: 'MeshService', name: CART })] }],
    });
    expect(decoded([...world(), m], target).problems.map(({ code }) => code)).toEqual(['gateway-not-read']);
  });

  it('Services of another mesh are passed through', () => {
    const two = [
      mesh(),
      mesh('two'),
      namespace('shop'),
      namespace('far', { 'kuma.io/sidecar-injection': 'enabled', 'kuma.io/mesh': 'two' }),
    ];
    const objects = [...two, service('cart'), pod('v1', { app: 'cart' })];
    expect(ask(objects, 'http://cart.shop/', from({}, 'shop'))).toEqual({ v1: 1 });
    expect(ask(objects, 'http://cart.shop/', from({}, 'far'))).toEqual({ PassthroughCluster: 1 });
    expect(ask(objects, 'http://cart.shop/', from({ 'kuma.io/mesh': 'two' }, 'shop'))).toEqual({ PassthroughCluster: 1 });
    expect(ask(objects, 'http://cart.shop/', from({ 'kuma.io/mesh': 'default' }, 'far'))).toEqual({ v1: 1 });
  });

  it('a policy about one Pod of several that are alike is a gap', () => {
    const m = (name: string) =>
      route('MeshHTTPRoute', 'm', {
        targetRef: { kind: 'Dataplane', name, namespace: 'shop' },
        to: [{ targetRef: { kind: 'MeshService', name: CART }, rules: [rule('/', version('v1'))] }],
      });
    const objects = [...world(), pod('web-0', { app: 'web' }), pod('web-1', { app: 'web' }), pod('one-0', { app: 'one' })];
    expect(decoded([...objects, m('web-0')], target).gaps.map(({ feature }) => feature)).toEqual(['single-proxy']);
    expect(decoded([...objects, m('one-0')], target).gaps).toEqual([]);
    expect(ask([...objects, m('one-0')], 'http://cart.shop/', from({ app: 'one' }))).toEqual({ v1: 1 });
  });

  it('destinations outside the cluster are a gap', () => {
    const external = {
      apiVersion: 'kuma.io/v1alpha1',
      kind: 'ExternalService',
      mesh: 'default',
      metadata: { name: 'x' },
      spec: { tags: { 'kuma.io/service': 'httpbin' } },
    };
    const r = trafficRoute('r', { ...between(CART), conf: { destination: { 'kuma.io/service': 'httpbin' } } });
    expect(decoded([...world(), external, r], target).gaps.map(({ feature }) => feature)).toEqual(['ExternalService']);
  });
});
