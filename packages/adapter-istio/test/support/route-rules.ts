import { evaluate, type KubeObject, type MeshEnvironment, observeObjects, type RouteTable, type Target } from '@heddle/core';
import { decode } from '../../src/decode/decode.js';
import { reads } from '../../src/decode/reads.js';

export const FILES: MeshEnvironment = { served: {}, settings: {} };
export const OLD: MeshEnvironment = { version: '0.5.1', served: {}, settings: {} };
export const reviews: Target = { services: [{ namespace: 'shop', name: 'reviews', port: 9080 }] };
export const host = 'reviews.shop.svc.cluster.local';

/** As files hold it: nothing that only a server knows. */
export const rule = (name: string, spec: Record<string, unknown>, namespace = 'shop'): KubeObject => ({
  apiVersion: 'config.istio.io/v1alpha2',
  kind: 'RouteRule',
  metadata: { name, namespace },
  spec,
});

export const fromFile = (object: KubeObject): KubeObject => ({ ...object, metadata: { name: 'reviews', namespace: 'shop' } });

export const service = (name: string, port: Record<string, unknown> = { name: 'http', port: 9080 }): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'shop' },
  spec: { selector: { app: name }, ports: [port] },
});

export const pod = (app: string, version: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: `${app}-${version}`, namespace: 'shop', labels: { app, version } },
  spec: { containers: [{ name: app }] },
  status: { conditions: [{ type: 'Ready', status: 'True' }] },
});

export const base = [service('reviews'), service('ratings'), ...['v1', 'v2', 'v3'].map((version) => pod('reviews', version))];

export const allV1 = rule('reviews-default', { destination: { name: 'reviews' }, precedence: 1, route: [{ labels: { version: 'v1' } }] });
export const JASON = { regex: '^(.*?;)?(user=jason)(;.*)?$' };
export const jason = rule('reviews-test-v2', {
  destination: { name: 'reviews' },
  precedence: 2,
  match: { request: { headers: { cookie: JASON } } },
  route: [{ labels: { version: 'v2' } }],
});
export const half = rule('reviews-half', {
  destination: { name: 'reviews' },
  precedence: 1,
  route: [
    { labels: { version: 'v1' }, weight: 50 },
    { labels: { version: 'v3' }, weight: 50 },
  ],
});

export const observed = (objects: readonly KubeObject[], env: MeshEnvironment) => {
  const first = observeObjects(objects, reads(reviews, new Map(), env));
  return observeObjects(objects, reads(reviews, first, env));
};

export const decoded = (objects: readonly KubeObject[], env: MeshEnvironment = FILES) =>
  decode(reviews, observed([...base, ...objects], env), env);

export const tablesOf = (objects: readonly KubeObject[], env: MeshEnvironment = FILES): readonly RouteTable[] =>
  decoded(objects, env).tables.filter(({ domains }) => domains.includes(host));

export function onlyTable(objects: readonly KubeObject[], env?: MeshEnvironment): RouteTable {
  const tables = tablesOf(objects, env);
  const [table] = tables;
  if (table === undefined || tables.length !== 1) throw new Error(`${tables.length} tables`);
  return table;
}

export function ask(table: RouteTable, headers: readonly (readonly [string, string])[] = [], path = '/', method = 'GET') {
  return evaluate(table, { method, scheme: 'http', host, port: 9080, authority: host, path, headers });
}

/** Shares by the labels' version; `all`: no labels. */
export const shares = (table: RouteTable, headers?: readonly (readonly [string, string])[], path?: string, method?: string) =>
  Object.fromEntries(ask(table, headers, path, method).outcomes.map(({ labels, probability }) => [labels?.version ?? 'all', probability]));

export const problems = (objects: readonly KubeObject[], env?: MeshEnvironment) =>
  decoded(objects, env).problems.map(({ code, message }) => `${code}: ${message}`);
