import {
  answer,
  type KubeObject,
  type MeshEnvironment,
  type Observation,
  observeObjects,
  parseRequest,
  queryKey,
  type Target,
} from '@heddle/core';
import { describe, expect, test } from 'vitest';
import { decidingTables } from './deciding.js';
import { decode } from './decode.js';
import { reads } from './reads.js';

const env: MeshEnvironment = { served: {}, settings: {} };
const networking = 'networking.istio.io/v1';

const service = (
  name: string,
  ports: readonly Record<string, unknown>[] = [{ name: 'http', port: 8080 }],
  spec: Record<string, unknown> = {},
) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'shop' },
  spec: { clusterIP: '10.96.0.1', selector: { app: name }, ports, ...spec },
});
const pod = (name: string, labels: Record<string, string>, namespace = 'shop') => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, labels },
  spec: { containers: [] },
  status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
});
const virtualService = (name: string, spec: Record<string, unknown>, metadata: Record<string, unknown> = {}) => ({
  apiVersion: networking,
  kind: 'VirtualService',
  metadata: { name, namespace: 'shop', ...metadata },
  spec,
});
const to = (host: string) => [{ destination: { host } }];

function observe(objects: readonly KubeObject[], target: Target, unread: readonly string[] = []) {
  let seen = new Map<string, Observation>();
  for (let round = 0; round < 5; round += 1) {
    const queries = reads(target, seen, env).filter((query) => !seen.has(queryKey(query)));
    if (queries.length === 0) break;
    seen = new Map([...seen, ...observeObjects(objects, queries)]);
    for (const query of queries) if (unread.includes(query.kind)) seen.set(queryKey(query), { unread: 'forbidden' });
  }
  return seen;
}
const target: Target = { services: [{ namespace: 'shop', name: 'web', port: 8080 }] };
const decoded = (objects: readonly KubeObject[], asked = target) => decode(asked, observe(objects, asked), env);

describe('tables and owners', () => {
  const base = [service('web'), pod('web-0', { app: 'web' })];

  test('no VirtualService: one view, the implicit route, and the rest of the port and of all ports', () => {
    const { tables, gaps } = decoded(base);
    expect(gaps).toEqual([]);
    expect(tables.map(({ port, protocol, otherwiseLabel, domains }) => [port, protocol, otherwiseLabel, domains[0]])).toEqual([
      [8080, 'http', 'implicit', 'web.shop.svc.cluster.local'],
      [8080, 'http', 'passthrough', '*'],
      [0, 'tcp', 'tcp', '*'],
    ]);
    expect(new Set(tables.map(({ view }) => JSON.stringify(view)))).toEqual(new Set(['{"plane":"mesh","clients":{}}']));
  });

  test('rules name their origin, and ours their owner', () => {
    const http = [
      { name: 'heddle/session/shop/t1a2/0', match: [{ headers: { 'x-dev': { exact: 'alice' } } }], route: to('shadow') },
      { name: 'heddle/fallback/8080', match: [{ uri: { prefix: '/x' } }, { uri: { prefix: '/y' } }], route: to('web') },
      { route: to('web') },
    ];
    const [table] = decoded([...base, virtualService('web', { hosts: ['web'], http })]).tables;
    expect(table?.rules.map(({ owner }) => owner)).toEqual([{ kind: 'session', namespace: 'shop', id: 't1a2' }, 'foreign', 'foreign']);
    expect(table?.rules.map(({ origins, match }) => [origins[0]?.pointer, match.length])).toEqual([
      ['/spec/http/0', 1],
      ['/spec/http/1', 2],
      ['/spec/http/2', 0],
    ]);
  });

  test('the rules of a delegate have two origins', () => {
    const root = virtualService('web', {
      hosts: ['web'],
      http: [{ name: 'r', match: [{ uri: { prefix: '/a' } }], delegate: { name: 'leaf' } }],
    });
    const leaf = virtualService('leaf', { http: [{ name: 'l', route: to('web') }] });
    const { tables } = decidingTables(target, observe([...base, root, leaf], target), env);
    const [first] = tables;
    expect(first?.table.rules[0]?.origins.map(({ ref, pointer }) => `${ref.name}${pointer}`)).toEqual([
      'web/spec/http/0',
      'leaf/spec/http/0',
    ]);
    expect(first?.table.rules[0]?.label).toBe('shop/web r-l');
    expect(first?.virtualServices[0]?.delegates.map(({ ref, rootIndex }) => [ref.name, rootIndex])).toEqual([['leaf', 0]]);
  });
});

describe('who decides', () => {
  const base = [service('web'), pod('web-0', { app: 'web' }), service('shadow'), pod('shadow-0', { app: 'shadow' })];

  test('a private VirtualService in the callers namespace makes a view of its own', () => {
    const theirs = {
      ...virtualService('web', {
        hosts: ['web.shop.svc.cluster.local'],
        exportTo: ['.'],
        http: [{ route: to('web.shop.svc.cluster.local') }],
      }),
      metadata: { name: 'web', namespace: 'client' },
    };
    const ours = virtualService('web', { hosts: ['web'], http: [{ route: to('shadow') }] });
    const { tables } = decidingTables(target, observe([...base, theirs, ours], target), env);
    const own = tables.filter(({ role }) => role === 'host');
    expect(own.map(({ table, virtualServices }) => [table.view, virtualServices.map(({ ref }) => `${ref.namespace}/${ref.name}`)])).toEqual(
      [
        [{ plane: 'mesh', clients: {}, except: [{ namespaces: ['client'] }] }, ['shop/web']],
        [{ plane: 'mesh', clients: { namespaces: ['client'] } }, ['client/web']],
      ],
    );
  });

  test('an object about to be created is the youngest, though it has no time of creation', () => {
    const old = virtualService(
      'web',
      { hosts: ['web'], http: [{ route: to('web') }] },
      { uid: 'u', creationTimestamp: '2026-01-01T00:00:00Z' },
    );
    const fresh = virtualService('a', { hosts: ['web'], http: [{ route: to('shadow') }] });
    const { tables } = decidingTables(target, observe([...base, fresh, old], target), env);
    expect(tables[0]?.virtualServices.map(({ ref }) => ref.name)).toEqual(['web']);
  });

  test('another host whose VirtualService sends to the service is among the tables', () => {
    const other = virtualService('front', { hosts: ['shadow'], http: [{ route: to('web') }] });
    const { tables } = decidingTables(target, observe([...base, other], target), env);
    expect(tables.filter(({ role }) => role === 'host').map(({ host, services }) => [host, services.length])).toEqual([
      ['web.shop.svc.cluster.local', 1],
      ['shadow.shop.svc.cluster.local', 1],
    ]);
  });

  test('a gateway has the table of its host, with the objects behind it', () => {
    const gateway = {
      apiVersion: networking,
      kind: 'Gateway',
      metadata: { name: 'gw', namespace: 'shop' },
      spec: { selector: { istio: 'ingress' }, servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }] },
    };
    const bound = virtualService('web', { hosts: ['web.example.com'], gateways: ['gw'], http: [{ route: to('web') }] });
    const seen = observe([...base, gateway, bound, pod('ingress', { istio: 'ingress' }, 'istio-system')], target);
    const { tables } = decidingTables(target, seen, env);
    const found = tables.filter(({ role }) => role === 'gateway');
    expect(found.map(({ table, host, gateways }) => [table.view, host, gateways])).toEqual([
      [{ plane: 'gateway', gateway: { namespace: 'istio-system', selector: { istio: 'ingress' } } }, 'web.example.com', ['shop/gw']],
    ]);
    const client = { kind: 'gateway', namespace: 'istio-system', labels: { istio: 'ingress' } } as const;
    const ours = answer(
      tables.map(({ table }) => table),
      client,
      parseRequest({ url: 'http://web.example.com/' }),
    );
    expect(ours.outcomes.map(({ host, port }) => [host, port])).toEqual([['web.shop.svc.cluster.local', 8080]]);
  });
});

describe('what is not read is a gap', () => {
  const base = [service('web'), pod('web-0', { app: 'web' })];

  test('a list that is forbidden names the right to ask for', () => {
    const { gaps } = decode(target, observe(base, target, ['VirtualService']), env);
    expect(gaps).toEqual([
      {
        feature: 'unread',
        message:
          'VirtualService.networking.istio.io in all namespaces could not be read (forbidden): this needs the right to list it there',
      },
    ]);
  });

  test('a kind that the cluster does not serve is none', () => {
    const seen = observe(base, target);
    seen.set(queryKey({ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute' }), { unread: 'no such kind' });
    expect(decode(target, seen, env).gaps).toEqual([]);
  });

  test.each([
    [
      'HTTPRoute',
      {
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'HTTPRoute',
        metadata: { name: 'r', namespace: 'shop' },
        spec: { parentRefs: [{ name: 'gw' }], rules: [{ backendRefs: [{ name: 'web', port: 8080 }] }] },
      },
    ],
    [
      'ServiceEntry',
      {
        apiVersion: networking,
        kind: 'ServiceEntry',
        metadata: { name: 's', namespace: 'x' },
        spec: { hosts: ['web.shop.svc.cluster.local'] },
      },
    ],
    ['waypoint', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { 'istio.io/use-waypoint': 'wp' } } }],
    [
      'Sidecar',
      {
        apiVersion: networking,
        kind: 'Sidecar',
        metadata: { name: 's', namespace: 'shop' },
        spec: { egress: [{ port: { number: 1 }, hosts: ['*/*'] }] },
      },
    ],
  ])('%s', (feature, object) => {
    expect(decoded([...base, object]).gaps.map((gap) => gap.feature)).toEqual([feature]);
  });

  test('a headless Service, one without selector, an ExternalName', () => {
    const shapes = [{ clusterIP: 'None' }, { selector: undefined }, { type: 'ExternalName', externalName: 'x.org' }];
    const features = shapes.map((spec) => decoded([service('web', undefined, spec)]).gaps.map((gap) => gap.feature));
    expect(features).toEqual([['service.headless'], ['service.selectorless'], ['service.externalName']]);
  });

  test('nonsense in objects is passed over, never thrown', () => {
    const broken = [
      { apiVersion: networking, kind: 'VirtualService', metadata: null, spec: 7 },
      virtualService('a', { hosts: [1, 'web'], http: [null, { match: 'x', route: [{}] }, { match: [{ uri: 3, headers: [] }], fault: 1 }] }),
      { apiVersion: networking, kind: 'DestinationRule', metadata: {}, spec: { host: {}, subsets: [1, {}] } },
      { apiVersion: networking, kind: 'Gateway', metadata: { name: 'g' }, spec: { selector: { a: 'b' }, servers: [{}, { port: {} }] } },
      { apiVersion: networking, kind: 'Sidecar', metadata: { namespace: 'shop' }, spec: { egress: [{ hosts: [1, 'x', '~/'] }] } },
      { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'shop' }, spec: { ports: [1, {}] } },
      { apiVersion: 'v1', kind: 'Pod', status: 1 },
    ];
    expect(decoded(broken as readonly KubeObject[]).tables.length).toBeGreaterThan(0);
  });
});

describe('problems', () => {
  const base = [service('web'), pod('web-0', { app: 'web' })];
  const codes = (objects: readonly KubeObject[], asked = target) => decoded(objects, asked).problems.map(({ code }) => code);

  test('rules that are never reached, destinations that do not exist, objects without a say', () => {
    const spec = { hosts: ['web'], http: [{ route: to('web') }, { name: 'late', route: to('web') }] };
    expect(codes([...base, virtualService('web', spec)])).toEqual(['rule-unreached']);
    expect(codes([...base, virtualService('web', { hosts: ['web'], http: [{ route: to('nowhere') }] })])).toEqual(['destination-missing']);
    const two = [
      virtualService('a', { hosts: ['web'], http: [{ route: to('web') }] }),
      virtualService('b', { hosts: ['web'], http: [{ route: to('web') }] }),
    ];
    expect(codes([...base, ...two])).toEqual(['virtual-service-shadowed']);
  });

  test('a rule behind one for another port, or for other callers, is reached', () => {
    for (const filter of [{ port: 80 }, { sourceNamespace: 'shop' }, { sourceLabels: { app: 'cart' } }, { gateways: ['mesh'] }]) {
      const spec = {
        hosts: ['web'],
        http: [
          { match: [filter], route: to('web') },
          { name: 'late', route: to('web') },
        ],
      };
      expect(codes([...base, virtualService('web', spec)]), JSON.stringify(filter)).toEqual([]);
    }
  });

  test('a Service or port that is not there', () => {
    expect(codes([], target)).toEqual(['service-missing']);
    expect(codes([service('web', [{ name: 'http', port: 1 }])])).toEqual(['port-missing']);
  });
});
