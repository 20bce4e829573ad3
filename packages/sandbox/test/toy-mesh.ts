import {
  type Decoded,
  type Destination,
  defineMeshAdapter,
  isRecord,
  type KubeObject,
  labelsMatch,
  type MeshAdapter,
  metaOf,
  type ObjectQuery,
  objectsOf,
  type RouteTable,
  type Rule,
  type Scenario,
} from '@heddle/core';

/**
 * The smallest mesh that the sandbox can be tried with: a Route names a host, and rules of a header and a Service.
 * Every pod whose label `mesh` is `on` has a proxy.
 */
const GROUP = 'example.dev';
const NAMESPACE = 'shop';

/** `to` and `mirrors` (Service: percent) name Services; `more` stands in the table as it is. */
export interface ToyRule {
  readonly header?: string;
  readonly value?: string;
  readonly to?: string;
  readonly redirect?: string;
  readonly delayMs?: string;
  readonly mirrors?: Readonly<Record<string, number>>;
  readonly more?: Pick<Rule, 'fault' | 'headers' | 'timeoutMs' | 'rewrite'>;
}

export const route = (name: string, rules: readonly ToyRule[], host = name): KubeObject => ({
  apiVersion: `${GROUP}/v1`,
  kind: 'Route',
  metadata: { name, namespace: NAMESPACE },
  spec: { host, rules },
});

const domainsOf = (name: string) => [name, `${name}.${NAMESPACE}`, `${name}.${NAMESPACE}.svc.cluster.local`];

function podsBehind(seen: readonly KubeObject[], service: KubeObject | undefined) {
  const selector = isRecord(service?.spec) && isRecord(service.spec.selector) ? (service.spec.selector as Record<string, string>) : {};
  return seen
    .filter((pod) => labelsMatch(selector, metaOf(pod).labels) && isRecord(pod.status) && pod.status.phase === 'Running')
    .map((pod) => ({ namespace: NAMESPACE, name: metaOf(pod).name }));
}

function decode(seen: Parameters<MeshAdapter['decode']>[1]): Decoded {
  const services = objectsOf(seen, '', 'Service');
  const pods = objectsOf(seen, '', 'Pod');
  const tables: RouteTable[] = [];
  for (const object of objectsOf(seen, GROUP, 'Route')) {
    const { host, rules, port = 80, tcp } = object.spec as { host: string; rules: ToyRule[]; port?: number; tcp?: boolean };
    const destination = (to: string, weight = 1): Destination => {
      const service = services.find((candidate) => metaOf(candidate).name === to);
      const endpoints = service === undefined ? ('no-cluster' as const) : podsBehind(pods, service);
      return { host: `${to}.${NAMESPACE}.svc.cluster.local`, port, weight, endpoints };
    };
    const compiled = rules.map(({ header, value = '', to = '', redirect, delayMs, mirrors, more = {} }): Rule => {
      return {
        match: header === undefined ? [] : [{ headers: [{ name: header, is: { exact: value } }] }],
        action: redirect === undefined ? { to: [destination(to)] } : { redirect: { code: 302, authority: redirect } },
        ...(mirrors === undefined
          ? {}
          : { mirrors: Object.entries(mirrors).map(([name, percent]) => ({ destination: destination(name), percent })) }),
        ...(delayMs === undefined ? {} : { fault: { abort: { percent: 100, status: 418 }, delay: { percent: 100, ms: Number(delayMs) } } }),
        rewrite: { path: { prefix: '/' } },
        owner: 'foreign',
        origins: [],
        ...more,
      };
    });
    const common = {
      port,
      protocol: tcp === true ? ('tcp' as const) : ('http' as const),
      rules: compiled,
      otherwise: { status: 404 as const },
    };
    const gateway = { namespace: NAMESPACE, selector: { app: 'gate' } };
    tables.push({ ...common, view: { plane: 'mesh', clients: {} }, domains: domainsOf(host), addresses: domainsOf(host) });
    tables.push({ ...common, protocol: 'http', view: { plane: 'gateway', gateway }, domains: [`${host}.example.dev`] });
  }
  const broken = objectsOf(seen, GROUP, 'Route').some((object) => metaOf(object).annotations.gap === 'yes');
  return { tables, problems: [], gaps: broken ? [{ feature: 'toy', message: 'a Route with a gap' }] : [] };
}

const reads: readonly ObjectQuery[] = [
  { group: GROUP, kind: 'Route', namespace: NAMESPACE },
  { group: '', kind: 'Service', namespace: NAMESPACE },
  { group: '', kind: 'Pod', namespace: NAMESPACE },
];

export const toyAdapter = defineMeshAdapter({
  id: 'toy',
  title: 'Toy mesh',
  kinds: [],
  facts: [],
  detect: () => ({ environment: { served: {}, settings: {} }, because: 'it is always there' }),
  capabilities: () => ({}),
  reads: () => reads,
  affects: () => ({ services: [] }),
  versions: () => [],
  inMesh: (pod) => metaOf(pod).labels.mesh === 'on',
  decode: (_target, seen) => decode(seen),
  owned: () => [],
  shadow: () => ({ refused: [] }),
  encode: () => ({ refused: [] }),
  accepted: () => ({ state: 'unknown' }),
});

export const pod = (name: string, labels: Record<string, string>, more: KubeObject = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: NAMESPACE, labels },
  spec: { containers: [{ name: 'main', image: 'example.dev/app:1', ports: [{ name: 'web', containerPort: 8080 }] }], ...more },
});

const service = (name: string, selector: Record<string, string>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: NAMESPACE },
  spec: { selector, ports: [{ name: 'http', port: 80, targetPort: 'web' }] },
});

export const toyScenario: Scenario = {
  id: 'shop',
  title: 'A shop with two versions of its cart',
  objects: [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE, labels: { team: 'cart' } } },
    pod('cart-v1', { app: 'cart', version: 'v1' }),
    pod('cart-v2', { app: 'cart', version: 'v2' }),
    pod('gate', { app: 'gate', mesh: 'on' }),
    pod('caller', { app: 'caller', mesh: 'on' }),
    pod('outsider', { app: 'outsider' }),
    service('cart', { app: 'cart' }),
    service('cart-v1', { app: 'cart', version: 'v1' }),
    service('cart-v2', { app: 'cart', version: 'v2' }),
    route('cart', [{ header: 'x-new', value: 'yes', to: 'cart-v2' }, { to: 'cart-v1' }]),
  ],
  kinds: [
    {
      group: GROUP,
      kind: 'Route',
      plural: 'routes',
      singular: 'route',
      shortNames: ['rt'],
      namespaced: true,
      versions: ['v1', 'v1alpha1'],
      columns: [{ name: 'Host', path: 'spec.host' }],
    },
  ],
  admit: (object) => {
    const { annotations, labels } = metaOf(object);
    if (annotations.deny === 'yes') return { denied: 'the toy mesh says no' };
    if (labels.admitted === undefined) return { pod: object };
    return {
      pod: {
        ...object,
        metadata: {
          ...(object.metadata as KubeObject),
          labels: { ...labels, admitted: labels.admitted === 'badly' ? 'not a label' : 'by-the-mesh' },
        },
      },
    };
  },
  responders: [
    { labels: { app: 'cart', version: 'v1' }, body: 'cart v1\n' },
    { labels: { app: 'cart', version: 'v2' }, body: 'cart v2\n' },
    { labels: { app: 'gate' }, body: 'gate\n' },
    { labels: { app: 'caller' }, body: 'caller\n' },
    { labels: { app: 'outsider' }, body: 'outsider\n' },
  ],
  gateway: { namespace: NAMESPACE, labels: { app: 'gate' }, host: 'cart.example.dev', port: 80 },
  client: { namespace: NAMESPACE, labels: { app: 'caller' }, host: 'cart', port: 80 },
};
