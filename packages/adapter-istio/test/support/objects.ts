import type { Change, Intent, KubeObject, Labels, Match, MeshEnvironment, Owner, ServiceRef } from '@heddle/core';

export const env: MeshEnvironment = {
  version: '1.31.1',
  envoy: '1.40.0',
  served: { VirtualService: 'networking.istio.io/v1' },
  settings: {},
};

/** As a server would store it, all of one age. */
export function stored(object: KubeObject): KubeObject {
  const metadata = object.metadata as Record<string, unknown>;
  const uid = [object.kind, metadata.namespace, metadata.name].join('-');
  return { ...object, metadata: { uid, resourceVersion: '1', creationTimestamp: '2026-01-01T00:00:00Z', ...metadata } };
}

export function service(
  name: string,
  ports: readonly number[] = [8080],
  more: Record<string, unknown> = {},
  namespace = 'shop',
): KubeObject {
  return stored({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace },
    spec: { clusterIP: '10.0.0.1', selector: { app: name }, ports: ports.map((port) => ({ name: `http-${port}`, port })), ...more },
  });
}

export function pod(name: string, labels: Labels, namespace = 'shop', containers: readonly string[] = ['app', 'istio-proxy']): KubeObject {
  return stored({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels },
    spec: { containers: containers.map((container) => ({ name: container })) },
    status: { phase: 'Running', podIP: '10.1.0.1', conditions: [{ type: 'Ready', status: 'True' }] },
  });
}

export function virtualService(
  name: string,
  spec: Record<string, unknown>,
  namespace = 'shop',
  metadata: Record<string, unknown> = {},
): KubeObject {
  return stored({ apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: { name, namespace, ...metadata }, spec });
}

export function gateway(name: string, hosts: readonly string[], namespace = 'shop'): KubeObject {
  return stored({
    apiVersion: 'networking.istio.io/v1',
    kind: 'Gateway',
    metadata: { name, namespace },
    spec: { selector: { istio: 'ingressgateway' }, servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts }] },
  });
}

export const session = (id: string, namespace = 'shop'): Owner => ({ kind: 'session', namespace, id });

export const header = (name: string, value: string): Match => ({ headers: [{ name, is: { exact: value } }] });

/** A session's change as core makes it: everything that matches goes to the shadow. */
export function takeover(
  owner: Owner,
  match: Match,
  services: readonly ServiceRef[] = [{ namespace: 'shop', name: 'cart', port: 8080 }],
): Change {
  const [base] = services;
  return {
    owner,
    services,
    views: 'all',
    versions: [
      { id: owner.id, realise: 'service', service: { namespace: base?.namespace ?? '', name: `heddle-${base?.name ?? ''}-${owner.id}` } },
    ],
    intents: [{ match: [match], to: [{ version: owner.id, weight: 100 }] }],
  };
}

const CART: readonly ServiceRef[] = [{ namespace: 'shop', name: 'cart', port: 8080 }];

/** A standing route's change as core makes it; `v1` and `v2` are subsets, every other name a Service `cart-<name>`. */
export function standing(intents: readonly Intent[], services: readonly ServiceRef[] = CART): Change {
  const [{ namespace, name } = { namespace: '', name: '' }] = services;
  const used = intents.flatMap((one) => ('to' in one ? one.to.map(({ version }) => version) : 'mirror' in one ? [one.mirror.version] : []));
  return {
    owner: { kind: 'route', namespace, id: `${name}.split` },
    services,
    views: 'all',
    versions: [...new Set(used)].map((id) =>
      /^v[12]$/.test(id)
        ? { id, realise: 'subset', labels: { version: id }, ref: id }
        : { id, realise: 'service', service: { namespace, name: `${name}-${id}` } },
    ),
    intents,
  };
}

export const to = (weights: Readonly<Record<string, number>>, match: readonly Match[] = []): Intent => ({
  match,
  to: Object.entries(weights).map(([version, weight]) => ({ version, weight })),
});

export const split = (weights: Readonly<Record<string, number>>, services: readonly ServiceRef[] = CART): Change =>
  standing([to(weights)], services);

export function destinationRule(name: string, host: string, namespace = 'shop'): KubeObject {
  const subsets = ['v1', 'v2'].map((version) => ({ name: version, labels: { version } }));
  const metadata = { name, namespace };
  return stored({ apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata, spec: { host, subsets } });
}

export const removal = (change: Change): Change => ({ ...change, versions: [], intents: [] });
