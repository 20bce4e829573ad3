import { describeView, type KubeObject, type Labels, viewHolds } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { decoded, from, mesh, namespace, pod, route, rule, service, version } from '../../test/support/mesh-objects.js';

const target = { services: [{ namespace: 'shop', name: 'cart', port: 80 }] };

describe('several meshes', () => {
  it('the clients of one mesh are one view, whichever way they came to it', () => {
    const injected = { 'kuma.io/sidecar-injection': 'enabled' };
    const homes = [namespace('shop', { ...injected, 'kuma.io/mesh': 'two' }), namespace('plain'), namespace('far')];
    const objects = [...homes, mesh(), mesh('two'), mesh('three'), service('cart'), pod('v1', { app: 'cart', 'kuma.io/mesh': 'two' })];
    const views = new Map(decoded(objects, target).tables.map(({ view }) => [describeView(view), view]));
    const who = (labels: Labels, home: string) =>
      [...views].filter(([, view]) => viewHolds(view, from(labels, home))).map(([name]) => name);
    expect([...views.keys()]).toEqual(['pods in Mesh default', 'pods in Mesh three', 'pods in Mesh two']);
    expect([who({}, 'shop'), who({ 'kuma.io/mesh': 'two' }, 'shop'), who({ 'kuma.io/mesh': 'two' }, 'far')]).toEqual(
      Array(3).fill(['pods in Mesh two']),
    );
    expect([who({}, 'far'), who({}, 'unseen'), who({ 'kuma.io/mesh': 'default' }, 'shop')]).toEqual(
      Array(3).fill(['pods in Mesh default']),
    );
    expect([who({ 'kuma.io/mesh': 'three' }, 'shop'), who({ 'kuma.io/mesh': 'three' }, 'far')]).toEqual(
      Array(2).fill(['pods in Mesh three']),
    );
  });

  it('a view of some of them says so, and where there is one mesh it has no name', () => {
    const own = route(
      'MeshHTTPRoute',
      'm',
      { to: [{ targetRef: { kind: 'MeshService', name: 'cart_shop_svc_80' }, rules: [rule('/', version('v1'))] }] },
      'far',
      {
        'kuma.io/policy-role': 'consumer',
      },
    );
    const objects = [mesh(), namespace('shop'), namespace('far'), service('cart'), pod('v1', { app: 'cart', version: 'v1' }), own];
    const named = (more: readonly KubeObject[]) => [
      ...new Set(decoded([...objects, ...more], target).tables.map(({ view }) => describeView(view))),
    ];
    expect(named([])).toEqual(['pods in the mesh, except those in far', 'pods in the mesh in far']);
    expect(named([mesh('two')])).toEqual(['pods in Mesh default, except those in far', 'pods in Mesh default in far', 'pods in Mesh two']);
  });
});
