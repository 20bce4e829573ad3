import { type KubeObject, metaOf } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import {
  apply,
  CART_TAG,
  content,
  editsOf,
  find,
  header,
  notesOf,
  refusalsOf,
  removal,
  shadowTag,
  split,
  takeover,
  world,
} from '../../test/support/changes.js';
import { between, trafficRoute } from '../../test/support/mesh-objects.js';
import { owned } from '../owned/owned.js';

const to = (value: string) => ({ 'kuma.io/service': CART_TAG, version: value });
const conf = {
  split: [
    { weight: 90, destination: to('v1') },
    { weight: 10, destination: to('v2') },
  ],
};
const all = trafficRoute('route-all', {
  ...between('*'),
  conf: { loadBalancer: { roundRobin: {} }, destination: { 'kuma.io/service': '*' } },
});
const own = (more: object = {}) => trafficRoute('cart', { ...between(CART_TAG), conf: { ...conf, ...more } });
const shadow = { 'kuma.io/service': shadowTag('a1') };
const dev = { 'x-dev': { exact: 'a1' } };
const confOf = (objects: readonly KubeObject[], name: string) =>
  (find(objects, 'TrafficRoute', name)?.spec as { conf: { http?: readonly unknown[] } } | undefined)?.conf;
const copyOf = (objects: readonly KubeObject[]) =>
  objects.find((object) => metaOf(object).annotations['heddle.dev/copied-from'] !== undefined);

describe('a session by TrafficRoute', () => {
  it("puts an item in front of the service's own TrafficRoute, and leaves its split alone", () => {
    const after = apply(world(all, own()), takeover('a1'));
    expect(confOf(after, 'cart')).toEqual({ ...conf, http: [{ match: { path: { prefix: '/' }, headers: dev }, destination: shadow }] });
    expect(confOf(after, 'route-all')).toEqual(confOf(world(all), 'route-all'));
    expect(notesOf(world(all, own()), takeover('a1'))).toEqual(['ready-or-tcp']);
    expect(notesOf(world(all, own()), split({ v1: 50, v2: 50 }))).toEqual([]);
  });

  it('copies items that send to the service, behind those that send elsewhere, with what they modify', () => {
    const elsewhere = { match: { path: { prefix: '/other' } }, destination: { 'kuma.io/service': 'other_shop_svc_80' } };
    const api = { match: { path: { prefix: '/api' } }, modify: { path: { rewritePrefix: '/' } }, destination: to('v2') };
    const after = apply(world(all, own({ http: [api, elsewhere, api] })), takeover('a1'));
    const copy = { match: { path: { prefix: '/api' }, headers: dev }, modify: { path: { rewritePrefix: '/' } }, destination: shadow };
    expect(confOf(after, 'cart')?.http).toEqual([
      copy,
      api,
      elsewhere,
      copy,
      { match: { path: { prefix: '/' }, headers: dev }, destination: shadow },
      api,
    ]);
  });

  it('copies a TrafficRoute that is for several services, for the one, and takes it away again', () => {
    const after = apply(world(all), takeover('a1'));
    const copy = copyOf(after);
    expect(metaOf(copy).name).toMatch(/^heddle-cart-shop-svc-80-route-all-[0-9a-f]{8}$/);
    expect(copy).toMatchObject({
      mesh: 'default',
      metadata: { labels: { 'app.kubernetes.io/managed-by': 'heddle' }, annotations: { 'heddle.dev/copied-from': 'route-all' } },
      spec: {
        sources: [{ match: { 'kuma.io/service': '*' } }],
        destinations: [{ match: { 'kuma.io/service': CART_TAG } }],
        conf: { loadBalancer: { roundRobin: {} }, destination: { 'kuma.io/service': '*' }, http: [{ destination: shadow }] },
      },
    });
    expect(metaOf(copy).ownerReferences).toEqual([]);
    const both = apply(after, takeover('b2'));
    const one = apply(both, removal(takeover('a1')));
    expect(owned(copyOf(one)).map(({ owner }) => owner.id)).toEqual(['b2']);
    expect(content(apply(one, removal(takeover('b2'))))).toEqual(content(world(all)));
  });

  it('keeps a copy that somebody has edited, without our items', () => {
    const after = apply(world(all), takeover('a1'));
    const edited = after.map((object) => {
      if (object !== copyOf(after)) return object;
      const spec = object.spec as { conf: object };
      return { ...object, spec: { ...spec, conf: { ...spec.conf, loadBalancer: { leastRequest: {} } } } };
    });
    const left = copyOf(apply(edited, removal(takeover('a1'))));
    expect(left?.spec).toMatchObject({ conf: { loadBalancer: { leastRequest: {} } } });
    expect(owned(left)).toEqual([]);
  });

  it('makes a copy anew when its original has changed, unless it holds rules of others', () => {
    const changed = trafficRoute('route-all', {
      ...between('*'),
      conf: { loadBalancer: { leastRequest: {} }, destination: { 'kuma.io/service': '*' } },
    });
    const moved = (objects: readonly KubeObject[]) =>
      objects.map((object) => (metaOf(object).name === 'route-all' ? { ...object, spec: changed.spec } : object));
    const alone = moved(apply(world(all), takeover('a1')));
    expect(copyOf(apply(alone, takeover('a1')))?.spec).toMatchObject({ conf: { loadBalancer: { leastRequest: {} } } });
    expect(content(apply(apply(alone, takeover('a1')), removal(takeover('a1'))))).toEqual(content(moved(world(all))));
    const two = moved(apply(apply(world(all), takeover('a1')), takeover('b2')));
    expect(refusalsOf(two, takeover('a1'))).toEqual(['copy-outdated']);
  });

  it('knows one header once: two conditions on it become one', () => {
    const prefixed = { match: { headers: { 'X-Dev': { prefix: 'a' } } }, destination: to('v2') };
    const after = apply(world(all, own({ http: [prefixed] })), takeover('a1'));
    expect(confOf(after, 'cart')?.http?.[0]).toEqual({ match: { headers: { 'X-Dev': { exact: 'a1' } } }, destination: shadow });
  });

  it('says a prefix of segments in two items', () => {
    const api = { path: { kind: 'segmentPrefix' as const, value: '/api/' }, ...header('x-dev', 'a1') };
    expect(confOf(apply(world(all, own()), takeover('a1', api)), 'cart')?.http).toEqual([
      { match: { path: { exact: '/api' }, headers: dev }, destination: shadow },
      { match: { path: { prefix: '/api/' }, headers: dev }, destination: shadow },
    ]);
  });
});

describe('a standing split by TrafficRoute', () => {
  const half = split({ v1: 50, v2: 50 });
  const item = {
    match: { path: { prefix: '/' } },
    split: [
      { weight: 50, destination: to('v1') },
      { weight: 50, destination: to('v2') },
    ],
  };

  it('is an item behind those of sessions, marked by its hash', () => {
    const after = apply(apply(world(all, own()), half), takeover('a1'));
    expect(confOf(after, 'cart')).toEqual({ ...conf, http: [expect.objectContaining({ destination: shadow }), item] });
    const marks = JSON.parse(metaOf(find(after, 'TrafficRoute', 'cart')).annotations['heddle.dev/owners'] ?? '') as object;
    expect(Object.values(marks)).toEqual(['route/shop/cart.split']);
    expect(owned(find(after, 'TrafficRoute', 'cart')).map(({ owner, pointer }) => [owner.kind, pointer])).toEqual([
      ['session', '/spec/conf/http/0'],
      ['route', '/spec/conf/http/1'],
    ]);
    expect(content(apply(apply(after, removal(half)), removal(takeover('a1'))))).toEqual(content(world(all, own())));
  });

  it('says what a version without a ready pod does to everybody, if it is a Service of its own', () => {
    const versions = half.versions.map(({ id }) => ({ id, realise: 'service' as const, service: { namespace: 'shop', name: 'other' } }));
    expect(notesOf(world(all, own()), { ...half, versions })).toEqual(['ready-or-tcp']);
  });

  it('is parked before it goes: its destinations stay while everybody moves on', () => {
    const after = apply(world(all, own()), half);
    const [parked, cleared, ...more] = editsOf(after, removal(half));
    expect([parked?.stage, parked?.op, cleared?.stage, cleared?.op, more]).toEqual(['rules', 'replace', 'remove', 'replace', []]);
    const between = after.map((object) =>
      object === find(after, 'TrafficRoute', 'cart') && parked !== undefined && 'body' in parked ? parked.body : object,
    );
    const [rest] = confOf(between, 'cart')?.http ?? [];
    expect(rest).toEqual({ ...item, match: { path: { prefix: '/' }, headers: { 'x-heddle-parked': { exact: 'shop/cart.split/0' } } } });
    expect(owned(find(between, 'TrafficRoute', 'cart')).map(({ owner }) => owner)).toEqual([half.owner]);
    expect(editsOf(between, removal(half)).map(({ stage, op }) => [stage, op])).toEqual([['rules', 'replace']]);
    expect(content(apply(between, removal(half)))).toEqual(content(world(all, own())));
    expect(editsOf(apply(world(all), half), removal(half)).map(({ op }) => op)).toEqual(['replace', 'delete']);
  });

  it('is refused where a user has the very same item, and said to be lost when somebody has edited it', () => {
    expect(refusalsOf(world(all, own({ http: [item] })), half)).toEqual(['item-taken']);
    const after = apply(world(all, own()), half);
    const edited = after.map((object) =>
      metaOf(object).name === 'cart'
        ? { ...object, spec: { ...(object.spec as object), conf: { ...conf, http: [{ ...item, modify: {} }] } } }
        : object,
    );
    expect(owned(find(edited, 'TrafficRoute', 'cart'))).toEqual([]);
    expect(notesOf(edited, takeover('a1'))).toContain('rules-lost');
    const cleaned = find(apply(edited, removal(half)), 'TrafficRoute', 'cart');
    expect(metaOf(cleaned).annotations).toEqual({});
    expect(confOf(apply(edited, removal(half)), 'cart')?.http).toEqual([{ ...item, modify: {} }]);
  });
});

describe('refused', () => {
  it('what no TrafficRoute sends anything to, as connections to it are closed', () => {
    const other = trafficRoute('other', {
      ...between('other_shop_svc_80'),
      conf: { destination: { 'kuma.io/service': 'other_shop_svc_80' } },
    });
    expect(refusalsOf(world(other), takeover('a1'))).toEqual(['nothing-to-take']);
  });

  it('a TrafficRoute that a controller keeps, or that is going', () => {
    const flagger = { ownerReferences: [{ apiVersion: 'flagger.app/v1beta1', kind: 'Canary', name: 'cart' }] };
    const kept = trafficRoute('cart', { ...between(CART_TAG), conf }, flagger);
    expect(refusalsOf(world(all, kept), takeover('a1'))).toEqual(['managed-by-controller']);
    const going = trafficRoute('cart', { ...between(CART_TAG), conf }, { deletionTimestamp: '2026-01-02T00:00:00Z' });
    expect(refusalsOf(world(all, going), takeover('a1'))).toEqual(['being-deleted']);
    expect(editsOf(apply(world(all, own()), takeover('a1')), removal(takeover('a1')))).toHaveLength(1);
  });

  it('what a TrafficRoute cannot ask', () => {
    const change = (match: object) => takeover('a1', match);
    const objects = world(all, own());
    expect(refusalsOf(objects, change({ headers: [{ name: 'x', is: { absent: true } }] }))).toEqual(['match.header.absent']);
    expect(refusalsOf(objects, change({ query: [{ name: 'q', is: { exact: '1' } }] }))).toEqual(['match.query']);
    expect(refusalsOf(objects, change({ authority: { exact: 'cart' } }))).toEqual(['match.authority']);
    expect(refusalsOf(objects, change({ headers: [{ name: 'x', is: { regex: '(?=a)' } }] }))).toEqual(['invalid-regex']);
    expect(refusalsOf(objects, change({ path: { kind: 'exact', value: 'api' } }))).toEqual(['invalid-path']);
  });
});
