import { answer, type Client, type KubeObject, type MeshEnvironment, parseRequest, type Target } from '@heddle/core';
import { describe, expect, test } from 'vitest';
import { pod, service, stored, virtualService } from '../../../test/support/objects.js';
import { observe } from '../../../test/support/observe.js';
import { decidingTables } from '../deciding.js';

const env: MeshEnvironment = { served: {}, settings: {} };
const target: Target = { services: [{ namespace: 'shop', name: 'web', port: 8080 }] };
const base = [service('web'), service('web-v2'), pod('web-0', { app: 'web' }), pod('web-v2-0', { app: 'web-v2' })];
const client = (namespace: string): Client => ({ kind: 'sidecar', namespace, labels: {} });

interface Written {
  readonly kind?: string;
  readonly namespace?: string;
  readonly parentRefs?: readonly object[];
  readonly hostnames?: readonly string[];
}

function route(name: string, rules: readonly object[], { kind = 'HTTPRoute', namespace = 'shop', ...more }: Written = {}): KubeObject {
  const parentRefs = [{ group: '', kind: 'Service', name: 'web', namespace: 'shop' }];
  return stored({ apiVersion: 'gateway.networking.k8s.io/v1', kind, metadata: { name, namespace }, spec: { parentRefs, rules, ...more } });
}
const to = (name: string, more: object = {}) => [{ name, namespace: 'shop', port: 8080, ...more }];
const below = (value: string) => ({ path: { type: 'PathPrefix', value } });

const decided = (objects: readonly KubeObject[], asked = target, environment = env) =>
  decidingTables(asked, observe(objects, asked), environment);
const ask = (objects: readonly KubeObject[], url: string, namespace = 'shop') =>
  answer(
    decided(objects).tables.map(({ table }) => table),
    client(namespace),
    parseRequest({ url }),
  );

describe('routes on a Service', () => {
  test('are the rules of its table, with where they stand; no VirtualService is to be edited', () => {
    const rules = [
      { matches: [below('/a')], backendRefs: to('web-v2') },
      { name: 'rest', backendRefs: to('web') },
    ];
    const [first] = decided([...base, route('r', rules)]).tables;
    expect(first?.virtualServices).toEqual([]);
    expect(first?.routes.map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`)).toEqual(['HTTPRoute shop/r']);
    expect(first?.table.rules.map(({ label, origins }) => [label, origins[0]?.pointer, origins[0]?.name])).toEqual([
      ['HTTPRoute shop/r rule 0', '/spec/rules/0', undefined],
      ['HTTPRoute shop/r rule 1', '/spec/rules/1', 'rest'],
    ]);
    expect(first?.table.otherwise).toEqual({ status: 404 });
  });

  test('a prefix ends at a segment, one of / takes all', () => {
    const objects = [...base, route('r', [{ matches: [below('/a/')], backendRefs: to('web-v2') }])];
    expect(ask(objects, 'http://web:8080/a/b').status).toBe(200);
    expect(ask(objects, 'http://web:8080/ab')).toMatchObject({ status: 404, route: 'none' });
  });

  test('consumers have a view of their own', () => {
    const mine = route('mine', [{ backendRefs: to('web-v2') }], { namespace: 'client' });
    const { tables } = decided([...base, route('r', [{ backendRefs: to('web') }]), mine]);
    expect(tables.filter(({ role }) => role === 'host').map(({ table, routes }) => [table.view, routes.map(({ name }) => name)])).toEqual([
      [{ plane: 'mesh', clients: {}, except: [{ namespaces: ['client'] }] }, ['r']],
      [{ plane: 'mesh', clients: { namespaces: ['client'] } }, ['mine']],
    ]);
  });

  test('are for their own namespace alone where the mesh shows VirtualServices to no others', () => {
    const { tables } = decided([...base, route('r', [{ backendRefs: to('web-v2') }])], target, {
      ...env,
      settings: { defaultVirtualServiceExportTo: '.' },
    });
    expect(tables.filter(({ routes }) => routes.length > 0).map(({ table }) => table.view)).toEqual([
      { plane: 'mesh', clients: { namespaces: ['shop'] } },
    ]);
  });

  test('what is not there is 500, and the problem says so', () => {
    const objects = [...base, route('r', [{ backendRefs: to('nobody') }])];
    expect(ask(objects, 'http://web:8080/')).toMatchObject({ status: 500, outcomes: [{ reason: 'NC', status: 500 }] });
    expect(decided(objects).problems.map(({ message }) => message)).toEqual([
      'HTTPRoute shop/r: nobody.shop.svc.cluster.local:8080 does not exist for these clients, requests get 500',
    ]);
  });

  test('tables of a Service whose route sends to the one asked for are among them', () => {
    const front = route('front', [{ backendRefs: to('web') }], { parentRefs: [{ group: '', kind: 'Service', name: 'web-v2' }] });
    const hosts = decided([...base, front]).tables.filter(({ role }) => role === 'host');
    expect(hosts.map(({ host, routes, services }) => [host, routes.length, services.length])).toEqual([
      ['web.shop.svc.cluster.local', 0, 1],
      ['web-v2.shop.svc.cluster.local', 1, 1],
    ]);
  });

  test('nonsense is passed over, never thrown', () => {
    const broken = [
      route('a', [null, 1, { matches: 'x', filters: [{}], backendRefs: [null, {}] }] as never),
      route('b', [{ matches: [{ path: 1, headers: [{}], queryParams: {} }], filters: 7, timeouts: [], retry: 1 }] as never),
      { ...route('c', []), spec: 3 },
      {
        ...route('d', [], { kind: 'GRPCRoute' }),
        spec: { parentRefs: [{ group: '', kind: 'Service', name: 'web' }, 4], rules: [{ matches: [{ method: {} }] }] },
      },
    ];
    expect(decided([...base, ...broken]).tables.length).toBeGreaterThan(0);
  });
});

describe('what is said of routes', () => {
  const codes = (objects: readonly KubeObject[]) => decided([...base, ...objects]).problems.map(({ code }) => code);
  const said = (objects: readonly KubeObject[]) => decided([...base, ...objects]).problems.map(({ message }) => message);

  test.each([
    [
      'a host name as a backend',
      { backendRefs: to('web.shop') },
      'the backend web.shop is a host name, where the name of a Service is asked for',
    ],
    ['a backend without a port', { backendRefs: [{ name: 'web' }] }, 'the backend web has no port'],
    ['a filter that Istio lacks', { filters: [{ type: 'ExtensionRef' }], backendRefs: to('web') }, 'Istio has no filter ExtensionRef'],
    [
      'a filter of a backend',
      { backendRefs: to('web', { filters: [{ type: 'RequestMirror' }] }) },
      'a backend has a filter RequestMirror, which only rules can have',
    ],
    [
      'a header value',
      { filters: [{ type: 'RequestHeaderModifier', requestHeaderModifier: { set: [{ name: 'x', value: 'a\nb' }] } }] },
      'the value of header x holds control characters',
    ],
  ])('%s takes the whole route away', (_, rule, why) => {
    expect(said([route('r', [{ backendRefs: to('web-v2') }, rule])])).toEqual([`HTTPRoute shop/r has no effect: ${why}`]);
    expect(ask([...base, route('r', [{ backendRefs: to('web-v2') }, rule])], 'http://web:8080/').route).toBe('implicit');
  });

  test('a rule behind one that matches everything, unless another of its matches is reached', () => {
    const all = { matches: [below('/')], backendRefs: to('web') };
    const regex = { path: { type: 'RegularExpression', value: '/x.*' } };
    expect(said([route('r', [all, { matches: [regex], backendRefs: to('web-v2') }])])).toEqual([
      'HTTPRoute shop/r: rule 1 is never reached, one that goes before it matches every request',
    ]);
    expect(codes([route('r', [all, { matches: [regex, below('/y')], backendRefs: to('web-v2') }])])).toEqual([]);
  });

  test('a VirtualService, or a route, that another one hides', () => {
    const vs = virtualService('web', { hosts: ['web'], http: [{ route: [{ destination: { host: 'web' } }] }] });
    expect(codes([route('r', [{ backendRefs: to('web-v2') }]), vs])).toContain('virtual-service-shadowed');
    const port = [{ group: '', kind: 'Service', name: 'web', port: 8080 }];
    expect(said([route('r', [{ backendRefs: to('web-v2') }]), route('s', [{ backendRefs: to('web') }], { parentRefs: port })])).toEqual([
      'HTTPRoute shop/r has no say for shop/web: for some clients another one for that host comes first',
    ]);
  });
});

describe('what is not read is a gap', () => {
  const gateway = [{ name: 'gw', namespace: 'edge' }];
  const gaps = (objects: readonly KubeObject[], asked = target, environment = env) =>
    decided([...base, ...objects], asked, environment).gaps.map(({ feature, message }) => `${feature}: ${message}`);

  test('a route at a gateway that sends requests to the service, or is for a host that is asked for', () => {
    expect(gaps([route('r', [{ backendRefs: to('web') }], { parentRefs: gateway })])).toEqual([
      'HTTPRoute: HTTPRoute shop/r sends requests to shop/web and is attached to Gateway edge/gw: what it does there is not read',
    ]);
    const elsewhere = route('r', [{ backendRefs: to('cart') }], { parentRefs: gateway, hostnames: ['*.example.com'] });
    expect(gaps([elsewhere])).toEqual([]);
    expect(gaps([elsewhere], { services: [], hosts: ['www.example.com:80'] })).toEqual([
      'HTTPRoute: HTTPRoute shop/r is for www.example.com and is attached to Gateway edge/gw: what it does there is not read',
    ]);
  });

  test('a copy at a gateway, a parent that is a ServiceEntry', () => {
    const copy = [{ filters: [{ type: 'RequestMirror', requestMirror: { backendRef: to('web')[0] } }], backendRefs: to('cart') }];
    expect(gaps([route('r', copy, { parentRefs: gateway })])).toHaveLength(1);
    const entry = [{ group: 'networking.istio.io', kind: 'ServiceEntry', name: 'out' }];
    expect(gaps([route('r', [{ backendRefs: to('web') }], { parentRefs: entry })])).toEqual([
      expect.stringContaining('is attached to ServiceEntry shop/out'),
    ]);
  });

  test('a backend that is a host of nobody', () => {
    const backendRefs = [{ group: 'networking.istio.io', kind: 'Hostname', name: 'api.example.com', port: 443 }];
    expect(gaps([route('r', [{ backendRefs }])])).toEqual([
      'ServiceEntry: HTTPRoute shop/r sends requests to api.example.com, and ServiceEntries are not read',
    ]);
  });

  test('HTTPRoutes and GRPCRoutes together before Istio 1.31', () => {
    const both = [route('a', [{ backendRefs: to('web') }]), route('b', [{ backendRefs: to('web-v2') }], { kind: 'GRPCRoute' })];
    expect(gaps(both, target, { ...env, version: '1.31.0' })).toEqual([]);
    expect(gaps(both, target, { ...env, version: '1.30.2' })).toEqual([
      'GRPCRoute: GRPCRoute shop/b and HTTPRoute shop/a are attached to one Service: which of them counts before Istio 1.31 is not known',
    ]);
  });
});
