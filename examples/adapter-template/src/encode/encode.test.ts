import type { KubeObject } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import {
  ask,
  backend,
  encode,
  env,
  having,
  observe,
  path,
  route,
  SHOP,
  service,
  session,
  split,
  standing,
  takeover,
  written,
} from '../../test/support/scene.js';
import { adapter } from '../index.js';

const alice = takeover('a1', { 'x-dev': 'alice' });
const bob = takeover('b2', { 'x-dev': 'bob' });
const gone = takeover('a1', {}, { intents: [], versions: [] });
const everything = route([{ matches: [path('/')], backendRefs: [backend('cart-v1')] }]);
const routes = (objects: readonly KubeObject[]) => objects.filter(({ kind }) => kind === 'HTTPRoute');
const rulesOf = (objects: readonly KubeObject[], name: string) =>
  routes(objects).flatMap((object) => {
    const { metadata, spec } = object as { metadata: { name: string }; spec: { rules: readonly KubeObject[] } };
    return metadata.name === name ? spec.rules : [];
  });

describe('a session', () => {
  it('brings a catch-all where no route was, before the rules and gone after them', () => {
    const { edits = [] } = encode(alice, SHOP);
    expect(edits.map(({ op, stage, ref }) => `${stage}: ${op} ${ref.name}`)).toEqual([
      'rules: create heddle-session-a1-shop-cart-8080-rules',
      'add: create heddle-session-a1-shop-cart-8080-rest',
    ]);
    const now = written(SHOP, alice);
    expect([ask(now, '/', { 'x-dev': 'alice' }), ask(now, '/')]).toEqual(['heddle-cart-a1 1', 'cart 1']);
    expect(
      encode(gone, now)
        .edits?.map(({ op, stage }) => `${stage}: ${op}`)
        .sort(),
    ).toEqual(['remove: delete', 'rules: delete']);
    expect(routes(written(now, gone))).toEqual([]);
  });

  it('changes nothing when it is encoded again, and is the same whoever came first', () => {
    expect(encode(alice, written(SHOP, alice)).edits).toEqual([]);
    const names = (objects: readonly KubeObject[]) =>
      routes(objects)
        .map(({ metadata, spec }) => JSON.stringify([metadata, spec]))
        .sort();
    expect(names(written(SHOP, alice, bob))).toEqual(names(written(SHOP, bob, alice)));
  });

  it('copies each rule that sends to the service or a version of it, with all but its name, mirrors and backends', () => {
    const rewrite = { type: 'URLRewrite', urlRewrite: { hostname: 'cart.test' } };
    const mirror = { type: 'RequestMirror', requestMirror: { backendRef: backend('web') } };
    const api = {
      name: 'api',
      matches: [path('/api')],
      filters: [rewrite, mirror],
      timeouts: { request: '2s' },
      backendRefs: [backend('cart-v2')],
    };
    const now = written(
      [...SHOP, route([api, { matches: [path('/web')], backendRefs: [backend('web')] }, { backendRefs: [backend('cart')] }])],
      alice,
    );
    const headers = [{ type: 'Exact', name: 'x-dev', value: 'alice' }];
    const backendRefs = [{ group: '', kind: 'Service', name: 'heddle-cart-a1', port: 8080, weight: 100 }];
    expect(rulesOf(now, 'heddle-session-a1-shop-cart-8080-rules')).toEqual([
      { matches: [path('/api', { headers })], filters: [rewrite], timeouts: { request: '2s' }, backendRefs },
      { matches: [path('/', { headers })], backendRefs },
    ]);
    expect(['/api', '/web', '/'].map((url) => ask(now, url, { 'x-dev': 'alice' }))).toEqual([
      'heddle-cart-a1 1',
      'web 1',
      'heddle-cart-a1 1',
    ]);
  });

  it('has its catch-all behind the rules of users too, for when they go, but for those that leave a 404', () => {
    const withRest = (rules: readonly KubeObject[]) => encode(alice, [...SHOP, route(rules)]).edits?.map(({ stage }) => stage);
    expect(withRest([{ backendRefs: [backend('cart-v1')] }])).toEqual(['rules', 'add']);
    expect(withRest([{ matches: [path('/api')], backendRefs: [backend('cart-v1')] }])).toEqual(['rules']);
    const anything = { path: { type: 'RegularExpression', value: '.*' } };
    expect(withRest([{ matches: [anything], backendRefs: [backend('cart-v1')] }])).toEqual(['rules']);
    const now = written([...SHOP, everything], alice);
    const left = now.filter((object) => object !== everything);
    expect([ask(now, '/'), ask(left, '/'), ask(left, '/', { 'x-dev': 'alice' })]).toEqual(['cart-v1 1', 'cart 1', 'heddle-cart-a1 1']);
  });

  it('leaves a rule alone that its requests never match, and needs no copy of it', () => {
    const bobs = { matches: [path('/', { headers: [{ name: 'x-dev', value: 'bob' }] })], backendRefs: [backend('cart-v2')] };
    const now = written([...SHOP, route([bobs, { backendRefs: [backend('cart-v1')] }])], alice);
    expect(rulesOf(now, 'heddle-session-a1-shop-cart-8080-rules')).toHaveLength(1);
    expect(ask(now, '/', { 'x-dev': 'bob' })).toBe('cart-v2 1');
  });

  it.each<[string, readonly KubeObject[], ReturnType<typeof takeover>, readonly string[]]>([
    [
      'a rule for the very same requests',
      [route([{ matches: [path('/', { headers: [{ name: 'x-dev', value: 'alice' }] })], backendRefs: [backend('cart')] }])],
      alice,
      ['equal-match'],
    ],
    [
      'a pattern for the same header',
      [
        route([
          {
            matches: [path('/', { headers: [{ type: 'RegularExpression', name: 'x-dev', value: 'a(b|c)+' }] })],
            backendRefs: [backend('cart')],
          },
        ]),
      ],
      takeover(
        'a1',
        {},
        { intents: [{ match: [{ headers: [{ name: 'x-dev', is: { regex: '(x|a).*z' } }] }], to: [{ version: 'a1', weight: 1 }] }] },
      ),
      ['two-conditions'],
    ],
    [
      'parents with and without a port',
      [everything, route([{ backendRefs: [backend('cart')] }], { name: 'other', port: undefined })],
      alice,
      ['parent-forms'],
    ],
    [
      'filters for one backend',
      [route([{ backendRefs: [backend('cart', { filters: [{ type: 'RequestHeaderModifier' }] })] }])],
      alice,
      ['backend-filters'],
    ],
    [
      'a service that is not there',
      [],
      takeover('a1', { 'x-dev': 'alice' }, { services: [{ namespace: 'shop', name: 'none', port: 80 }] }),
      ['service-missing'],
    ],
    [
      'a subset',
      [],
      takeover('a1', { 'x-dev': 'alice' }, { versions: [{ id: 'a1', realise: 'subset', labels: { a: 'b' } }] }),
      ['to.subset'],
    ],
    [
      'two headers beside a rule for another service',
      [
        route([
          { matches: [path('/', { headers: [{ name: 'x', value: '1' }] })], backendRefs: [backend('web')] },
          { backendRefs: [backend('cart')] },
        ]),
      ],
      takeover('a1', { 'x-dev': 'alice', 'x-env': 'test' }),
      ['precedence'],
    ],
    ['views', [], takeover('a1', { 'x-dev': 'alice' }, { views: [{ plane: 'mesh', clients: {} }] }), ['views']],
  ])('is refused beside %s', (_, objects, change, codes) => expect(encode(change, [...SHOP, ...objects]).refused).toEqual(codes));

  it('is refused where a route for every port decides and the service has several', () => {
    const objects = [
      ...SHOP.filter((object) => (object.metadata as { name: string }).name !== 'cart'),
      service('cart', { app: 'cart' }, [8080, 9090]),
    ];
    expect(encode(alice, [...objects, route([{ backendRefs: [backend('cart')] }], { port: undefined })]).refused).toEqual(['every-port']);
    const names = encode(alice, [...SHOP, route([{ backendRefs: [backend('cart')] }], { port: undefined })]).edits?.map(
      ({ ref }) => ref.name,
    );
    expect(names).toEqual(['heddle-session-a1-shop-cart-all-rules', 'heddle-session-a1-shop-cart-all-rest']);
  });
});

describe('a standing split', () => {
  it('is one rule for everything, and is the same beside sessions, whoever came first', () => {
    for (const now of [written(SHOP, split(90, 10), alice), written(SHOP, alice, split(90, 10))]) {
      expect(ask(now, '/')).toBe('cart-v1 0.9, cart-v2 0.1');
      expect(ask(now, '/', { 'x-dev': 'alice' })).toBe('heddle-cart-a1 1');
      expect(ask(written(now, gone), '/')).toBe('cart-v1 0.9, cart-v2 0.1');
    }
    const objects = written(SHOP, split(90, 10));
    expect(adapter.owned(routes(objects)[0])).toMatchObject([{ owner: { kind: 'route', id: 'cart.default' }, service: { name: 'cart' } }]);
    expect(ask(written(objects, split(50, 50)), '/')).toBe('cart-v1 0.5, cart-v2 0.5');
  });

  it("is refused beside a user's rule for the same requests: of equals the older counts", () => {
    expect(encode(split(90, 10), [...SHOP, everything]).refused).toEqual(['equal-match']);
  });
});

describe('standing routes', () => {
  const toV2 = { match: having('end-user', 'jason'), to: [{ version: 'v2', weight: 100 }] };
  const copies = { match: having('x-tier', 'gold'), mirror: { version: 'v1', percent: 20 } };
  const others = { type: 'RequestMirror', requestMirror: { backendRef: backend('web') } };
  const mirrored = route([{ matches: [path('/')], filters: [others], backendRefs: [backend('cart-v1')] }]);
  const named = 'heddle-route-cart.default-shop-cart-8080-rules';
  const ours = {
    type: 'RequestMirror',
    requestMirror: { backendRef: { group: '', kind: 'Service', name: 'cart-v1', port: 8080 }, percent: 20 },
  };

  it('meet in a rule of their own, and leave what they say nothing of: destinations, and mirrors of others', () => {
    const rules = rulesOf(written([...SHOP, mirrored], standing(toV2, copies)), named);
    const header = (name: string, value: string) => ({ type: 'Exact', name, value });
    const v2 = [{ group: '', kind: 'Service', name: 'cart-v2', port: 8080, weight: 100 }];
    expect(rules).toEqual([
      { matches: [path('/', { headers: [header('end-user', 'jason'), header('x-tier', 'gold')] })], filters: [ours], backendRefs: v2 },
      { matches: [path('/', { headers: [header('end-user', 'jason')] })], filters: [others], backendRefs: v2 },
      { matches: [path('/', { headers: [header('x-tier', 'gold')] })], filters: [ours], backendRefs: [backend('cart-v1')] },
    ]);
  });

  it('mirror what the Service itself answers where nobody has a route', () => {
    const now = written(SHOP, standing({ match: [], mirror: { version: 'v2', percent: 100 } }));
    expect(ask(now, '/')).toBe('cart 1');
    expect(rulesOf(now, named)).toMatchObject([{ filters: [{ requestMirror: { percent: 100 } }], backendRefs: [{ name: 'cart' }] }]);
  });

  it('mirror nothing of what is a 404 today', () => {
    const api = route([{ matches: [path('/api')], backendRefs: [backend('cart-v1')] }]);
    const now = written([...SHOP, api], standing({ match: having('x-tier', 'gold'), mirror: { version: 'v2', percent: 100 } }));
    expect([ask(now, '/', { 'x-tier': 'gold' }), ask(now, '/api', { 'x-tier': 'gold' })]).toEqual(['404', 'cart-v1 1']);
  });

  it.each([
    ['half a percent of copies', standing({ ...copies, mirror: { version: 'v1', percent: 0.5 } }), ['mirror-percent']],
    ['a fault', standing({ match: [], fault: { abort: { percent: 1, status: 503 } } }), ['fault']],
    [
      'a later one for fewer requests',
      standing(toV2, { match: [{ ...copies.match[0], path: { kind: 'exact', value: '/a' } }], to: [{ version: 'v1', weight: 1 }] }),
      ['precedence'],
    ],
  ])('are refused with %s', (_, change, codes) => expect(encode(change, [...SHOP, everything]).refused).toEqual(codes));
});

it('what a catch-all of ours would hide is refused, also while it hides it', () => {
  const virtualService = {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: 'cart', namespace: 'shop' },
    spec: { hosts: ['cart'] },
  };
  const now = [...written(SHOP, alice), virtualService];
  expect(adapter.decode({ services: [{ namespace: 'shop', name: 'cart', port: 8080 }] }, observe(now), env).gaps).toEqual([]);
  expect(encode(alice, now).refused).toEqual(['VirtualService']);
  expect(encode(gone, now).edits).toHaveLength(2);
});

it('of two sessions that may meet and are equally specific the older route counts, so a younger one may not be the older session', () => {
  const blue = takeover('b2', { 'x-team': 'blue' });
  expect(encode(blue, written(SHOP, alice)).refused).toBeUndefined();
  expect(encode(alice, written(SHOP, blue)).refused).toEqual(['precedence']);
});

it('rules of another session are never touched', () => {
  const now = written(SHOP, alice, bob);
  const left = routes(written(now, gone)).map((object) => adapter.owned(object)[0]?.owner);
  expect(left).toEqual([session('b2'), session('b2')]);
});
