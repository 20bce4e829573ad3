import type { Destination, KubeObject, MeshEnvironment, RouteTable, Routing, Rule, View } from '@heddle/core';
import { adapter } from '../../src/index.js';
import { kuma, namespace, pod, service } from './mesh-objects.js';

export const HOST = 'reviews.shop.svc.cluster.local';
export const everybody: View = { plane: 'mesh', clients: {} };
export const cluster = (...more: readonly KubeObject[]): readonly KubeObject[] => [
  namespace('shop'),
  service('reviews'),
  service('ratings'),
  ...['v1', 'v2', 'v3'].map((version) => pod(`reviews-${version}`, { app: 'reviews', version })),
  pod('ratings-0', { app: 'ratings' }),
  ...more,
];

export const to = (version: string, weight = 1): Destination => ({
  host: HOST,
  port: 80,
  subset: version,
  labels: { version },
  weight,
  endpoints: [{ namespace: 'shop', name: `reviews-${version}` }],
});
export const rule = (action: Rule['action'], match: Rule['match'] = [], more: Partial<Rule> = {}): Rule => ({
  match,
  action,
  owner: 'foreign',
  origins: [],
  ...more,
});
export const jason = rule({ to: [to('v2')] }, [{ headers: [{ name: 'end-user', is: { exact: 'jason' } }] }]);
export const everything = rule({ to: [to('v1')] });

export const table = (rules: readonly Rule[], more: Partial<RouteTable> = {}): RouteTable => ({
  view: everybody,
  domains: [HOST],
  port: 80,
  protocol: 'http',
  rules,
  otherwise: { status: 404 },
  pathNormalisation: 'base',
  ...more,
});

export const routing = (tables: readonly RouteTable[], objects = cluster()): Routing => ({
  services: [{ namespace: 'shop', name: 'reviews', selector: { app: 'reviews' }, ports: [{ port: 80 }], tables }],
  objects,
});
export const render = (of: Routing, env: MeshEnvironment = kuma()) => (adapter.render as NonNullable<typeof adapter.render>)(of, env);
export const rulesIn = (object: KubeObject | undefined) =>
  (object as { spec: { to: readonly { rules: readonly { matches: unknown; default: unknown }[] }[] } } | undefined)?.spec.to[0]?.rules;
export const codes = (of: Routing, env?: MeshEnvironment) => render(of, env).losses.map(({ code }) => code);
