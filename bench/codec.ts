import { adapter } from '@heddle/adapter-istio';
import { type Change, type KubeObject, type MeshEnvironment, observeTarget } from '@heddle/core';
import { inTurn, report } from './median.ts';

/** Decode, encode and serialise beside 1,000 VirtualServices, against parsing and printing the same JSON. */
const COUNT = 1000;
const env: MeshEnvironment = {
  version: '1.31.1',
  envoy: '1.40.0',
  served: Object.fromEntries(
    ['VirtualService', 'DestinationRule', 'Gateway', 'Sidecar', 'ServiceEntry'].map((kind) => [kind, 'networking.istio.io/v1']),
  ),
  settings: { rootNamespace: 'istio-system' },
};

const objects: KubeObject[] = [];
for (let index = 0; index < COUNT; index += 1) {
  const name = `service-${index}`;
  const metadata = {
    name,
    namespace: 'shop',
    uid: `uid-${index}`,
    resourceVersion: String(index + 1),
    creationTimestamp: '2026-01-01T00:00:00Z',
  };
  objects.push({
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: { clusterIP: `10.0.${index >> 8}.${index & 255}`, selector: { app: name }, ports: [{ name: 'http', port: 80 }] },
  });
  const destination = { host: `${name}.shop.svc.cluster.local`, port: { number: 80 } };
  objects.push({
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata,
    spec: {
      hosts: [`${name}.shop.svc.cluster.local`],
      http: [
        { match: [{ uri: { prefix: '/api' }, headers: { 'x-version': { regex: 'v[0-9]+' } } }], route: [{ destination }], timeout: '3s' },
        {
          route: [
            { destination, weight: 90 },
            { destination, weight: 10 },
          ],
        },
      ],
    },
  });
}
const shadow = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'shadow', namespace: 'shop' },
  spec: { clusterIP: '10.1.0.1', selector: { s: 'x' }, ports: [{ name: 'http', port: 80 }] },
};
const change: Change = {
  owner: { kind: 'session', namespace: 'shop', id: 'bench' },
  services: [{ namespace: 'shop', name: 'service-500', port: 80 }],
  views: 'all',
  versions: [{ id: 'bench', realise: 'service', service: { namespace: 'shop', name: 'shadow' } }],
  intents: [{ match: [{ headers: [{ name: 'x-dev', is: { exact: 'alice' } }] }], to: [{ version: 'bench', weight: 100 }] }],
};

const text = JSON.stringify([...objects, shadow]);
const seen = observeTarget({ adapter, env }, { services: change.services }, [...objects, shadow]);
const ours = () => {
  adapter.decode({ services: change.services }, seen, env);
  const encoded = adapter.encode(change, seen, env);
  if (!('ok' in encoded)) throw new Error(JSON.stringify(encoded.refused));
  return JSON.stringify(encoded.ok);
};
report(
  `decode, encode and serialise beside ${COUNT} VirtualServices`,
  await inTurn(100, ours, () => JSON.stringify(JSON.parse(text)), 20),
  'JSON parse and stringify of all',
  '≤2',
);
