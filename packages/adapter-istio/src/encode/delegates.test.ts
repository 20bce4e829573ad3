import type { KubeObject } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { env, session, virtualService } from '../../test/support/objects.js';
import { itemOf, refuseDelegates } from './delegates.js';
import type { Site } from './site.js';

const siteWith = (...delegates: readonly KubeObject[]): Site => ({
  object: virtualService('cart', { hosts: ['cart'], http: [] }),
  namespace: 'shop',
  hosts: ['cart.shop.svc.cluster.local'],
  gateways: ['mesh'],
  delegates,
  tables: [],
});
const leaf = (rules: readonly Record<string, unknown>[], namespace = 'shop', metadata: Record<string, unknown> = {}) =>
  virtualService('leaf', { http: rules }, namespace, metadata);
const merged = (root: Record<string, unknown>, site: Site) => itemOf(root, 0, site, env).rules.map(({ rule }) => rule);

describe('what an item of a list comes to', () => {
  it('is the rule itself where it delegates nothing', () => {
    const rule = { route: [{ destination: { host: 'cart' } }] };
    expect(itemOf(rule, 1, siteWith(), env)).toEqual({
      rules: [{ rule, where: 'VirtualService shop/cart, rule 2' }],
      delegated: false,
    });
  });

  it('is the leaf with what it leaves to the root, and with the conditions of both', () => {
    const root = { match: [{ uri: { prefix: '/a' } }], timeout: '1s', headers: { request: { remove: ['x'] } }, delegate: { name: 'leaf' } };
    const rules = [
      { name: 'own', match: [{ headers: { h: {} } }], timeout: '9s', route: [{ destination: { host: 'cart' } }], newer: 1 },
      { match: [{ uri: { prefix: '/b' } }], route: [{ destination: { host: 'cart' } }] },
    ];
    expect(merged(root, siteWith(leaf(rules)))).toEqual([
      {
        name: 'own',
        match: [{ uri: { prefix: '/a' }, headers: { h: {} } }],
        timeout: '9s',
        headers: { request: { remove: ['x'] } },
        route: [{ destination: { host: 'cart' } }],
        newer: 1,
      },
    ]);
  });

  it('has all mirrors in one list where root and leaf name some', () => {
    const route = [{ destination: { host: 'cart' } }];
    const root = { delegate: { name: 'leaf' }, mirror: { host: 'lamp' }, mirrorPercentage: { value: 5 } };
    const others = [{ destination: { host: 'desk' } }];
    expect(merged(root, siteWith(leaf([{ route, mirrors: others }])))).toEqual([
      { route, mirrors: [{ destination: { host: 'lamp' }, percentage: { value: 5 } }, ...others] },
    ]);
    expect(merged(root, siteWith(leaf([{ route }])))).toEqual([{ route, mirror: root.mirror, mirrorPercentage: { value: 5 } }]);
    expect(merged({ ...root, mirrorPercentage: null, mirrorPercent: 7 }, siteWith(leaf([{ route, mirrors: others }])))).toEqual([
      { route, mirrors: [{ destination: { host: 'lamp' }, percentage: { value: 7 } }, ...others] },
    ]);
  });

  it('names services and gateways of another namespace in full', () => {
    const root = { delegate: { name: 'leaf', namespace: 'desk' } };
    const rules = [
      {
        match: [{ gateways: ['front', 'mesh'] }],
        route: [{ destination: { host: 'lamp' }, weight: 1 }],
        mirror: { host: 'lamp', subset: 'v1' },
        mirrors: [{ destination: { host: 'lamp.shop.example' } }],
      },
    ];
    expect(merged(root, siteWith(leaf(rules, 'desk')))).toEqual([
      {
        match: [{ gateways: ['desk/front', 'mesh'] }],
        route: [{ destination: { host: 'lamp.desk.svc.cluster.local' }, weight: 1 }],
        mirrors: [{ destination: { host: 'lamp.desk.svc.cluster.local', subset: 'v1' } }, { destination: { host: 'lamp.shop.example' } }],
      },
    ]);
  });

  it('is nothing where the leaf is missing or not shown to the root', () => {
    expect(merged({ delegate: { name: 'leaf' } }, siteWith())).toEqual([]);
    expect(merged({ delegate: { name: 'leaf', namespace: 'desk' } }, siteWith(leaf([{}])))).toEqual([]);
  });
});

describe('a delegate cannot be copied', () => {
  const codes = (object: KubeObject, kind: 'session' | 'route' = 'session') =>
    refuseDelegates(siteWith(object), { ...session('a1'), kind }).map(({ code }) => code);

  it('where a rule of it has a name of ours', () => {
    expect(codes(leaf([{ name: 'heddle/session/shop/a1/0' }]))).toEqual(['name-taken']);
    expect(codes(leaf([{ name: 'heddle' }]))).toEqual([]);
  });

  it('for everybody while a controller shifts its weights', () => {
    const kept = leaf([], 'shop', { ownerReferences: [{ apiVersion: 'flagger.app/v1beta1', kind: 'Canary', name: 'cart' }] });
    expect(codes(kept, 'route')).toEqual(['managed-by-controller']);
    expect(codes(kept)).toEqual([]);
  });
});
