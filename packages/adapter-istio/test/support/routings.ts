import {
  type Action,
  type ClientSet,
  type Destination,
  type KubeObject,
  labelsMatch,
  type Match,
  metaOf,
  type RoutedService,
  type RouteTable,
  type Routing,
  type Rule,
  type Str,
  type View,
} from '@heddle/core';
import fc from 'fast-check';
import { pod, service } from './objects.js';

const DOMAIN = 'shop.svc.cluster.local';
export const PODS: readonly KubeObject[] = ['cart', 'web'].flatMap((app) =>
  ['v1', 'v2'].map((version) => pod(`${app}-${version}`, { app, version })),
);
const podsOf = (app: string, version?: string) =>
  PODS.map(metaOf)
    .filter(({ labels }) => labelsMatch({ app, ...(version === undefined ? {} : { version }) }, labels))
    .map(({ namespace = '', name }) => ({ namespace, name }));

const to = (name: string, port: number, version?: string): Omit<Destination, 'weight'> => ({
  host: `${name}.${DOMAIN}`,
  port,
  ...(version === undefined ? {} : { version, labels: { version } }),
  endpoints: podsOf(name, version),
});

const destination = (port: number): fc.Arbitrary<Omit<Destination, 'weight'>> =>
  fc.constantFrom(
    to('cart', port),
    to('cart', port, 'v1'),
    to('cart', port, 'v1'),
    to('cart', port, 'v2'),
    to('cart', port, 'v3'),
    to('web', 8080),
    to('web', 8080, 'v2'),
    { host: `nobody.${DOMAIN}`, port, endpoints: 'no-cluster' },
    { host: `cart.${DOMAIN}`, port, subset: 'gone', endpoints: 'no-cluster' },
  );

const some = <K extends string, T>(key: K, value: fc.Arbitrary<T>) =>
  fc.option(value, { nil: undefined, freq: 2 }).map((found) => (found === undefined ? {} : { [key]: found }));
const join = <T>(...parts: fc.Arbitrary<object>[]): fc.Arbitrary<T> => fc.tuple(...parts).map((found) => Object.assign({}, ...found) as T);

const plain: fc.Arbitrary<Exclude<Str, { absent: true } | { not: Str }>> = fc.constantFrom(
  { exact: 'alice' },
  { exact: '' },
  { prefix: 'al' },
  { prefix: '' },
  { regex: 'al.*' },
  { regex: 'bob|alice' },
  { present: true },
);
const str: fc.Arbitrary<Str> = fc.oneof(
  { weight: 4, arbitrary: plain },
  { weight: 1, arbitrary: fc.constant({ absent: true } as const) },
  { weight: 1, arbitrary: plain.map((not): Str => ({ not })) },
);
const path = join<NonNullable<Match['path']>>(
  fc.constantFrom(
    { kind: 'exact', value: '/api' },
    { kind: 'exact', value: '/web/x' },
    { kind: 'segmentPrefix', value: '/api' },
    { kind: 'segmentPrefix', value: '/api/' },
    { kind: 'segmentPrefix', value: '/' },
    { kind: 'rawPrefix', value: '/ap' },
    { kind: 'rawPrefix', value: '/' },
    { kind: 'regex', value: '/api(/v[0-9]+)?' },
    { kind: 'regex', value: '.*' },
  ),
  fc.oneof({ weight: 4, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: fc.constant({ ignoreCase: true }) }),
);
const match: fc.Arbitrary<Match> = join(
  some('path', path),
  some('method', fc.constantFrom({ exact: 'GET' }, { exact: 'POST' }, { regex: 'P.*' })),
  some('authority', fc.constantFrom({ prefix: 'cart' }, { exact: 'cart.shop' })),
  some('headers', fc.array(fc.record({ name: fc.constantFrom('x-dev', 'x-other'), is: str }), { minLength: 1, maxLength: 3 })),
  some(
    'query',
    fc.array(fc.record({ name: fc.constant('v'), is: fc.constantFrom({ exact: '1' }, { prefix: '1' }, { regex: '1|2' }) }), {
      minLength: 1,
      maxLength: 1,
    }),
  ),
);

const percent = fc.constantFrom(100, 50, 0.5, 0);
const rewrite = join<NonNullable<Rule['rewrite']>>(
  some(
    'path',
    fc.constantFrom({ prefix: '/new' }, { prefix: '/' }, { prefix: '/new/' }, { full: '/all' }, { regex: '^/(a)', substitution: '/b\\1' }),
  ),
  some('authority', fc.constant('x.test')),
);
const forward = (port: number): fc.Arbitrary<Action> =>
  fc
    .array(fc.tuple(destination(port), fc.constantFrom(1, 2, 3, 10, 50, 90, 0)), { minLength: 1, maxLength: 3 })
    .map((all) => ({ to: all.map(([one, weight]) => ({ ...one, weight })) }));
const answered: fc.Arbitrary<Action> = fc.constantFrom<Action>(
  { redirect: { code: 301, path: { full: '/gone' } } },
  { redirect: { code: 302, path: { prefix: '/there' }, scheme: 'https' } },
  { redirect: { code: 307, authority: 'y.test', port: 8443 } },
  { redirect: { code: 302 } },
  { directResponse: { status: 418, body: 'short' } },
  { status: 404 },
  { status: 503 },
);
const forwarding = (port: number): fc.Arbitrary<Partial<Rule>> =>
  join(
    forward(port).map((action) => ({ action })),
    some('rewrite', rewrite),
    some('timeoutMs', fc.constantFrom(250, 1500, 15_000)),
    some(
      'mirrors',
      fc.array(fc.record({ destination: destination(port).map((one) => ({ ...one, weight: 1 })), percent }), {
        minLength: 1,
        maxLength: 2,
      }),
    ),
    some(
      'fault',
      join(
        some('delay', fc.record({ percent, ms: fc.constantFrom(7000, 20) })),
        some('abort', fc.record({ percent, status: fc.constantFrom(418, 503) })),
      ),
    ),
    some('preflight', fc.constantFrom('all' as const, [{ exact: 'https://a.test' }])),
    some('retry', fc.constant({ attempts: 3, retryOn: '5xx' })),
  );
const rule = (port: number): fc.Arbitrary<Rule> =>
  join(
    fc.record({ match: fc.array(match, { maxLength: 2 }) }),
    fc.oneof({ weight: 4, arbitrary: forwarding(port) }, { weight: 1, arbitrary: answered.map((action) => ({ action })) }),
    some('headers', fc.constantFrom({ request: { set: { 'x-a': '1' }, remove: ['x-b'] } }, { response: { add: { 'x-c': '2' } } })),
    fc.constant({ owner: 'foreign', origins: [] }),
  );

/** Callers cut into sets that have nothing in common and leave nobody out. */
const cuts: readonly (readonly { clients: ClientSet; except?: readonly ClientSet[] }[])[] = (() => {
  const [web, a, b] = [{ labels: { app: 'web' } }, { labels: { a: '1' } }, { labels: { b: '1' } }];
  const shop = { namespaces: ['shop'] };
  const webInShop = { ...shop, ...web };
  const everybody: ClientSet = {};
  return [
    [{ clients: everybody }],
    [{ clients: web }, { clients: everybody, except: [web] }],
    [{ clients: { namespaces: ['shop', 'two'] } }, { clients: everybody, except: [{ namespaces: ['shop', 'two'] }] }],
    [{ clients: webInShop }, { clients: web, except: [shop] }, { clients: everybody, except: [web] }],
    [
      { clients: webInShop },
      { clients: shop, except: [web] },
      { clients: web, except: [shop] },
      { clients: everybody, except: [shop, web] },
    ],
    [{ clients: a }, { clients: b, except: [a] }, { clients: everybody, except: [a, b] }],
    [
      { clients: { labels: { a: '1', b: '1' } } },
      { clients: a, except: [b] },
      { clients: b, except: [a] },
      { clients: everybody, except: [a, b] },
    ],
  ];
})();

type Content = Pick<RouteTable, 'rules' | 'otherwise'>;

const content = (port: number): fc.Arbitrary<Content> =>
  fc.record({
    rules: fc.array(rule(port), { maxLength: 4 }),
    otherwise: fc.oneof(
      { weight: 3, arbitrary: fc.constant<Action>({ to: [{ ...to('cart', port), weight: 1 }] }) },
      { weight: 2, arbitrary: fc.constant<Action>({ status: 404 }) },
      { weight: 1, arbitrary: answered },
    ),
  });

/** What one list says for everybody, with rules of their own for some; or something else altogether. */
const variant = (base: Content, port: number): fc.Arbitrary<Content> =>
  fc.oneof(
    fc.constant(base),
    content(port),
    fc
      .tuple(rule(port), fc.nat({ max: base.rules.length }))
      .map(([more, at]) => ({ ...base, rules: [...base.rules.slice(0, at), more, ...base.rules.slice(at)] })),
  );

const tablesOf = (views: readonly View[], port: number): fc.Arbitrary<readonly RouteTable[]> =>
  content(port)
    .chain((base) => fc.tuple(...views.map(() => variant(base, port))))
    .map((contents) =>
      contents.map((one, index) => ({
        view: views[index] ?? { plane: 'mesh', clients: {} },
        domains: ['*'],
        port,
        protocol: 'http',
        pathNormalisation: 'base',
        ...one,
      })),
    );

/** A Service `cart` with one or two ports and some sets of callers, and what is around it. */
export const routings: fc.Arbitrary<Routing> = fc
  .tuple(fc.constantFrom([8080], [8080, 9090]), fc.constantFrom(...cuts), fc.constantFrom(...cuts))
  .chain(([ports, first, second]) => {
    const views = (index: number) => (index === 0 ? first : second).map((one): View => ({ plane: 'mesh', ...one }));
    return fc.tuple(...ports.map((port, index) => tablesOf(views(index), port))).map((tables): Routing => {
      const routed: RoutedService = {
        namespace: 'shop',
        name: 'cart',
        selector: { app: 'cart' },
        ports: ports.map((port) => ({ port, name: `http-${port}` })),
        tables: tables.flat(),
      };
      return { services: [routed], objects: [service('cart', ports), service('web'), ...PODS] };
    });
  });
