import { adapter as istio } from '@heddle/adapter-istio';
import { adapter as kuma } from '@heddle/adapter-kuma';
import { type Client, type Conversion, convert, type KubeObject, type Request } from '@heddle/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { requests as istioRequests, worlds as istioWorlds } from '../../adapter-istio/test/support/worlds.js';
import { type ConvertedMesh, worldAfter } from './support/convert-goldens.js';
import { BASE, worlds as kumaWorlds } from './support/kuma-worlds.js';

const RUNS = Number(process.env.HEDDLE_RUNS ?? 20);
const ISTIO: ConvertedMesh = {
  adapter: istio,
  env: { served: { VirtualService: 'networking.istio.io/v1', DestinationRule: 'networking.istio.io/v1' }, settings: {} },
};
const KUMA: ConvertedMesh = { adapter: kuma, env: { served: {}, version: '2.14.3', settings: {} } };
const TRAFFIC_ROUTES: ConvertedMesh = { adapter: kuma, env: { ...KUMA.env, settings: { routing: 'TrafficRoute' } } };

const clients: readonly Client[] = [
  { kind: 'sidecar', namespace: 'shop', labels: { app: 'web' } },
  { kind: 'sidecar', namespace: 'shop', labels: { app: 'web', env: 'dev' } },
  { kind: 'sidecar', namespace: 'elsewhere', labels: {} },
];
const kumaRequests: readonly Request[] = ['GET', 'POST'].flatMap((method) =>
  ['/', '/api', '/api/v1/x', '/apiary', '/a/b', '/api?q=1'].flatMap((path) =>
    [
      [],
      [['x-dev', 'alice']],
      [['x-env', 'qa']],
      [
        ['x-env', 'qa'],
        ['x-flag', '1'],
      ],
    ].flatMap((headers) =>
      ['cart.shop', 'other.shop'].map(
        (host): Request => ({ method, scheme: 'http', host, port: 80, authority: host, path, headers: headers as [string, string][] }),
      ),
    ),
  ),
);

/** What the mesh would take; each Service has an address of its own. */
const accepted = (objects: readonly KubeObject[], { adapter, env }: ConvertedMesh): readonly KubeObject[] =>
  objects
    .filter((object) => (adapter.validate?.(object, env) ?? []).length === 0)
    .map((object, index) =>
      object.kind === 'Service' ? { ...object, spec: { ...(object.spec as object), clusterIP: `10.0.0.${index}` } } : object,
    );

function expectHonest(conversion: Conversion, requests: readonly Request[]): void {
  for (const { code, witness, message } of conversion.losses) {
    if (witness === undefined) continue;
    expect(conversion.follow(witness.client, witness.request).difference, `${code}: ${message}`).toBeDefined();
  }
  for (const client of clients) {
    for (const request of requests) {
      const { difference, losses, differences } = conversion.follow(client, request);
      if (difference === undefined || losses.length > 0 || differences.length > 0) continue;
      expect.unreachable(`${JSON.stringify(client)} ${JSON.stringify(request)}: ${difference.before} → ${difference.after}`);
    }
  }
}

test.each<[string, fc.Arbitrary<readonly KubeObject[]>, readonly Request[], ConvertedMesh, ConvertedMesh]>([
  ['Istio', istioWorlds, istioRequests, ISTIO, KUMA],
  ['Istio (to TrafficRoutes)', istioWorlds, istioRequests, ISTIO, TRAFFIC_ROUTES],
  ['Kuma', kumaWorlds.map((objects) => [...BASE, ...objects]), kumaRequests, KUMA, ISTIO],
])(
  '%s worlds there and back: what differs is listed, and what is listed differs',
  { timeout: 300_000 },
  (_name, worlds, requests, source, target) => {
    fc.assert(
      fc.property(worlds, (world) => {
        const objects = accepted(world, source);
        const there = convert({ objects, sources: [source], target });
        expectHonest(there, requests);
        const after = worldAfter(objects, source.adapter, target, there);
        expectHonest(convert({ objects: after, sources: [target], target: source }), requests);
      }),
      { numRuns: RUNS },
    );
  },
);

test('a lost match of several is found by a request that satisfies it alone', () => {
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'cart', namespace: 'shop' } };
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'cart-0', namespace: 'shop', labels: { app: 'cart' } } };
  const inner = { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: { name: 'inner', namespace: 'shop' } };
  const match = [{ method: { exact: 'GET' } }, { queryParams: { v: { exact: '1' } } }];
  const { losses } = convert({
    objects: [
      { ...service, spec: { selector: { app: 'cart' }, ports: [{ name: 'http', port: 8080 }] } },
      { ...pod, spec: { containers: [{ name: 'app' }] }, status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] } },
      { ...inner, spec: { hosts: ['cart'], http: [{ match, route: [{ destination: { host: 'cart' } }] }] } },
    ],
    sources: [ISTIO],
    target: TRAFFIC_ROUTES,
  });
  const lost = losses.find(({ code }) => code === 'match.query');
  expect(lost?.witness?.request.path).toBe('/?v=1');
  expect(lost?.witness?.request.method).not.toBe('GET');
});
