import { type KubeObject, metaOf } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import {
  apply,
  CART_TAG,
  content,
  editsOf,
  find,
  header,
  refusalsOf,
  removal,
  shadowTag,
  specOf,
  split,
  takeover,
  world,
} from '../../test/support/changes.js';
import { kuma, mesh, route, rule, trafficRoute, version } from '../../test/support/mesh-objects.js';

const cartRoute = (name: string, rules: readonly unknown[], more: Record<string, unknown> = {}, home = 'kuma-system') =>
  route('MeshHTTPRoute', name, { ...more, to: [{ targetRef: { kind: 'MeshService', name: CART_TAG }, rules }] }, home);
const shadow = [{ kind: 'MeshService', name: shadowTag('a1'), weight: 1 }];
const dev = { type: 'Exact', name: 'x-dev', value: 'a1' };
const prefix = (value: string) => ({ type: 'PathPrefix', value });

/** The rules of the one object that a session gets. */
function rulesOf(objects: readonly KubeObject[], name = '0-heddle-cart-a1', env = kuma()): unknown {
  const made = find(apply(objects, takeover('a1'), env), 'MeshHTTPRoute', name);
  return (specOf(made) as { to: { rules: unknown }[] } | undefined)?.to[0]?.rules;
}

describe('a session by MeshHTTPRoute', () => {
  it("has an object of its own in the service's namespace, for all callers", () => {
    const [edit, ...more] = editsOf(world(), takeover('a1'));
    expect(more).toEqual([]);
    expect(edit).toMatchObject({ op: 'create', stage: 'rules' });
    expect(edit?.op === 'create' ? edit.body : undefined).toEqual({
      apiVersion: 'kuma.io/v1alpha1',
      kind: 'MeshHTTPRoute',
      metadata: {
        name: '0-heddle-cart-a1',
        namespace: 'shop',
        labels: {
          'app.kubernetes.io/managed-by': 'heddle',
          'heddle.dev/session': 'a1',
          'heddle.dev/namespace': 'shop',
          'kuma.io/mesh': 'default',
          'kuma.io/origin': 'zone',
        },
      },
      spec: {
        to: [
          {
            targetRef: { kind: 'MeshService', name: CART_TAG },
            rules: [{ matches: [{ path: prefix('/'), headers: [dev] }], default: { backendRefs: shadow } }],
          },
        ],
      },
    });
  });

  it('copies every rule of a user with the header added, keeps filters, and leaves mirrors out', () => {
    const rewrite = { type: 'URLRewrite', urlRewrite: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/v2' } } };
    const mirror = { type: 'RequestMirror', requestMirror: { backendRef: version('v2') } };
    const elsewhere = { kind: 'MeshService', name: 'other_shop_svc_80' };
    const users = cartRoute('users', [rule('/api', version('v1'), { filters: [rewrite, mirror] }), rule('/other', elsewhere)]);
    expect(rulesOf(world(users))).toEqual([
      { matches: [{ path: prefix('/api'), headers: [dev] }], default: { filters: [rewrite], backendRefs: shadow } },
      // Not to the shadow, but as specific as the other copies.
      { matches: [{ path: prefix('/other'), headers: [dev] }], default: { backendRefs: [elsewhere] } },
      { matches: [{ path: prefix('/'), headers: [dev] }], default: { backendRefs: shadow } },
    ]);
  });

  it('says no path where a user has rules without one, or by a pattern, which come after every prefix', () => {
    const pathless = { matches: [{ headers: [{ type: 'Exact', name: 'x-env', value: 'qa' }] }], default: { backendRefs: [version('v2')] } };
    expect(rulesOf(world(cartRoute('users', [pathless])))).toEqual([
      { matches: [{ headers: [{ type: 'Exact', name: 'x-env', value: 'qa' }, dev] }], default: { backendRefs: shadow } },
      { matches: [{ headers: [dev] }], default: { backendRefs: shadow } },
    ]);
  });

  it('makes one condition of two on one header, of which Kuma would see only the first, and keeps their number', () => {
    const own = { matches: [{ headers: [{ type: 'Prefix', name: 'x-dev', value: 'a' }] }], default: { backendRefs: [version('v2')] } };
    expect(rulesOf(world(cartRoute('users', [own])))).toMatchObject([{ matches: [{ headers: [dev, dev] }] }, {}]);
    const never = { matches: [{ headers: [{ type: 'Exact', name: 'x-dev', value: 'b' }] }], default: { backendRefs: [version('v2')] } };
    expect(rulesOf(world(cartRoute('users', [never])))).toHaveLength(1);
    expect(refusalsOf(world(cartRoute('users', [never])), takeover('a1'), { ...kuma(), envoy: '1.39.0' })).toEqual([
      'match-not-combinable',
    ]);
  });

  it("is no one rule with a user's that has its header already: the first match twice keeps them apart", () => {
    const twin = { matches: [{ path: prefix('/'), headers: [dev] }], default: { backendRefs: [version('v2')] } };
    expect(rulesOf(world(cartRoute('users', [twin])))).toEqual([
      { matches: [{ path: prefix('/'), headers: [dev, dev] }], default: { backendRefs: shadow } },
      {
        matches: [
          { path: prefix('/'), headers: [dev] },
          { path: prefix('/'), headers: [dev] },
        ],
        default: { backendRefs: shadow },
      },
    ]);
  });

  it('has an object for each set of callers that users have routes for', () => {
    const targetRef = { kind: 'MeshSubset', tags: { app: 'web' } };
    const consumers = route(
      'MeshHTTPRoute',
      'theirs',
      { to: [{ targetRef: { kind: 'MeshService', name: CART_TAG, namespace: 'shop' }, rules: [rule('/c', version('v2'))] }] },
      'clients',
    );
    const after = apply(world(cartRoute('users', [rule('/api', version('v1'))], { targetRef }), consumers), takeover('a1'));
    const made = after.filter(
      (object) => object.kind === 'MeshHTTPRoute' && String((object.metadata as { name: string }).name).startsWith('0-heddle-'),
    );
    expect(
      made.map(({ metadata, spec }) => [(metadata as { namespace: string }).namespace, (spec as { targetRef?: unknown }).targetRef]),
    ).toEqual([
      ['shop', undefined],
      ['shop', targetRef],
      ['clients', undefined],
    ]);
    expect(specOf(made[2])).toMatchObject({ to: [{ targetRef: { name: CART_TAG, namespace: 'shop' } }] });
  });

  it('names MeshServices where Services are resources and nothing else', () => {
    const objects = [...world().filter(({ kind }) => kind !== 'Mesh'), mesh('default', 'Exclusive')];
    const made = find(apply(objects, takeover('a1')), 'MeshHTTPRoute', '0-heddle-cart-a1');
    expect(specOf(made)).toMatchObject({
      to: [
        {
          targetRef: { kind: 'MeshService', name: 'cart', sectionName: '80' },
          rules: [{ default: { backendRefs: [{ kind: 'MeshService', name: 'heddle-cart-a1', namespace: 'shop', port: 80, weight: 1 }] } }],
        },
      ],
    });
  });

  it('names them by labels from Kuma 3 on', () => {
    const made = find(apply(world(), takeover('a1'), kuma('3.0.0')), 'MeshHTTPRoute', '0-heddle-cart-a1');
    const labels = { 'kuma.io/display-name': 'cart', 'k8s.kuma.io/namespace': 'shop' };
    const standIn = { 'kuma.io/display-name': 'heddle-cart-a1', 'k8s.kuma.io/namespace': 'shop' };
    expect(specOf(made)).toMatchObject({
      to: [
        {
          targetRef: { kind: 'MeshService', labels, sectionName: '80' },
          rules: [{ default: { backendRefs: [{ kind: 'MeshService', labels: standIn, port: 80 }] } }],
        },
      ],
    });
  });

  it("stands in the mesh's namespace where Kuma takes it nowhere else", () => {
    expect(editsOf(world(), takeover('a1'), kuma('2.8.0'))[0]?.ref.namespace).toBe('kuma-system');
  });

  it('takes requests over that other services send to this one', () => {
    const users = route('MeshHTTPRoute', 'users', {
      to: [
        {
          targetRef: { kind: 'MeshService', name: 'other_shop_svc_80' },
          rules: [rule('/cart', { kind: 'MeshService', name: CART_TAG }), rule('/', { kind: 'MeshService', name: 'other_shop_svc_80' })],
        },
      ],
    });
    const made = find(apply(world(users), takeover('a1')), 'MeshHTTPRoute', '0-heddle-cart-a1');
    expect(specOf(made)).toMatchObject({
      to: [
        { targetRef: { name: CART_TAG } },
        {
          targetRef: { name: 'other_shop_svc_80' },
          rules: [{ default: { backendRefs: shadow } }, { default: { backendRefs: [{ name: 'other_shop_svc_80' }] } }],
        },
      ],
    });
  });

  it('goes whole, from live objects, whoever wrote what meanwhile', () => {
    const users = cartRoute('users', [rule('/api', version('v1'))]);
    const one = takeover('a1');
    const after = apply(world(users), one);
    expect(editsOf(after, one)).toEqual([]);
    const [edit] = editsOf(after, removal(one));
    expect(edit).toMatchObject({ op: 'delete', uid: 'made-kuma.io/MeshHTTPRoute/shop/0-heddle-cart-a1', resourceVersion: '1' });
    expect(content(apply(after, removal(one)))).toEqual(content(world(users)));
  });
});

describe('a standing split by MeshHTTPRoute', () => {
  const rules = (objects: readonly KubeObject[]) =>
    specOf(find(apply(objects, split({ v1: 90, v2: 10 })), 'MeshHTTPRoute', '1-heddle-cart.split')) as { to: { rules: unknown[] }[] };
  const versions = [
    { ...version('v1'), weight: 90 },
    { ...version('v2'), weight: 10 },
  ];

  it('parks a standing split before it goes: its destinations stay while everybody moves on', () => {
    const standing = split({ v1: 90, v2: 10 });
    const after = apply(world(), standing);
    const [parked, gone, ...more] = editsOf(after, removal(standing));
    expect([parked?.stage, parked?.op, gone?.stage, gone?.op, more]).toEqual(['rules', 'replace', 'remove', 'delete', []]);
    const name = parked?.ref.name;
    const between = after.map((object) =>
      metaOf(object).name === name && parked !== undefined && 'body' in parked ? parked.body : object,
    );
    const rulesIn = (objects: readonly KubeObject[]) =>
      (specOf(find(objects, 'MeshHTTPRoute', name ?? '')) as { to: { rules: { default: unknown }[] }[] } | undefined)?.to[0]?.rules;
    expect(rulesIn(between)).toEqual([
      {
        matches: [
          { path: { type: 'PathPrefix', value: '/' }, headers: [{ type: 'Exact', name: 'x-heddle-parked', value: 'shop/cart.split/0' }] },
        ],
        default: rulesIn(after)?.[0]?.default,
      },
    ]);
    expect(editsOf(between, removal(standing)).map(({ stage, op }) => [stage, op])).toEqual([['rules', 'delete']]);
    expect(editsOf(apply(world(), takeover('a1')), removal(takeover('a1'))).map(({ op }) => op)).toEqual(['delete']);
  });

  it('has no condition of its own, and comes after what is more specific', () => {
    expect(rules(world()).to[0]?.rules).toEqual([{ matches: [{}], default: { backendRefs: versions } }]);
  });

  it("is no one rule with a user's that has the same matches, keeps its filters and mirrors, and comes before it", () => {
    const mirror = { type: 'RequestMirror', requestMirror: { backendRef: version('v2') } };
    const users = cartRoute('users', [rule('/api', version('v1'), { filters: [mirror] })]);
    expect(rules(world(users)).to[0]?.rules[0]).toEqual({
      matches: [{ path: prefix('/api') }, { path: prefix('/api') }],
      default: { filters: [mirror], backendRefs: versions },
    });
  });

  it('leaves sessions alone, and they it', () => {
    const both = apply(apply(world(), takeover('a1')), split({ v1: 90, v2: 10 }));
    expect(content(both)).toEqual(content(apply(apply(world(), split({ v1: 90, v2: 10 })), takeover('a1'))));
    expect(content(apply(both, removal(takeover('a1'))))).toEqual(content(apply(world(), split({ v1: 90, v2: 10 }))));
  });

  it('is refused where a rule sends to other services too: their share would go', () => {
    const users = cartRoute('users', [rule('/api', [version('v1'), { kind: 'MeshService', name: 'other_shop_svc_80' }])]);
    expect(refusalsOf(world(users), split({ v1: 90, v2: 10 }))).toEqual(['shared-rule']);
  });
});

describe('refused', () => {
  it('a younger session whose rule would be the more specific', () => {
    const older = apply(world(), takeover('a1'));
    const api = { path: { kind: 'segmentPrefix' as const, value: '/api' }, ...header('x-other', 'b2') };
    expect(refusalsOf(older, takeover('b2', api))).toEqual(['specificity']);
    expect(refusalsOf(older, takeover('b2', header('x-other', 'b2')))).toEqual([]);
    expect(refusalsOf(older, takeover('b2', { ...api, ...header('x-dev', 'b2') }))).toEqual([]);
  });

  it('copies of which only some say where they send', () => {
    const silent = { matches: [{ path: prefix('/api') }], default: { filters: [] } };
    const objects = world(cartRoute('a', [silent]), cartRoute('b', [rule('/api', version('v1'))]));
    expect(refusalsOf(objects, takeover('a1'))).toEqual(['merged-rules']);
  });

  it('a name that somebody else has', () => {
    expect(refusalsOf(world(cartRoute('0-heddle-cart-a1', [rule('/api', version('v1'))], {}, 'shop')), takeover('a1'))).toEqual([
      'name-taken',
    ]);
  });

  it('the first MeshHTTPRoute of a mesh that routes by TrafficRoutes, if one is asked for', () => {
    const all = trafficRoute('all', {
      sources: [{ match: { 'kuma.io/service': '*' } }],
      destinations: [{ match: { 'kuma.io/service': '*' } }],
      conf: { destination: { 'kuma.io/service': '*' } },
    });
    expect(refusalsOf(world(all), takeover('a1'), kuma('2.14.3', { routing: 'MeshHTTPRoute' }))).toEqual(['first-mesh-http-route']);
    expect(refusalsOf(world(), takeover('a1'), kuma('2.14.3', { routing: 'TrafficRoute' }))).toEqual(['first-traffic-route']);
    const some = cartRoute('some', [rule('/api', version('v1'))], { targetRef: { kind: 'MeshSubset', tags: { app: 'web' } } });
    expect(refusalsOf(world(all, some), takeover('a1'))).toEqual(['mixed-routing']);
  });
});
