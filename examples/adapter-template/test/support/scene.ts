import {
  answer,
  type Change,
  type Intent,
  type KubeObject,
  type Match,
  metaOf,
  type Observed,
  type Owner,
  observeTarget,
  parseRequest,
  refKey,
  refOf,
  type ServiceRef,
  type Target,
} from '@heddle/core';
import { adapter } from '../../src/index.js';

export const env = {
  version: '1.31.0',
  envoy: '1.40.0',
  served: { HTTPRoute: 'gateway.networking.k8s.io/v1' },
  settings: { rootNamespace: 'istio-system' },
};
export const CART: ServiceRef = { namespace: 'shop', name: 'cart', port: 8080 };

/** As the API server would have stored it. */
export const stored = (object: KubeObject, created = '2026-01-01T00:00:00Z'): KubeObject => ({
  ...object,
  metadata: { uid: `uid-${metaOf(object).name}`, resourceVersion: '1', creationTimestamp: created, ...(object.metadata as object) },
});

export const namespace = (labels: Readonly<Record<string, string>> = { 'istio-injection': 'enabled' }): KubeObject =>
  stored({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels } });

export const service = (name: string, selector: Readonly<Record<string, string>>, ports: readonly number[] = [8080]): KubeObject =>
  stored({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'shop' },
    spec: { clusterIP: '10.96.0.1', selector, ports: ports.map((port) => ({ name: `http-${port}`, port })) },
  });

export const pod = (name: string, labels: Readonly<Record<string, string>>): KubeObject =>
  stored({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop', labels },
    spec: { containers: [{ name: 'istio-proxy' }] },
    status: { conditions: [{ type: 'Ready', status: 'True' }] },
  });

/** Service cart with two versions that have Services of their own, web, and two shadows. */
export const SHOP: readonly KubeObject[] = [
  namespace(),
  service('cart', { app: 'cart' }),
  service('cart-v1', { app: 'cart', version: 'v1' }),
  service('cart-v2', { app: 'cart', version: 'v2' }),
  service('web', { app: 'web' }),
  pod('cart-v1', { app: 'cart', version: 'v1' }),
  pod('cart-v2', { app: 'cart', version: 'v2' }),
  pod('web', { app: 'web' }),
  ...['a1', 'b2'].flatMap((id) => [service(`heddle-cart-${id}`, { session: id }), pod(`heddle-cart-${id}`, { session: id })]),
];

export const backend = (name: string, more: KubeObject = {}): KubeObject => ({ name, port: 8080, weight: 1, ...more });
export const path = (value: string, more: KubeObject = {}): KubeObject => ({ path: { type: 'PathPrefix', value }, ...more });

/** A user's route for cart. */
export const route = (
  rules: readonly KubeObject[],
  more: { readonly name?: string; readonly port?: number | undefined } = {},
): KubeObject => {
  const port = 'port' in more ? more.port : 8080;
  const parent = { group: '', kind: 'Service', name: 'cart', ...(port === undefined ? {} : { port }) };
  const metadata = { name: more.name ?? 'cart', namespace: 'shop' };
  return stored({ apiVersion: env.served.HTTPRoute, kind: 'HTTPRoute', metadata, spec: { parentRefs: [parent], rules } });
};

/** Reads as core does: until the adapter asks for nothing new. */
export function observe(objects: readonly KubeObject[], target: Target = { services: [CART] }): Observed {
  return observeTarget({ adapter, env }, target, objects);
}

export const session = (id: string): Owner => ({ kind: 'session', namespace: 'shop', id });

/** The change of a session that takes requests with these headers to its shadow. */
export const takeover = (id: string, headers: Readonly<Record<string, string>>, more: Partial<Change> = {}): Change => ({
  owner: session(id),
  services: [CART],
  views: 'all',
  versions: [{ id, realise: 'service', service: { namespace: 'shop', name: `heddle-cart-${id}` } }],
  intents: [
    {
      match: [{ headers: Object.entries(headers).map(([name, exact]) => ({ name, is: { exact } })) }],
      to: [{ version: id, weight: 100 }],
    },
  ],
  ...more,
});

/** The standing routes of cart: all of them are one owner's. */
export const standing = (...intents: readonly Intent[]): Change => ({
  owner: { kind: 'route', namespace: 'shop', id: 'cart.default' },
  services: [CART],
  views: 'all',
  versions: ['v1', 'v2'].map((id) => ({ id, realise: 'service', service: { namespace: 'shop', name: `cart-${id}` } })),
  intents,
});

/** One that splits all requests. */
export const split = (v1: number, v2: number): Change =>
  standing({
    match: [],
    to: [
      { version: 'v1', weight: v1 },
      { version: 'v2', weight: v2 },
    ],
  });

/** Requests with a header of just this value. */
export const having = (name: string, exact: string): readonly Match[] => [{ headers: [{ name, is: { exact } }] }];

/** The edits of a change, or the codes of what is refused. */
export function encode(change: Change, objects: readonly KubeObject[]) {
  const planned = adapter.encode(change, observe(objects), env);
  return 'ok' in planned ? { edits: planned.ok } : { refused: planned.refused.map(({ code }) => code) };
}

const LATER = '2026-02-01T00:00:00Z';

/** The objects after changes, one after the other. */
export function written(objects: readonly KubeObject[], ...changes: readonly Change[]): readonly KubeObject[] {
  return changes.reduce((now, change) => {
    const found = encode(change, now);
    if (found.edits === undefined) throw new Error(`refused: ${found.refused.join()}`);
    const bodies = found.edits.map((edit) => (edit.op === 'delete' ? [] : [edit.op === 'create' ? stored(edit.body, LATER) : edit.body]));
    const keys = found.edits.map(({ ref }) => refKey(ref));
    return [...now.filter((object) => !keys.includes(refKey(refOf(object)))), ...bodies.flat()];
  }, objects);
}

/** Where a request to cart goes: `cart-v1 0.9, cart-v2 0.1`, or its status. */
export function ask(objects: readonly KubeObject[], url: string, headers: Readonly<Record<string, string>> = {}): string {
  const { tables } = adapter.decode({ services: [CART] }, observe(objects), env);
  const request = parseRequest({ method: 'GET', url: `http://cart.shop:8080${url}`, headers: Object.entries(headers) });
  const { outcomes, status } = answer(tables, { kind: 'sidecar', namespace: 'shop', labels: {} }, request);
  if (outcomes.length === 0) return String(status);
  return outcomes.map(({ host, probability }) => `${host.split('.')[0]} ${probability}`).join(', ');
}
