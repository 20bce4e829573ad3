import type { Action, Destination, KubeObject, MeshEnvironment, RouteTable, Rule, View } from '@heddle/core';
import { expect } from 'vitest';
import type { Raw } from '../../src/decode/raw.js';
import { httpOf, specOf } from '../../src/encode/virtual-service.js';
import { render } from '../../src/render/render.js';
import { validate } from '../../src/validate/index.js';
import { env, pod, service } from './objects.js';

export const HOST = 'cart.shop.svc.cluster.local';
const EVERYBODY: View = { plane: 'mesh', clients: {} };
const PODS = ['v1', 'v2'].map((version) => pod(`cart-${version}`, { app: 'cart', version }));

export const to = (version?: string, weight = 1): Destination => ({
  host: HOST,
  port: 8080,
  ...(version === undefined ? {} : { version, labels: { version } }),
  weight,
  endpoints:
    version === undefined
      ? ['v1', 'v2'].map((one) => ({ namespace: 'shop', name: `cart-${one}` }))
      : [{ namespace: 'shop', name: `cart-${version}` }],
});
export const IMPLICIT: Action = { to: [to()] };
export const rule = (action: Action, more: Partial<Rule> = {}): Rule => ({ match: [], action, owner: 'foreign', origins: [], ...more });
export const table = (rules: readonly Rule[], more: Partial<RouteTable> = {}): RouteTable => ({
  ...{ view: EVERYBODY, domains: ['*'], port: 8080, protocol: 'http', otherwise: IMPLICIT, pathNormalisation: 'base' },
  rules,
  ...more,
});

/** What a Service `cart` with these tables becomes; fails where Istio would not take it. */
export function rendered(
  tables: readonly RouteTable[],
  given: { env?: MeshEnvironment; ports?: readonly Raw[]; objects?: readonly KubeObject[] } = {},
) {
  const ports = given.ports ?? [{ port: 8080, name: 'http' }];
  const routed = { namespace: 'shop', name: 'cart', selector: { app: 'cart' }, ports: ports as never, tables };
  const objects = [service('cart', [8080], { ports }), ...PODS, ...(given.objects ?? [])];
  const out = render({ services: [routed], objects }, given.env ?? env);
  expect(out.objects.flatMap((object) => validate(object, given.env ?? env))).toEqual([]);
  const [virtual] = out.objects.filter(({ kind }) => kind === 'VirtualService');
  const codes = out.losses.map(({ code }) => code);
  return {
    ...out,
    virtual,
    http: virtual === undefined ? [] : httpOf(virtual),
    tcp: virtual === undefined ? [] : specOf(virtual).tcp,
    codes,
  };
}

export const jason = { headers: [{ name: 'end-user', is: { exact: 'jason' } }] };
