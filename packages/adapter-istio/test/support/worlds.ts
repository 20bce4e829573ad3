import { evaluate, type Intent, type KubeObject, type Match, type Request, type RouteTable } from '@heddle/core';
import fc from 'fast-check';
import { gateway, pod, service, virtualService } from './objects.js';

const maybe = <K extends string, T>(key: K, value: fc.Arbitrary<T>) =>
  fc.option(value, { nil: undefined, freq: 2 }).map((found) => (found === undefined ? {} : { [key]: found }));
const join = (...parts: fc.Arbitrary<object>[]) =>
  fc.tuple(...parts).map((found) => Object.assign({}, ...found) as Record<string, unknown>);

const value = fc.constantFrom('alice', 'bob', 'al', '');
const string = fc.oneof(
  value.map((exact) => ({ exact })),
  fc.constantFrom('a', 'al', 'bo').map((prefix) => ({ prefix })),
  fc.constantFrom('al.*', 'bob', '[ab].+').map((regex) => ({ regex })),
  fc.constant({}),
);
const uri = fc.oneof(
  fc.constantFrom('/', '/api', '/api/v1', '/web').map((prefix) => ({ prefix })),
  fc.constantFrom('/', '/api', '/web/x').map((exact) => ({ exact })),
  fc.constantFrom('.*', '/api.*').map((regex) => ({ regex })),
);
const headerName = fc.constantFrom('x-dev', 'X-Dev', 'x-other');
const match = join(
  maybe('uri', uri),
  maybe('headers', fc.dictionary(headerName, string, { maxKeys: 2 })),
  maybe('withoutHeaders', fc.dictionary(headerName, string, { maxKeys: 1 })),
  maybe('method', fc.constantFrom({ exact: 'GET' }, { exact: 'POST' }, { regex: 'G.*' })),
  maybe(
    'queryParams',
    fc.dictionary(fc.constantFrom('v'), fc.constantFrom({ exact: '1' }, { exact: '2' }, { prefix: '1' }), { maxKeys: 1 }),
  ),
  maybe('ignoreUriCase', fc.constant(true)),
  maybe('gateways', fc.constantFrom(['mesh'], ['front'])),
  fc.oneof({ weight: 5, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: fc.constant({ sourceLabels: { app: 'web' } }) }),
  fc.oneof(
    { weight: 5, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: fc.constantFrom({ port: 8080 }, { port: 80 }, { port: 9090 }) },
  ),
);
const destination = join(
  fc.constantFrom({ host: 'cart' }, { host: 'cart' }, { host: 'cart.shop.svc.cluster.local' }, { host: 'web' }),
  maybe('port', fc.constant({ number: 8080 })),
);
const route = fc.oneof(
  destination.map((one) => [{ destination: one }]),
  fc.tuple(destination, destination).map(([a, b]) => [
    { destination: a, weight: 30 },
    { destination: b, weight: 70 },
  ]),
);
const action = fc.oneof(
  {
    weight: 6,
    arbitrary: route.chain((found) =>
      join(
        fc.constant({ route: found }),
        maybe('rewrite', fc.constantFrom({ uri: '/new' }, { authority: 'x.test' })),
        maybe('mirror', fc.constant({ host: 'web' })),
        maybe('fault', fc.constant({ abort: { percentage: { value: 100 }, httpStatus: 418 } })),
      ),
    ),
  },
  { weight: 1, arbitrary: fc.constant({ redirect: { uri: '/gone' } }) },
  { weight: 1, arbitrary: fc.constant({ directResponse: { status: 204 } }) },
);
const rule = join(
  maybe('name', fc.constantFrom('first', 'second')),
  maybe('match', fc.array(match, { minLength: 1, maxLength: 2 })),
  action,
  maybe('timeout', fc.constantFrom('1s', '2s')),
  maybe('novel', fc.constant({ kept: true })),
);
const rules = fc.array(rule, { minLength: 1, maxLength: 4 });

/** Services `cart` (one or two ports) and `web`, a gateway, and VirtualServices on either plane. */
export const worlds: fc.Arbitrary<readonly KubeObject[]> = fc
  .record({
    ports: fc.constantFrom([8080], [8080], [8080, 9090]),
    mesh: fc.option(rules, { nil: undefined }),
    gateways: fc.constantFrom(undefined, undefined, ['mesh', 'front']),
    hosts: fc.constantFrom(['cart'], ['cart'], ['cart', 'cart.example.com']),
    edge: fc.option(rules, { nil: undefined }),
  })
  .map(({ ports, mesh, gateways, hosts, edge }) => [
    service('cart', ports),
    service('web'),
    ...['cart', 'web'].map((name) => pod(`${name}-1`, { app: name })),
    gateway('front', ['*']),
    pod('gw', { istio: 'ingressgateway' }),
    ...(mesh === undefined ? [] : [virtualService('inner', { hosts, ...(gateways === undefined ? {} : { gateways }), http: mesh })]),
    ...(edge === undefined ? [] : [virtualService('edge', { hosts: ['edge.example.com'], gateways: ['front'], http: edge })]),
  ]);

/** What sessions match by; two owners get different ones of these. */
export const matches: fc.Arbitrary<Match> = fc.constantFrom<Match>(
  { headers: [{ name: 'x-dev', is: { exact: 'alice' } }] },
  { headers: [{ name: 'x-dev', is: { regex: 'al.*' } }] },
  {
    headers: [
      { name: 'x-dev', is: { not: { exact: 'bob' } } },
      { name: 'x-other', is: { present: true } },
    ],
  },
  { headers: [{ name: 'x-other', is: { absent: true } }], path: { kind: 'segmentPrefix', value: '/api' } },
  { path: { kind: 'exact', value: '/api' } },
  { path: { kind: 'rawPrefix', value: '/w' }, method: { exact: 'GET' } },
  { query: [{ name: 'v', is: { exact: '1' } }] },
);

/** Of everybody's requests or of some: where they go, what is mirrored, what fails. In the order in which core has them count. */
export const standingIntents: fc.Arbitrary<readonly Intent[]> = fc
  .array(
    fc.tuple(
      fc.oneof(
        fc.constant([]),
        matches.map((one) => [one]),
      ),
      fc.oneof(
        fc.constantFrom({ v1: 70, v2: 30 }, { v2: 100 }).map((weights) => ({
          to: Object.entries(weights).map(([version, weight]) => ({ version, weight })),
        })),
        fc.constantFrom(10, 1.13).map((percent) => ({ mirror: { version: 'v2', percent } })),
        fc.constantFrom({ delay: { percent: 50, ms: 1500 } }, { abort: { percent: 100, status: 503 } }).map((fault) => ({ fault })),
      ),
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((all) => all.map(([match, action]): Intent => ({ match, ...action })))
  .map((all) => [...all.filter(({ match }) => match.length > 0), ...all.filter(({ match }) => match.length === 0)]);

/** Whether any of ORed matches holds of a request; none at all is every request. */
export function satisfies(match: readonly Match[], request: Request): boolean {
  const view = { plane: 'mesh' as const, clients: {} };
  const rules = [{ match, action: { status: 500 as const }, owner: 'foreign' as const, origins: [] }];
  const table: RouteTable = { view, domains: ['*'], port: request.port, protocol: 'http', rules, otherwise: { status: 404 } };
  return evaluate(table, request, { envoy: '1.40.0' }).status === 500;
}

const paths = ['/', '/api', '/api/v1/x', '/apiary', '/web', '/web/x', '/API', '/w?v=1', '/?v=2', '/api?v=1'];
const headers: readonly (readonly (readonly [string, string])[])[] = [
  [],
  [['x-dev', 'alice']],
  [['X-Dev', 'bob']],
  [['x-dev', '']],
  [
    ['x-dev', 'al'],
    ['x-other', 'alice'],
  ],
  [
    ['x-dev', 'alice'],
    ['x-dev', 'bob'],
  ],
  [['x-other', 'bob']],
];

/** A grid of requests to the hosts of these worlds. */
export const requests: readonly Request[] = ['GET', 'POST'].flatMap((method) =>
  paths.flatMap((path) =>
    headers.flatMap((list) =>
      [
        { host: 'cart', port: 8080 },
        { host: 'cart', port: 9090 },
        { host: 'web', port: 8080 },
        { host: 'cart.example.com', port: 80 },
        { host: 'edge.example.com', port: 80 },
      ].map(
        ({ host, port }): Request => ({
          method,
          scheme: 'http',
          host,
          port,
          authority: port === 80 ? host : `${host}:${port}`,
          path,
          headers: list,
        }),
      ),
    ),
  ),
);
