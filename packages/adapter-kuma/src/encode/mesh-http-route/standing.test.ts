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
  notesOf,
  planned,
  refusalsOf,
  removal,
  shadowTag,
  specOf,
  split,
  standing,
  takeover,
  to,
  world,
} from '../../../test/support/changes.js';
import { kuma, mesh, route, rule, version } from '../../../test/support/mesh-objects.js';
import { type Raw, record, records } from '../../decode/raw.js';

const cartRoute = (name: string, rules: readonly unknown[], home = 'kuma-system') =>
  route('MeshHTTPRoute', name, { to: [{ targetRef: { kind: 'MeshService', name: CART_TAG }, rules }] }, home);
const rulesIn = (objects: readonly KubeObject[], name = '1-heddle-cart'): readonly Raw[] =>
  records(records(record(specOf(find(objects, 'MeshHTTPRoute', name))).to)[0]?.rules);
const rulesFor = (intents: readonly Intent[], objects = world(), env = kuma()) => rulesIn(apply(objects, standing(intents), env));
const jason = header('end-user', 'jason');
const exact = (name: string, value: string) => ({ type: 'Exact', name, value });
const path = (value: string) => ({ type: 'PathPrefix', value });
const isJason = exact('end-user', 'jason');
const copies = (percentage: number | string, backendRef: object) => ({ type: 'RequestMirror', requestMirror: { percentage, backendRef } });
const one = (value: string) => ({ ...version(value), weight: 1 });

describe('standing routes by MeshHTTPRoute', () => {
  it('are rules in the order of the intents, each with a mirror where one is wanted', () => {
    const mirror = copies(10, one('v2'));
    expect(rulesFor([to('v2', jason), split({ v1: 90, v2: 10 }).intents[0] as Intent, mirrorTo('v2', 10)])).toEqual([
      { matches: [{ path: path('/'), headers: [isJason] }], default: { filters: [mirror], backendRefs: [one('v2')] } },
      {
        matches: [{}],
        default: {
          filters: [mirror],
          backendRefs: [
            { ...version('v1'), weight: 90 },
            { ...version('v2'), weight: 10 },
          ],
        },
      },
    ]);
  });

  it('say of destinations nothing where only a mirror is wanted, and of a mirror nothing where only a destination is', () => {
    expect(rulesFor([mirrorTo('v2', 0.5, jason)])).toEqual([
      { matches: [{ path: path('/'), headers: [isJason] }], default: { filters: [copies('0.5', one('v2'))] } },
    ]);
    const users = cartRoute('users', [
      rule('/api', version('v1'), { filters: [copies(100, { kind: 'MeshService', name: 'other_shop_svc_80' })] }),
    ]);
    expect(rulesFor([mirrorTo('v2', 5, jason), to('v2')], world(users))[0]?.default).toEqual({
      filters: [copies(5, one('v2'))],
      backendRefs: [one('v2')],
    });
    expect(rulesFor([to('v2', jason)], world(users))[0]?.default).toEqual({
      filters: [copies(100, { kind: 'MeshService', name: 'other_shop_svc_80' })],
      backendRefs: [one('v2')],
    });
  });

  it('ask for what satisfies both where Kuma would try a later one first', () => {
    expect(rulesFor([to('v2', jason), to('v1', below('/api'))]).map(({ matches }) => matches)).toEqual([
      [
        { path: path('/'), headers: [isJason] },
        { path: path('/api'), headers: [isJason] },
      ],
      [{ path: path('/api') }],
    ]);
    // The more specific comes first of itself.
    expect(rulesFor([to('v1', below('/api')), to('v2', jason)]).map(({ matches }) => records(matches).length)).toEqual([1, 1]);
  });

  it("do not become one rule with a user's that has the same matches", () => {
    const users = cartRoute('users', [
      { matches: [{ path: path('/'), headers: [isJason] }], default: { backendRefs: [version('v1')] } },
      rule('/', version('v1')),
    ]);
    expect(rulesFor([to('v2', jason)], world(users)).map(({ matches }) => matches)).toEqual([
      [{ path: path('/'), headers: [isJason, isJason] }],
      [
        { path: path('/'), headers: [isJason] },
        { path: path('/'), headers: [isJason] },
      ],
    ]);
  });

  it('keep the destinations of a copied rule, wherever the copy stands', () => {
    const own = { kind: 'MeshExternalService', name: 'elsewhere' };
    const users = route('MeshHTTPRoute', 'users', {
      to: [{ targetRef: { kind: 'MeshService', name: CART_TAG }, rules: [rule('/out', own), rule('/', version('v1'))] }],
    });
    const external: KubeObject = {
      apiVersion: 'kuma.io/v1alpha1',
      kind: 'MeshExternalService',
      metadata: { name: 'elsewhere', namespace: 'kuma-system', labels: { 'kuma.io/mesh': 'default' } },
      spec: { match: { type: 'HostnameGenerator', port: 80, protocol: 'http' }, endpoints: [{ address: 'example.com', port: 80 }] },
    };
    expect(rulesFor([mirrorTo('v2', 10, jason)], world(users, external))[0]?.default).toEqual({
      backendRefs: [{ ...own, namespace: 'kuma-system' }],
    });
  });

  it('leave destinations in place, for no request, until proxies have heard of the new ones', () => {
    const before = apply(world(), standing([to('v1')]));
    const [first, second, ...more] = editsOf(before, standing([to('v2')]));
    expect([first?.stage, first?.op, second?.stage, second?.op, more]).toEqual(['rules', 'replace', 'remove', 'replace', []]);
    const items = first !== undefined && 'body' in first ? records(record(first.body.spec).to) : [];
    expect(items.map(({ rules }) => records(rules).map(({ matches, default: conf }) => [matches, record(conf).backendRefs]))).toEqual([
      [[[{}], [one('v2')]]],
      [[[{ path: path('/'), headers: [exact('x-heddle-parked', 'shop/cart/0')] }], [one('v1')]]],
    ]);
    expect(rulesIn(apply(before, standing([to('v2')])))).toEqual([{ matches: [{}], default: { backendRefs: [one('v2')] } }]);
    // Killed in between, it goes on from there; and other shares alone are one edit.
    const halfway = before.map((object) => (metaOf(object).name === first?.ref.name && 'body' in first ? first.body : object));
    expect(editsOf(halfway, standing([to('v2')])).map(({ stage, op }) => [stage, op])).toEqual([['rules', 'replace']]);
    const shares = (v1: number): Intent => split({ v1, v2: 100 - v1 }).intents[0] as Intent;
    expect(editsOf(apply(world(), standing([shares(90)])), standing([shares(50)]))).toHaveLength(1);
  });
});

describe('beside sessions', () => {
  const a1 = takeover('a1');

  it('a session asks for what satisfies both, if the route would come first', () => {
    const route = standing([to('v2', below('/api'))]);
    const both = apply(apply(world(), route), a1);
    const shadow = [{ kind: 'MeshService', name: shadowTag('a1'), weight: 1 }];
    expect(rulesIn(both, '0-heddle-cart-a1')).toEqual([
      {
        matches: [
          { path: path('/'), headers: [exact('x-dev', 'a1')] },
          { path: path('/api'), headers: [exact('x-dev', 'a1')] },
        ],
        default: { backendRefs: shadow },
      },
    ]);
    expect(editsOf(both, a1)).toEqual([]);
    expect(editsOf(both, route)).toEqual([]);
    expect(content(apply(both, removal(route)).filter(({ kind }) => kind !== 'MeshHTTPRoute'))).toEqual(content(world()));
  });

  it('a route that would decide the requests of a session that runs is refused, with what to do', () => {
    const result = planned(apply(world(), a1), standing([to('v2', below('/api'))]));
    expect('refused' in result ? result.refused : []).toMatchObject([
      {
        code: 'specificity',
        message: expect.stringContaining('the rule of session a1'),
        instead: 'match on headers alone, or end session a1 and start it again when the route is there',
      },
    ]);
  });

  it('equally specific ones come in the order that counts, whoever came first', () => {
    const route = standing([to('v2', jason), mirrorTo('v2', 10)]);
    expect(content(apply(apply(world(), route), a1))).toEqual(content(apply(apply(world(), a1), route)));
  });
});

describe('a mirror', () => {
  it('goes by the tag of its destination, which alone Kuma 2 looks for, and by labels in Kuma 3', () => {
    const exclusive = [...world().filter(({ kind }) => kind !== 'Mesh'), mesh('default', 'Exclusive')];
    const made = rulesIn(apply(exclusive, standing([mirrorTo('other', 10)], ['other']), kuma('2.14.4')));
    expect(made[0]?.default).toEqual({ filters: [copies(10, { kind: 'MeshService', name: 'other_shop_svc_80', weight: 1 })] });
    const three = rulesIn(apply(world(), standing([mirrorTo('other', 10)], ['other']), kuma('3.0.0')));
    expect(record(records(record(three[0]?.default).filters)[0]?.requestMirror).backendRef).toEqual({
      kind: 'MeshService',
      labels: { 'kuma.io/display-name': 'other', 'k8s.kuma.io/namespace': 'shop' },
      port: 80,
      weight: 1,
    });
  });

  it('to a Service of its own is refused where its last pod would lock the mesh, and by tags it is a note', () => {
    const toOther = standing([mirrorTo('other', 10)], ['other']);
    const refused = (release: string) => refusalsOf(world(), toOther, kuma(release));
    expect(['2.9.0', '2.13.10', '2.14.3'].map(refused)).toEqual([['mirror'], ['mirror'], ['mirror']]);
    expect(['2.13.11', '2.14.4', '2.15.0', '3.0.0'].map(refused)).toEqual([[], [], [], []]);
    expect(notesOf(world(), standing([mirrorTo('v2', 10)]))).toEqual(['mirror-locks']);
  });

  it('must have a pod to go to', () => {
    const unready = world().map((object) =>
      metaOf(object).name === 'other-0'
        ? { ...object, status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'False' }] } }
        : object,
    );
    expect(refusalsOf(unready, standing([mirrorTo('other', 10)], ['other']), kuma('2.14.4'))).toEqual(['mirror-not-ready']);
  });

  it('is refused where copies could merge with other filters than their originals', () => {
    const plain = cartRoute('a', [rule('/api', version('v1'))]);
    const filtered = cartRoute('b', [rule('/api', version('v1'), { filters: [] })]);
    expect(refusalsOf(world(plain, filtered), standing([mirrorTo('v2', 10)]))).toEqual(['merged-rules']);
    expect(refusalsOf(world(plain, filtered), standing([to('v2')]))).toEqual([]);
  });

  it('is for all requests of a rule that sends to other services too, and that is told', () => {
    const users = cartRoute('users', [rule('/api', [version('v1'), { kind: 'MeshService', name: 'other_shop_svc_80' }])]);
    expect(notesOf(world(users), standing([mirrorTo('v2', 10)]))).toEqual(['mirror-locks', 'mixed-destinations']);
    expect(refusalsOf(world(users), standing([mirrorTo('v2', 10), to('v2')]))).toEqual(['shared-rule']);
  });
});
