import { type KubeObject, type Labels, observeObjects } from '@heddle/core';
import { describe, expect, test } from 'vitest';
import { kuma, mesh, namespace, pod, service } from '../../test/support/mesh-objects.js';
import { baseQueries } from '../decode/reads.js';
import { ownerLabels } from '../owned/ownership.js';
import { lint } from './lint.js';

const queries = [...baseQueries(), { group: '', kind: 'Pod' }];

/** `severity code object @pointer`, without notes. */
function found(objects: readonly KubeObject[], env = kuma(), notes = false): readonly string[] {
  return lint(observeObjects(objects, queries), env)
    .filter(({ severity }) => notes || severity !== 'info')
    .map(({ severity, code, ref, pointer }) => `${severity} ${code} ${ref?.name} ${pointer}`);
}

const TAG = 'cart_shop_svc_80';
const shop = [
  mesh(),
  namespace('shop'),
  service('cart'),
  pod('cart-v1', { app: 'cart', version: 'v1' }),
  pod('cart-v2', { app: 'cart', version: 'v2' }),
  service('web'),
  pod('web', { app: 'web' }),
];
const ALL = { 'kuma.io/service': '*' };
const toCart = (version: string) => ({ 'kuma.io/service': TAG, version });

const trafficRoute = (name: string, spec: Record<string, unknown>, metadata: Record<string, unknown> = {}): KubeObject => ({
  apiVersion: 'kuma.io/v1alpha1',
  kind: 'TrafficRoute',
  mesh: 'default',
  metadata: { name, ...metadata },
  spec: { sources: [{ match: ALL }], destinations: [{ match: ALL }], conf: { destination: ALL }, ...spec },
});
const everything = trafficRoute('route-all', {});
const cartOnly = (conf: Record<string, unknown>, name = 'cart') =>
  trafficRoute(name, { destinations: [{ match: { 'kuma.io/service': TAG } }], conf });
const split = {
  split: [
    { weight: 90, destination: toCart('v1') },
    { weight: 10, destination: toCart('v2') },
  ],
};

const backend = (version: string, weight?: number) => ({
  kind: 'MeshServiceSubset',
  name: TAG,
  tags: { version },
  ...(weight === undefined ? {} : { weight }),
});
const path = (value: string, more: Record<string, unknown> = {}) => ({ path: { type: 'PathPrefix', value }, ...more });
const jason = { headers: [{ type: 'Exact', name: 'end-user', value: 'jason' }] };
const rule = (matches: readonly unknown[], ...backendRefs: readonly unknown[]) => ({ matches, default: { backendRefs } });
const httpRoute = (name: string, rules: readonly unknown[], { to = TAG, labels = {} as Labels } = {}): KubeObject => ({
  apiVersion: 'kuma.io/v1alpha1',
  kind: 'MeshHTTPRoute',
  metadata: { name, namespace: 'kuma-system', labels: { 'kuma.io/mesh': 'default', ...labels } },
  spec: { targetRef: { kind: 'Mesh' }, to: [{ targetRef: { kind: 'MeshService', name: to }, rules }] },
});

describe('nothing is wrong', () => {
  test.each<[string, readonly KubeObject[]]>([
    ['without rules', []],
    ['in a mesh of TrafficRoutes', [everything, cartOnly(split)]],
    [
      'in a mesh of MeshHTTPRoutes',
      [httpRoute('cart', [rule([path('/api', jason)], backend('v2')), rule([path('/')], backend('v1', 90), backend('v2', 10))])],
    ],
  ])('%s', (_, objects) => {
    expect(found([...shop, ...objects], kuma(), true)).toEqual([]);
  });
});

describe('Services', () => {
  test('sidecars asked for by an annotation', () => {
    const home = {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'shop', annotations: { 'kuma.io/sidecar-injection': 'enabled' } },
    };
    expect(found([mesh(), home])).toEqual(['error injection-annotation shop /metadata/annotations/kuma.io~1sidecar-injection']);
  });

  test('a port that seems to be http and does not say so to Kuma', () => {
    const port = (more: Record<string, unknown>) => service('web', { appProtocol: undefined, ...more });
    const inShop = (object: KubeObject) => found([mesh(), namespace('shop'), object], kuma(), true);
    expect(inShop(port({ name: 'http' }))).toEqual(['warning protocol-unset web /spec/ports/0']);
    expect(inShop(port({}))).toEqual(['info protocol-unset web /spec/ports/0']);
    expect(inShop(port({ name: 'postgres', port: 5432 }))).toEqual([]);
    expect(inShop(service('web', { name: 'http' }))).toEqual([]);
    // Outside the mesh it is nobody's business.
    expect(found([mesh(), namespace('shop', {}), port({ name: 'http' })], kuma(), true)).toEqual([]);
  });
});

describe('TrafficRoutes', () => {
  test('the first of a mesh cuts off the Services that none is for', () => {
    expect(found([...shop, cartOnly(split)])).toEqual(['error no-traffic-route cart /spec/destinations']);
  });

  test('callers that none is for', () => {
    const some = trafficRoute('cart', { sources: [{ match: { 'kuma.io/service': 'web_shop_svc_80' } }] });
    expect(found([...shop, some])).toEqual(['warning no-traffic-route cart /spec/sources']);
  });

  test('as a Markdown editor left it', () => {
    const escaped = trafficRoute(
      'cart',
      {
        destinations: [{ match: { 'kuma.io/service': 'cart\\_shop\\_svc\\_80' } }],
        conf: { destination: { 'kuma.io/service': 'cart\\_shop\\_svc\\_80' } },
      },
      { namespace: 'shop' },
    );
    expect(found([...shop, everything, escaped])).toEqual([
      'error tag-backslash cart /spec/destinations/0/match/kuma.io~1service',
      'error tag-backslash cart /spec/conf/destination/kuma.io~1service',
      'warning traffic-route-namespace cart /metadata/namespace',
    ]);
  });

  test('what nobody has: a Service, a version', () => {
    const lost = cartOnly({
      split: [
        { weight: 1, destination: { 'kuma.io/service': 'crat_shop_svc_80' } },
        { weight: 1, destination: toCart('v9') },
      ],
    });
    expect(found([...shop, everything, lost])).toEqual([
      'error service-missing cart /spec/conf/split/0/destination/kuma.io~1service',
      'error tag-without-pods cart /spec/conf/split/1/destination/version',
    ]);
    const [missing] = lint(observeObjects([...shop, everything, lost], queries), kuma());
    expect(missing?.fix).toBe('did you mean cart_shop_svc_80?');
  });

  test('two for the same callers and Service', () => {
    expect(found([...shop, everything, cartOnly(split, 'a'), cartOnly(split, 'b')])).toEqual([
      'warning traffic-route-tie b /spec/destinations',
    ]);
  });

  test('rules for requests to what is not http, and rules that none reaches', () => {
    const item = (prefix: string, version: string) => ({ match: { path: { prefix } }, destination: toCart(version) });
    expect(found([...shop, everything, cartOnly({ http: [item('/a', 'v1'), item('/ab', 'v2')], destination: toCart('v1') })])).toEqual([
      'warning rule-unreached cart /spec/conf/http/1',
    ]);
    const tcp = shop.map((object) =>
      object.kind === 'Service' ? service(String((object.metadata as { name: string }).name), { appProtocol: 'tcp' }) : object,
    );
    expect(found([...tcp, everything, cartOnly({ http: [item('/a', 'v1')], destination: toCart('v1') })])).toEqual([
      'error http-rules-on-tcp cart /spec/conf/http',
    ]);
  });

  test('Kuma 3 does not know them', () => {
    expect(found([...shop, everything], kuma('3.0.0'))).toEqual(['error traffic-route-ignored route-all /kind']);
  });
});

describe('MeshHTTPRoutes', () => {
  test.each<[string, readonly KubeObject[], readonly string[]]>([
    [
      'about nothing',
      [httpRoute('r', [rule([path('/')], backend('v1'))], { to: 'crat_shop_svc_80' })],
      ['error service-missing r /spec/to/0/targetRef/name'],
    ],
    [
      'by a name where the mesh has tags only',
      [httpRoute('r', [rule([path('/')], backend('v1'))], { to: 'cart' })],
      ['error service-missing r /spec/to/0/targetRef/name'],
    ],
    [
      'to a version without Pods',
      [httpRoute('r', [rule([path('/')], backend('v9'))])],
      ['error tag-without-pods r /spec/to/0/rules/0/default/backendRefs/0/tags/version'],
    ],
    [
      'with a weight left away',
      [httpRoute('r', [rule([path('/')], backend('v1', 90), backend('v2'))])],
      ['warning weight-omitted r /spec/to/0/rules/0/default/backendRefs/1'],
    ],
    [
      'without any weight',
      [httpRoute('r', [rule([path('/')], backend('v1', 0), backend('v2', 0))])],
      ['warning weights-all-zero r /spec/to/0/rules/0/default/backendRefs'],
    ],
    [
      'that loses by its missing path',
      [httpRoute('r', [rule([jason], backend('v2')), rule([path('/api')], backend('v1'))])],
      ['warning rule-loses r /spec/to/0/rules/0'],
    ],
    [
      'that none reaches',
      [httpRoute('r', [rule([jason], backend('v2')), rule([path('/')], backend('v1'))])],
      ['warning rule-unreached r /spec/to/0/rules/0'],
    ],
    [
      'beside another with the same match',
      [httpRoute('a', [rule([path('/')], backend('v1'))]), httpRoute('b', [rule([path('/')], backend('v2'))])],
      ['warning rule-merged b /spec/to/0/rules/0'],
    ],
    [
      'beside TrafficRoutes',
      [everything, httpRoute('r', [rule([path('/')], backend('v1'))])],
      ['warning traffic-routes-idle r /spec/targetRef'],
    ],
    [
      'of a mesh that is not there',
      [httpRoute('r', [], { labels: { 'kuma.io/mesh': 'other' } })],
      ['error mesh-missing r /metadata/labels/kuma.io~1mesh'],
    ],
  ])('one %s', (_, objects, expected) => {
    expect(found([...shop, ...objects])).toEqual(expected);
  });

  test('for a Service that is TCP to Kuma', () => {
    const tcp = shop.map((object) =>
      object.kind === 'Service' ? service(String((object.metadata as { name: string }).name), { appProtocol: 'tcp' }) : object,
    );
    expect(found([...tcp, httpRoute('r', [rule([path('/')], backend('v1'))])])).toEqual(['error http-rules-on-tcp r /spec/to/0/targetRef']);
  });

  test('those of heddle are passed over', () => {
    const labels = ownerLabels({ kind: 'session', namespace: 'shop', id: 'abc' });
    expect(found([...shop, everything, httpRoute('r', [rule([jason], backend('v9'))], { labels })])).toEqual([]);
  });

  test('by a port that its MeshService does not have', () => {
    const named = (sectionName: string): KubeObject => ({
      ...httpRoute('a', []),
      metadata: { name: 'a', namespace: 'shop', labels: { 'kuma.io/mesh': 'default' } },
      spec: {
        to: [
          {
            targetRef: { kind: 'MeshService', name: 'cart', sectionName },
            rules: [rule([path('/')], { kind: 'MeshService', name: 'web', port: 80 })],
          },
        ],
      },
    });
    const exclusive = [mesh('default', 'Exclusive'), ...shop.slice(1)];
    const findings = (sectionName: string) => lint(observeObjects([...exclusive, named(sectionName)], queries), kuma());
    expect(findings('80')).toEqual([]);
    expect(findings('admin')).toMatchObject([
      {
        code: 'service-missing',
        message: 'MeshHTTPRoute shop/a: MeshService cart has no port admin: the item is about nothing',
        pointer: '/spec/to/0/targetRef/sectionName',
        fix: 'name one that it has: 80',
      },
    ]);
  });

  test('by the names of MeshServices', () => {
    const own = (name: string): KubeObject => ({
      apiVersion: 'kuma.io/v1alpha1',
      kind: 'MeshHTTPRoute',
      metadata: { name: 'r', namespace: 'shop', labels: { 'kuma.io/mesh': 'default' } },
      spec: {
        targetRef: { kind: 'Mesh' },
        to: [{ targetRef: { kind: 'MeshService', name }, rules: [rule([path('/')], { kind: 'MeshService', name: 'web', port: 80 })] }],
      },
    });
    const resources = [mesh('default', 'Exclusive'), ...shop.slice(1)];
    expect(found([...resources, own('cart')])).toEqual([]);
    expect(found([...resources, own('crat')])).toEqual(['error service-missing r /spec/to/0/targetRef/name']);
  });
});
