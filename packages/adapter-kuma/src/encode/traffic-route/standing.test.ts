import { type Intent, type KubeObject, metaOf } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import {
  apply,
  below,
  CART_TAG,
  content,
  editsOf,
  find,
  header,
  mirrorTo,
  planned,
  removal,
  shadowTag,
  split,
  standing,
  takeover,
  to,
  world,
} from '../../../test/support/changes.js';
import { between, trafficRoute } from '../../../test/support/mesh-objects.js';
import { owned } from '../../owned/owned.js';

const tag = (value: string) => ({ 'kuma.io/service': CART_TAG, version: value });
const all = trafficRoute('route-all', { ...between('*'), conf: { destination: { 'kuma.io/service': '*' } } });
const own = (http: readonly unknown[] = []) =>
  trafficRoute('cart', { ...between(CART_TAG), conf: { destination: tag('v1'), ...(http.length === 0 ? {} : { http }) } });
const httpIn = (objects: readonly KubeObject[]) =>
  (find(objects, 'TrafficRoute', 'cart')?.spec as { conf: { http?: readonly unknown[] } } | undefined)?.conf.http;
const jason = header('end-user', 'jason');
const isJason = { 'end-user': { exact: 'jason' } };
const half = split({ v1: 50, v2: 50 }).intents[0] as Intent;
const halves = [50, 50].map((weight, index) => ({ weight, destination: tag(`v${index + 1}`) }));

describe('standing routes by TrafficRoute', () => {
  it("are items in the order of the intents, behind those of sessions, and none is lost among users' items", () => {
    const elsewhere = { match: { path: { prefix: '/other' } }, destination: { 'kuma.io/service': 'other_shop_svc_80' } };
    const api = { match: { path: { prefix: '/api' } }, destination: tag('v1') };
    const route = standing([to('v2', jason), half]);
    const after = apply(apply(world(all, own([elsewhere, api])), route), takeover('a1'));
    const shadow = { 'kuma.io/service': shadowTag('a1') };
    const dev = { 'x-dev': { exact: 'a1' } };
    expect(httpIn(after)).toEqual([
      elsewhere,
      { match: { path: { prefix: '/api' }, headers: dev }, destination: shadow },
      { match: { path: { prefix: '/' }, headers: dev }, destination: shadow },
      { match: { path: { prefix: '/api' }, headers: isJason }, destination: tag('v2') },
      { match: { path: { prefix: '/' }, headers: isJason }, destination: tag('v2') },
      { match: { path: { prefix: '/api' } }, split: halves },
      { match: { path: { prefix: '/' } }, split: halves },
      api,
    ]);
    const marks = JSON.parse(metaOf(find(after, 'TrafficRoute', 'cart')).annotations['heddle.dev/owners'] ?? '') as object;
    expect(Object.values(marks)).toEqual(Array.from({ length: 4 }, () => 'route/shop/cart'));
    expect(owned(find(after, 'TrafficRoute', 'cart')).map(({ owner }) => owner.kind)).toEqual([
      ...['session', 'session'],
      ...['route', 'route', 'route', 'route'],
    ]);
    expect(content(apply(apply(world(all, own([elsewhere, api])), takeover('a1')), route))).toEqual(content(after));
    expect(content(apply(apply(after, removal(takeover('a1'))), removal(route)))).toEqual(content(world(all, own([elsewhere, api]))));
  });

  it('may come before a session by path too, since the list is the order', () => {
    const route = standing([to('v2', below('/api'))]);
    expect(content(apply(apply(world(all, own()), takeover('a1')), route))).toEqual(
      content(apply(apply(world(all, own()), route), takeover('a1'))),
    );
  });

  it('ask once for what two intents ask alike of one of the items', () => {
    const users = { match: { headers: isJason }, destination: tag('v1') };
    const asked = httpIn(
      apply(world(all, own([users])), standing([to('v2', jason), to('v1', { headers: [{ name: 'end-user', is: { prefix: 'j' } }] })])),
    );
    expect(asked).toEqual([
      { match: { headers: isJason }, destination: tag('v2') },
      { match: { path: { prefix: '/' }, headers: isJason }, destination: tag('v2') },
      { match: { path: { prefix: '/' }, headers: { 'end-user': { prefix: 'j' } } }, destination: tag('v1') },
      users,
    ]);
  });

  it('leave destinations in place, for no request, until proxies have heard of the new ones', () => {
    const before = apply(world(all, own()), standing([to('v1')]));
    expect(editsOf(before, standing([half])).map(({ stage }) => stage)).toEqual(['rules']);
    const two = apply(world(all, own()), standing([half]));
    const [first, second, ...more] = editsOf(two, standing([to('v1')]));
    expect([first?.stage, second?.stage, more]).toEqual(['rules', 'remove', []]);
    const halfway = two.map((object) =>
      object.kind === 'TrafficRoute' && metaOf(object).name === 'cart' && first !== undefined && 'body' in first ? first.body : object,
    );
    expect(httpIn(halfway)).toEqual([
      { match: { path: { prefix: '/' } }, destination: tag('v1') },
      { match: { path: { prefix: '/' }, headers: { 'x-heddle-parked': { exact: 'shop/cart/0' } } }, split: halves },
    ]);
    expect(owned(find(halfway, 'TrafficRoute', 'cart')).map(({ owner }) => owner.id)).toEqual(['cart', 'cart']);
    expect(editsOf(halfway, standing([to('v1')])).map(({ stage }) => stage)).toEqual(['rules']);
    expect(content(apply(halfway, standing([to('v1')])))).toEqual(content(before));
  });

  it('neither mirror nor inject faults, and say what would work', () => {
    const refused = (intent: Intent) => {
      const result = planned(world(all, own()), standing([intent]));
      return 'refused' in result ? result.refused.map(({ code, instead }) => [code, instead?.split(' ').slice(0, 5).join(' ')]) : [];
    };
    expect(refused(mirrorTo('v2', 10))).toEqual([['mirror', 'route the mesh by MeshHTTPRoutes,']]);
    expect(refused({ match: [jason], fault: { abort: { percent: 100, status: 503 } } })).toEqual([
      ['fault', 'write a MeshFaultInjection with the'],
    ]);
  });
});
