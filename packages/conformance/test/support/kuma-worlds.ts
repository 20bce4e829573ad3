import type { KubeObject, Match, Str } from '@heddle/core';
import fc from 'fast-check';

const kube = (kind: string, name: string, rest: object, namespace = 'shop', metadata: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, namespace, ...metadata },
  ...rest,
});
const service = (name: string, selector: object = { app: name }) =>
  kube('Service', name, { spec: { clusterIP: '10.0.0.1', selector, ports: [{ port: 80, targetPort: 8080, appProtocol: 'http' }] } });
const pod = (name: string, labels: object) =>
  kube(
    'Pod',
    name,
    {
      spec: { containers: [{ name: 'app' }, { name: 'kuma-sidecar' }] },
      status: { phase: 'Running', podIP: '10.1.0.1', conditions: [{ type: 'Ready', status: 'True' }] },
    },
    'shop',
    { labels },
  );
const namespace = (name: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels: { 'kuma.io/sidecar-injection': 'enabled' } },
});
export const SESSIONS = ['t1a2b3c4d5e6', 't2a2b3c4d5e6'] as const;
const shadowOf = (id: string) => [
  service(`heddle-cart-${id}`, { 'heddle.dev/session': id }),
  pod(`heddle-cart-${id}`, { 'heddle.dev/session': id }),
];
/** Clients, two versions of cart, another service, and the shadows of two sessions. */
export const BASE: readonly KubeObject[] = [
  ...['shop', 'clients', 'kuma-system'].map(namespace),
  service('cart'),
  pod('cart-v1', { app: 'cart', version: 'v1' }),
  pod('cart-v2', { app: 'cart', version: 'v2' }),
  service('other'),
  pod('other-0', { app: 'other' }),
  pod('web-0', { app: 'web', env: 'dev' }),
  ...SESSIONS.flatMap(shadowOf),
];

const tag = (name: string) => `${name}_shop_svc_80`;
export const some = <T>(values: readonly T[]) => fc.constantFrom(...values);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const present = (record: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));

const path = some([
  { type: 'PathPrefix', value: '/' },
  { type: 'PathPrefix', value: '/api' },
  { type: 'PathPrefix', value: '/api/v1' },
  { type: 'Exact', value: '/api' },
  { type: 'Exact', value: '/a/b' },
  { type: 'RegularExpression', value: '/api.*' },
]);
const headers = some([
  [{ type: 'Exact', name: 'x-dev', value: 'alice' }],
  [{ type: 'Prefix', name: 'x-dev', value: 'al' }],
  [{ type: 'RegularExpression', name: 'x-env', value: 'q.*' }],
  [{ type: 'Present', name: 'x-env' }],
  [{ type: 'Absent', name: 'x-dev' }],
  [
    { type: 'Exact', name: 'x-env', value: 'qa' },
    { type: 'Exact', name: 'x-flag', value: '1' },
  ],
]);
const queryParams = some([[{ type: 'Exact', name: 'q', value: '1' }]]);
const routeMatch = fc
  .record({ path: maybe(path), method: maybe(some(['GET', 'POST'])), headers: maybe(headers), queryParams: maybe(queryParams) })
  .map(present);
const filters = some([
  undefined,
  undefined,
  [{ type: 'URLRewrite', urlRewrite: { path: { type: 'ReplaceFullPath', replaceFullPath: '/new' } } }],
  [{ type: 'RequestMirror', requestMirror: { backendRef: { kind: 'MeshService', name: tag('other') } } }],
  [{ type: 'RequestRedirect', requestRedirect: { hostname: 'example.com', statusCode: 301 } }],
]);
const version = (value: string, weight = 1) => ({ kind: 'MeshServiceSubset', name: tag('cart'), tags: { version: value }, weight });
const other = { kind: 'MeshService', name: tag('other'), weight: 1 };
const backendRefs = some([
  [version('v1')],
  [version('v1', 90), version('v2', 10)],
  [other],
  [other, version('v2')],
  [version('v1', 0)],
  undefined,
]);
const routeRule = fc
  .record({ matches: fc.array(routeMatch, { minLength: 1, maxLength: 2 }), filters, backendRefs })
  .map(({ matches, ...conf }) => ({ matches, default: present(conf) }));
const targetRef = some([undefined, undefined, { kind: 'MeshSubset', tags: { app: 'web' } }, { kind: 'Dataplane', labels: { env: 'dev' } }]);
const meshRoute = fc.record({
  name: some(['alpha', 'mike', 'zulu']),
  home: some(['kuma-system', 'kuma-system', 'shop', 'clients']),
  targetRef,
  dialled: some(['cart', 'cart', 'other']),
  /** By labels it is a consumer's in an application's namespace, and about MeshServices alone. */
  byLabels: some([false, false, true]),
  rules: fc.array(routeRule, { minLength: 1, maxLength: 3 }),
});
const toObject = ({
  name,
  home,
  targetRef: callers,
  dialled,
  byLabels,
  rules,
}: typeof meshRoute extends fc.Arbitrary<infer T> ? T : never): KubeObject => {
  const named = { kind: 'MeshService', name: tag(dialled), ...(home === 'clients' ? { namespace: 'shop' } : {}) };
  const labels = { 'kuma.io/display-name': dialled, 'k8s.kuma.io/namespace': 'shop' };
  const to = byLabels ? { kind: 'MeshService', labels } : named;
  return {
    ...kube('MeshHTTPRoute', name, { spec: present({ targetRef: callers, to: [{ targetRef: to, rules }] }) }, home, {
      labels: { 'kuma.io/mesh': 'default' },
    }),
    apiVersion: 'kuma.io/v1alpha1',
  };
};
const destination = (value: string | undefined, name = 'cart') => present({ 'kuma.io/service': tag(name), version: value });
const shares = some([
  { destination: destination('v1') },
  {
    split: [
      { weight: 90, destination: destination('v1') },
      { weight: 10, destination: destination('v2') },
    ],
  },
  { destination: destination(undefined, 'other') },
  {
    split: [
      { weight: 1, destination: destination('v1') },
      { weight: 1, destination: destination(undefined, 'other') },
    ],
  },
]);
const str = some([{ exact: 'alice' }, { prefix: 'al' }, { regex: 'a.*' }]);
/** As the webhook takes them: with a condition at least, and a prefix where one is replaced. */
const item = fc
  .record({
    match: fc
      .record({
        path: maybe(some([{ prefix: '/api' }, { exact: '/api' }, { regex: '/api.*' }, { prefix: '/' }])),
        method: maybe(some([{ exact: 'GET' }, { regex: 'GET|POST' }])),
        headers: maybe(some([{ 'x-dev': 1 }, { 'x-env': 1 }, { 'x-dev': 1, 'x-env': 1 }])),
        str,
      })
      .map(({ headers: names, str: is, ...rest }) =>
        present({ ...rest, headers: names && Object.fromEntries(Object.keys(names).map((name) => [name, is])) }),
      )
      .filter((match) => Object.keys(match).length > 0),
    modify: some([
      undefined,
      undefined,
      { requestHeaders: { add: [{ name: 'x-from', value: 'mesh' }] } },
      { path: { rewritePrefix: '/new' } },
    ]),
    to: shares,
  })
  .filter(({ match, modify }) => modify?.path === undefined || JSON.stringify(match.path)?.includes('prefix') === true)
  .map(({ match, modify, to }) => present({ match, modify, ...to }));
const trafficRoute = fc
  .record({
    name: some(['alpha', 'mike', 'zulu']),
    source: some([{ 'kuma.io/service': '*' }, { 'kuma.io/service': '*', app: 'web' }]),
    destinations: some([['*'], [tag('cart')], [tag('other')], [tag('cart'), tag('other')]]),
    http: fc.array(item, { maxLength: 3 }),
    conf: some([
      { destination: { 'kuma.io/service': '*' } },
      { destination: { 'kuma.io/service': '*' } },
      ...[90, 0].map((weight) => ({
        split: [
          { weight, destination: destination('v1') },
          { weight: 10, destination: destination('v2') },
        ],
      })),
    ]),
    minute: fc.integer({ min: 1, max: 3 }),
  })
  .map(
    ({ name, source, destinations, http, conf, minute }): KubeObject => ({
      apiVersion: 'kuma.io/v1alpha1',
      kind: 'TrafficRoute',
      mesh: 'default',
      metadata: { name, creationTimestamp: `1969-01-01T00:0${minute}:00Z` },
      spec: {
        sources: [{ match: source }],
        destinations: destinations.map((value) => ({ match: { 'kuma.io/service': value } })),
        conf: { ...conf, ...(http.length === 0 ? {} : { http }) },
      },
    }),
  );
const unique = (objects: readonly KubeObject[]) => [
  ...new Map(objects.map((object) => [JSON.stringify([object.kind, (object.metadata as { name: string }).name]), object])).values(),
];
const mesh = some([undefined, 'Everywhere', 'Exclusive']).map((mode) => ({
  apiVersion: 'kuma.io/v1alpha1',
  kind: 'Mesh',
  metadata: { name: 'default' },
  spec: mode === undefined ? {} : { meshServices: { mode } },
}));
const plainMesh = { apiVersion: 'kuma.io/v1alpha1', kind: 'Mesh', metadata: { name: 'default' }, spec: {} };
/** What users have written: MeshHTTPRoutes, or TrafficRoutes. Older than what the object cluster creates, which begins in 1970. */
export const worlds = fc.oneof(
  fc.tuple(mesh, fc.array(meshRoute, { maxLength: 3 })).map(([one, routes]) => [one, ...unique(routes.map(toObject))]),
  fc.array(trafficRoute, { minLength: 1, maxLength: 3 }).map((routes) => [plainMesh, ...unique(routes)]),
);

const is: fc.Arbitrary<Str> = some<Str>([
  { exact: 'alice' },
  { exact: 'bob' },
  { prefix: 'al' },
  { regex: 'a.*' },
  { present: true },
  { absent: true },
]);
/** What a session asks for. */
export const declared: fc.Arbitrary<Match> = fc
  .record({
    path: maybe(
      some([
        { kind: 'segmentPrefix', value: '/api' } as const,
        { kind: 'exact', value: '/api' } as const,
        { kind: 'regex', value: '/api.*' } as const,
      ]),
    ),
    method: maybe(some([{ exact: 'GET' }])),
    headers: fc.array(fc.record({ name: some(['x-dev', 'x-env', 'x-heddle']), is }), { minLength: 1, maxLength: 2 }),
    query: maybe(some([[{ name: 'q', is: { exact: '1' } }]])),
  })
  .map((match) => present(match) as Match);
