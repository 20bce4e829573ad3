import type { Destination, KubeObject, Owner, RouteTable, Rule, View } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { leakRefusal, shadowLeaks } from './shadow-leaks.js';

const inMesh: View = { plane: 'mesh', clients: {} };
const session: Owner = { kind: 'session', namespace: 'shop', id: 'a1' };
const route: Owner = { kind: 'route', namespace: 'shop', id: 'cart.pin' };
const pod = (name: string) => ({ namespace: 'shop', name });

const shadow: KubeObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace: 'shop', name: 'heddle-cart-a1', labels: { app: 'cart', 'heddle.dev/session': 'a1' } },
};
const seen = new Map([['|Pod|*|*|', { objects: [shadow] }]]);

const to = (subset: string | undefined, ...pods: readonly string[]): Destination => ({
  host: 'cart.shop.svc.cluster.local',
  ...(subset === undefined ? {} : { subset }),
  weight: 1,
  endpoints: pods.map(pod),
});
const all = to(undefined, 'cart-1', 'heddle-cart-a1');
const pinned = to('v1', 'cart-1');
const rule = (destination: Destination, owner: Rule['owner'] = 'foreign', more: Partial<Rule> = {}): Rule => ({
  match: [],
  action: { to: [destination] },
  owner,
  origins: [],
  ...more,
});
const table = (rules: readonly Rule[], otherwise: RouteTable['otherwise'] = { status: 404 }): RouteTable => ({
  view: inMesh,
  domains: ['cart'],
  port: 8080,
  protocol: 'http',
  rules,
  otherwise,
});
const count = (one: RouteTable) => shadowLeaks([one], seen).length;
const alice = [{ headers: [{ name: 'x-dev', is: { exact: 'alice' } }] }];

describe('requests of others that would come to a shadow among the pods of its service', () => {
  it('come by a rule for all of the pods, and by the end of a table', () => {
    expect(count(table([rule(all)]))).toBe(1);
    expect(count(table([], { to: [all] }))).toBe(1);
  });

  it('do not come where requests are kept to a version', () => {
    expect(count(table([rule(pinned)]))).toBe(0);
    expect(count(table([rule(to('heddle-a1', 'heddle-cart-a1'), session, { match: alice }), rule(pinned)]))).toBe(0);
  });

  it('come by a version that the shadow is one of, and by a mirror', () => {
    expect(count(table([rule(to('all', 'cart-1', 'heddle-cart-a1'))]))).toBe(1);
    expect(count(table([rule(pinned, 'foreign', { mirrors: [{ destination: all, percent: 10 }] })]))).toBe(1);
  });

  it('do not come by a rule that a standing route hides, but by one that only sessions hide', () => {
    expect(count(table([rule(pinned, route), rule(all)], { to: [all] }))).toBe(0);
    expect(count(table([rule(pinned, session), rule(all)]))).toBe(1);
    expect(count(table([rule(pinned, route, { match: alice }), rule(all)]))).toBe(1);
  });

  it('are none where a shadow is called by the name of its own Service', () => {
    const own: KubeObject = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { namespace: 'shop', name: 'heddle-cart-a1' },
      spec: { selector: { 'heddle.dev/session': 'a1' } },
    };
    const direct = { ...to(undefined, 'heddle-cart-a1'), host: 'heddle-cart-a1.shop.svc.cluster.local' };
    const withService = new Map([...seen, ['|Service|*|*|', { objects: [own] }]]);
    expect(shadowLeaks([table([rule(direct)], { to: [direct] })], withService)).toEqual([]);
    expect(shadowLeaks([table([rule(all)])], withService)).toHaveLength(1);
  });

  it('are refused with the command that keeps them away', () => {
    const [leak] = shadowLeaks([table([rule(all)])], seen);
    if (leak === undefined) throw new Error('no leak');
    expect(leakRefusal(leak, session, ['v1'])).toMatchObject({
      code: 'shadow-leak',
      instead: expect.stringContaining('heddle route pin cart v1 -n shop'),
    });
    const [copied] = shadowLeaks([table([rule(pinned, 'foreign', { mirrors: [{ destination: all, percent: 10 }] })])], seen);
    if (copied === undefined) throw new Error('no leak');
    expect(leakRefusal(copied, session, ['v1'])).toMatchObject({
      message: expect.stringContaining('copies of'),
      instead: expect.not.stringContaining('pin'),
    });
    expect(leakRefusal(leak, route, ['v1']).instead).toContain('heddle sessions stop a1 -n shop');
  });
});
