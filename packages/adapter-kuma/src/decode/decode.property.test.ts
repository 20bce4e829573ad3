import { type Client, type KubeObject, queryKey, viewHolds, viewKey } from '@heddle/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  between,
  kuma,
  mesh,
  namespace,
  observed,
  pod,
  route,
  rule,
  service,
  trafficRoute,
  version,
} from '../../test/support/mesh-objects.js';
import { decidingTables } from './deciding.js';
import { reads } from './reads.js';
import { versions } from './versions.js';

const CART = 'cart_shop_svc_80';
const to = { destination: { 'kuma.io/service': CART, version: 'v1' } };
const item = (name: string) => ({
  targetRef: { kind: 'MeshService', name },
  rules: [rule('/x', [version('v1'), { kind: 'MeshService', name: 'web', port: 80 }])],
});
const resource = {
  apiVersion: 'kuma.io/v1alpha1',
  kind: 'MeshService',
  metadata: { name: 'web', namespace: 'shop', labels: { 'kuma.io/mesh': 'default' } },
  spec: { ports: [{ port: 80, appProtocol: 'http' }], selector: { dataplaneTags: { app: 'web' } } },
  status: { addresses: [{ hostname: 'web.mesh' }], vips: [{ ip: '1.2.3.4' }] },
};

/** One of everything, so that each part of it is looked at. */
const world: readonly KubeObject[] = [
  mesh('default', 'Everywhere'),
  mesh('two'),
  namespace('shop'),
  namespace('far', { 'kuma.io/sidecar-injection': 'enabled', 'kuma.io/mesh': 'two' }),
  service('cart'),
  service('web', { appProtocol: 'tcp' }),
  service('far', {}, 'far'),
  pod('v1', { app: 'cart', version: 'v1' }),
  pod('web-0', { app: 'web', env: 'dev' }),
  pod('alone-0', { app: 'alone' }),
  resource,
  trafficRoute('all', { ...between('*'), conf: { destination: { 'kuma.io/service': '*' } } }),
  trafficRoute('cart', {
    ...between(CART, { 'kuma.io/service': 'alone_shop_svc', env: '*' }),
    conf: {
      split: [{ weight: 1, ...to }],
      http: [{ match: { path: { prefix: '/x' }, headers: { a: { regex: 'b' } } }, modify: { path: { rewritePrefix: '/y' } }, ...to }],
    },
  }),
  route('MeshHTTPRoute', 'a', { targetRef: { kind: 'MeshSubset', tags: { env: 'dev' } }, to: [item(CART)] }),
  route('MeshHTTPRoute', 'b', { targetRef: { kind: 'Dataplane', labels: { app: 'web' } }, to: [item('cart')] }, 'shop'),
  route('MeshHTTPRoute', 'c', { to: [item(CART)] }, 'far', { 'kuma.io/policy-role': 'consumer' }),
  route('MeshTCPRoute', 't', {
    to: [{ targetRef: { kind: 'MeshService', name: 'web_shop_svc_80' }, rules: [{ default: { backendRefs: [version('v1')] } }] }],
  }),
];
const target = {
  services: ['cart', 'web', 'nobody'].map((name) => ({ namespace: 'shop', name, port: 80 })),
  hosts: ['cart:80', 'cart_shop_svc_80.mesh', 'far.far', '', '[::1]:x', 'web.mesh'],
};

type Path = readonly (string | number)[];

function pathsOf(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const entries: readonly (readonly [string | number, unknown])[] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [path, ...entries.flatMap(([key, part]) => pathsOf(part, [...path, key]))];
}

function replaced(value: unknown, [first, ...rest]: Path, by: unknown): unknown {
  if (first === undefined) return by;
  if (Array.isArray(value)) return value.map((part, index) => (index === first ? replaced(part, rest, by) : part));
  const record = value as Readonly<Record<string, unknown>>;
  return { ...record, [first]: replaced(record[String(first)], rest, by) };
}

const spots = world.flatMap((object, index) =>
  // What an object is stays, else nobody would look at it.
  pathsOf(object)
    .filter(
      ([first, second]) =>
        first !== undefined && first !== 'kind' && first !== 'apiVersion' && !(first === 'metadata' && second === undefined),
    )
    .map((path) => ({ index, path })),
);
const odd = fc.oneof(
  fc.constantFrom<unknown>(undefined, null, '', '*', 0, -1, 1e9, Number.NaN, true, [], {}, [null], [[]], { '': '' }, { __proto__: null }),
  fc.constantFrom<unknown>('kuma.io/service', CART, '\\_', '/', '[', 'default', 'shop', 'Everywhere', 'MeshService', 'Dataplane', [{}], {
    match: {},
  }),
  fc.jsonValue(),
);
const mutated = fc
  .array(fc.tuple(fc.constantFrom(...spots), odd), { maxLength: 4 })
  .map((changes) =>
    changes.reduce(
      (objects, [{ index, path }, by]) =>
        objects.map((object, n) => (n === index ? (replaceIfThere(object, path, by) as KubeObject) : object)),
      world,
    ),
  );

/** An earlier change may have taken the place away. */
function replaceIfThere(object: KubeObject, path: Path, by: unknown): unknown {
  return pathsOf(object).some((one) => JSON.stringify(one) === JSON.stringify(path)) ? replaced(object, path, by) : object;
}

const clients: readonly Client[] = ['shop', 'far', 'elsewhere'].flatMap((home) =>
  [{}, { app: 'web' }, { app: 'web', env: 'dev' }, { app: 'alone', env: 'dev' }, { app: 'cart', 'kuma.io/mesh': 'two' }, { '': '' }].map(
    (labels): Client => ({ kind: 'sidecar', namespace: home, labels }),
  ),
);

test.each(['2.14.3', '3.0.0', 'x'])(
  'whatever stands in the objects of a mesh of %s, they are read, and each client is in exactly one view',
  (release) => {
    const env = kuma(release);
    fc.assert(
      fc.property(mutated, (objects) => {
        const seen = observed(objects, target, env);
        const { tables, gaps } = decidingTables(target, seen, env);
        for (const service of target.services) versions(service, seen, env);
        // Reading ends: what was asked for is all that is asked for.
        expect(reads(target, seen, env).every((query) => seen.has(queryKey(query)))).toBe(true);
        if (gaps.some(({ feature }) => feature === 'many-clients')) return;
        const views = [...new Map(tables.map(({ table }) => [viewKey(table.view), table.view])).values()];
        for (const client of clients) expect(views.filter((view) => viewHolds(view, client))).toHaveLength(1);
      }),
      { numRuns: 60 },
    );
  },
);
