import {
  answer,
  type Destination,
  evaluate,
  type KubeObject,
  type Match,
  type MeshEnvironment,
  type PathMatch,
  parseRequest,
  type RouteTable,
  type Rule,
  type Str,
  type View,
  viewHolds,
} from '@heddle/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adapter } from '../src/index.js';
import { applied, decodeAll, plain } from './support/converted.js';
import { from, kuma, mesh, namespace, pod, service } from './support/mesh-objects.js';

const HOST = 'cart.shop.svc.cluster.local';
const versions = ['v1', 'v2', 'v3'];
const cluster: readonly KubeObject[] = [
  mesh(),
  namespace('shop'),
  service('cart'),
  service('copy'),
  ...versions.map((version) => pod(`cart-${version}`, { app: 'cart', version })),
  pod('copy-0', { app: 'copy' }),
];

const to = (version: string, weight = 1): Destination => ({
  host: HOST,
  port: 80,
  labels: { version },
  weight,
  endpoints: [{ namespace: 'shop', name: `cart-${version}` }],
});
const own: Destination = {
  host: HOST,
  port: 80,
  weight: 1,
  endpoints: versions.map((one) => ({ namespace: 'shop', name: `cart-${one}` })),
};
const copies = {
  destination: { ...own, host: 'copy.shop.svc.cluster.local', endpoints: [{ namespace: 'shop', name: 'copy-0' }] },
  percent: 50,
};

const PAY = { app: 'web', team: 'pay' };
const some: View = { plane: 'mesh', clients: { labels: { team: 'pay' } } };
const others: View = { plane: 'mesh', clients: {}, except: [{ labels: { team: 'pay' } }] };

const is = (kinds: readonly Str[]) => fc.constantFrom<Str>(...kinds);
const plainStr = is([
  { exact: '1' },
  { exact: '2' },
  { prefix: '1' },
  { prefix: '' },
  { present: true },
  { absent: true },
  { not: { exact: '1' } },
]);
const anyStr = fc.oneof(plainStr, is([{ regex: '[0-9]+' }, { regex: '1|x' }, { not: { regex: '1.*' } }, { not: { present: true } }]));
const paths = fc.constantFrom<PathMatch>(
  ...(['/a', '/a/b', '/b'] as const).flatMap((value): PathMatch[] => [
    { kind: 'exact', value },
    { kind: 'segmentPrefix', value },
    { kind: 'rawPrefix', value },
  ]),
  { kind: 'segmentPrefix', value: '/' },
  { kind: 'rawPrefix', value: '/a/' },
  { kind: 'regex', value: '/[ab]' },
  { kind: 'regex', value: '/a.*' },
  { kind: 'exact', value: '/A', ignoreCase: true },
);

const matches = (str: fc.Arbitrary<Str>, withQuery: boolean): fc.Arbitrary<Match> =>
  fc
    .record(
      {
        path: paths,
        method: is([{ exact: 'GET' }, { exact: 'POST' }, { not: { exact: 'GET' } }, { regex: 'GET|PUT' }]),
        authority: is([{ exact: 'cart' }, { prefix: 'cart' }]),
        scheme: is([{ exact: 'http' }, { exact: 'https' }]),
        h: str,
        k: str,
        q: is([{ exact: '1' }, { prefix: '1' }, { present: true }]),
      },
      { requiredKeys: [] },
    )
    .map(({ h, k, q, ...match }) => ({
      ...match,
      headers: [...(h === undefined ? [] : [{ name: 'h', is: h }]), ...(k === undefined ? [] : [{ name: 'k', is: k }])],
      ...(q === undefined || !withQuery ? {} : { query: [{ name: 'q', is: q }] }),
    }));

const sent = fc.record({
  action: fc.constantFrom<Rule['action']>({ to: [to('v1')] }, { to: [to('v2', 3), to('v3', 1)] }, { to: [own] }, { to: [to('v3')] }),
  rewrite: fc.option(fc.constantFrom<NonNullable<Rule['rewrite']>>({ path: { full: '/new' } }, { authority: 'x.example' }), {
    nil: undefined,
  }),
});

const rules = (match: fc.Arbitrary<Match>, more: fc.Arbitrary<Partial<Rule>>): fc.Arbitrary<readonly Rule[]> =>
  fc.array(fc.record({ match: fc.array(match, { minLength: 1, maxLength: 2 }), does: sent, more }), { maxLength: 5 }).map((all) =>
    all.map(({ match: own, does, more: beside }, index): Rule => {
      const { rewrite, action } = does;
      const rewritten = rewrite === undefined ? {} : { rewrite };
      return { match: own, action, ...rewritten, ...beside, owner: 'foreign', origins: [], label: `rule ${index}` };
    }),
  );

const table = (all: readonly Rule[], otherwise: RouteTable['otherwise'], normalised: boolean): RouteTable => ({
  view: { plane: 'mesh', clients: {} },
  domains: ['*'],
  port: 80,
  protocol: 'http',
  rules: all,
  otherwise,
  ...(normalised ? { pathNormalisation: 'base' as const } : {}),
});

const requests = ['GET', 'POST', 'PUT'].flatMap((method) =>
  ['/', '/a', '/a/', '/a/b', '/ab', '/b', '/A', '/a/b/c?q=1', '/b?q=12', '/c?q='].flatMap((path) =>
    [
      [],
      [['h', '1']],
      [
        ['h', '12'],
        ['k', '1'],
      ],
      [['k', '2']],
      [
        ['h', 'x'],
        ['k', ''],
      ],
    ].map((headers) => parseRequest({ method, url: `http://cart${path}`, headers: headers as [string, string][] })),
  ),
);

/** What differs after tables have been written as the mesh's objects and read again, and what was lost. */
function roundTrip(tables: readonly RouteTable[], env: MeshEnvironment) {
  const routing = { services: [{ namespace: 'shop', name: 'cart', ports: [{ port: 80 }], tables }], objects: cluster };
  const rendered = (adapter.render as NonNullable<typeof adapter.render>)(routing, env);
  const invalid = rendered.objects.flatMap((object) => adapter.validate?.(object, env) ?? []);
  const target = { services: [{ namespace: 'shop', name: 'cart', port: 80 }] };
  const after = decodeAll(adapter, applied(cluster, rendered, env), target, env);
  const different = [from(), from(PAY)].flatMap((client) => {
    const written = tables.find(({ view }) => viewHolds(view, client));
    if (written === undefined) return [];
    return requests.flatMap((request) => {
      const was = evaluate(written, request, { envoy: '1.38.2' });
      const now = answer(after.tables, client, request, { envoy: '1.38.2' });
      const decided = written.rules.find(({ label }) => label === was.route);
      const isTold = rendered.losses.some((loss) => loss.table === written && loss.rule === decided);
      if (JSON.stringify(plain(was)) === JSON.stringify(plain(now)) || isTold) return [];
      return [{ request: `${request.method} ${request.path} ${JSON.stringify(request.headers)}`, was: plain(was), now: plain(now) }];
    });
  });
  return { rendered, different, invalid };
}

const otherwise = fc.constantFrom<RouteTable['otherwise']>({ status: 404 }, { to: [own] }, { to: [to('v2')] });
const rewritten = fc.constantFrom<Partial<Rule>>(
  {},
  { rewrite: { path: { prefix: '/p' } } },
  { rewrite: { path: { regex: '/a(.*)', substitution: '/z\\1' } } },
);

describe('a table is the same after it was written and read', () => {
  it('as MeshHTTPRoutes, without a loss where Kuma can say it', () => {
    const beside = fc.constantFrom<Partial<Rule>>(
      {},
      { mirrors: [copies] },
      { headers: { request: { set: { 'x-a': '1' }, remove: ['x-b'] } } },
    );
    fc.assert(
      fc.property(
        rules(matches(is([{ exact: '1' }, { prefix: '1' }, { present: true }, { absent: true }]), true), beside),
        fc.constantFrom<RouteTable['otherwise']>({ status: 404 }, { to: [own] }, { to: [to('v2')] }),
        (all, last) => {
          const { rendered, different, invalid } = roundTrip([table(all, last, true)], kuma());
          expect(different).toEqual([]);
          expect(invalid).toEqual([]);
          expect(rendered.losses.filter(({ code }) => code !== 'not-found')).toEqual([]);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('or what is lost is told, whatever it says', () => {
    const beside = fc.constantFrom<Partial<Rule>>(
      {},
      { rewrite: { path: { prefix: '/p' } } },
      { action: { redirect: { code: 301, path: { prefix: '/r' } } } },
      { fault: { abort: { percent: 100, status: 418 } } },
    );
    for (const env of [kuma(), kuma('3.0.0'), kuma('2.14.3', { meshServices: 'Exclusive' })]) {
      fc.assert(
        fc.property(rules(matches(anyStr, true), beside), otherwise, (all, last) => {
          const { different, invalid } = roundTrip([table(all, last, true)], env);
          expect(different).toEqual([]);
          expect(invalid).toEqual([]);
        }),
        { numRuns: 15 },
      );
    }
  });

  it('as TrafficRoutes, without a loss where these can say it', () => {
    fc.assert(
      fc.property(
        rules(matches(plainStr, false), rewritten),
        fc.constantFrom<RouteTable['otherwise']>({ to: [own] }, { to: [to('v2')] }),
        (all, last) => {
          const { rendered, different, invalid } = roundTrip([table(all, last, false)], kuma('2.14.3', { routing: 'TrafficRoute' }));
          expect(different).toEqual([]);
          expect(invalid).toEqual([]);
          expect(rendered.losses).toEqual([]);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('for callers who are told apart, too', () => {
    const same = rules(matches(plainStr, true), rewritten);
    for (const env of [kuma(), kuma('3.0.0'), kuma('2.14.3', { routing: 'TrafficRoute' })]) {
      fc.assert(
        fc.property(same, otherwise, same, otherwise, (mine, last, all, end) => {
          const tables = [
            { ...table(mine, last, true), view: some },
            { ...table(all, end, true), view: others },
          ];
          expect(roundTrip(tables, env).different).toEqual([]);
        }),
        { numRuns: 6 },
      );
    }
  });
});
