import type { MeshEnvironment, Rule } from '@heddle/core';
import { describe, expect, test } from 'vitest';
import { env } from '../../test/support/objects.js';
import { IMPLICIT, jason, rendered, rule, table, to } from '../../test/support/rendered.js';
import { records } from '../decode/raw.js';
import { specOf } from '../encode/virtual-service.js';

test('a Service that its callers just reach needs nothing', () => {
  expect(rendered([table([])]).objects).toEqual([]);
  expect(rendered([table([rule(IMPLICIT)], { otherwise: { status: 404 } })]).objects).toEqual([]);
});

test('a rule, the rest, and the subsets that they name', () => {
  const { objects, losses, notes } = rendered([
    table([rule({ to: [to('v2')] }, { match: [jason] }), rule({ to: [to('v1', 3), to('v2', 1)] })]),
  ]);
  expect(objects).toEqual([
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: { name: 'cart', namespace: 'shop' },
      spec: {
        host: 'cart',
        subsets: [
          { name: 'v1', labels: { version: 'v1' } },
          { name: 'v2', labels: { version: 'v2' } },
        ],
      },
    },
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'cart', namespace: 'shop' },
      spec: {
        hosts: ['cart'],
        http: [
          { match: [{ headers: { 'end-user': { exact: 'jason' } } }], route: [{ destination: { host: 'cart', subset: 'v2' } }] },
          {
            route: [
              { destination: { host: 'cart', subset: 'v1' }, weight: 75 },
              { destination: { host: 'cart', subset: 'v2' }, weight: 25 },
            ],
          },
        ],
      },
    },
  ]);
  expect([losses, notes]).toEqual([[], []]);
});

test('rules that do the same are one, and none before the end says what the end says', () => {
  const api = { path: { kind: 'segmentPrefix', value: '/api' } } as const;
  const same = [
    rule({ to: [to('v1')] }, { match: [jason] }),
    rule({ to: [to('v1')] }, { match: [api] }),
    rule({ to: [to('v2')] }, { match: [{ method: { exact: 'PUT' } }] }),
  ];
  expect(rendered([table([...same, rule({ to: [to('v2')] })])]).http).toEqual([
    {
      match: [{ headers: { 'end-user': { exact: 'jason' } } }, { uri: { exact: '/api' } }, { uri: { prefix: '/api/' } }],
      route: [{ destination: { host: 'cart', subset: 'v1' } }],
    },
    { route: [{ destination: { host: 'cart', subset: 'v2' } }] },
  ]);
});

describe('shares', () => {
  const thirds = [table([rule({ to: [to(undefined), to('v1'), to('v2')] })])];
  const weights = ({ http }: ReturnType<typeof rendered>) => records(http[0]?.route).map(({ weight }) => weight);

  test('that are no whole percentages are written as they are', () => {
    const out = rendered(thirds);
    expect([weights(out), out.codes]).toEqual([[1, 1, 1], []]);
  });

  test('are the nearest percentages for a webhook that wants these', () => {
    const out = rendered(thirds, { env: { ...env, version: '1.14.6' } });
    expect([weights(out), out.codes]).toEqual([[34, 33, 33], ['weights']]);
  });
});

describe('the path at the destination', () => {
  const rewritten = (path: object, rewrite: Rule['rewrite']) =>
    rendered([table([rule({ to: [to('v1')] }, { match: [{ path } as never], ...(rewrite === undefined ? {} : { rewrite }) })])]).http[0]
      ?.rewrite;

  test.each([
    [{ kind: 'rawPrefix', value: '/api/' }, { prefix: '/new/' }, { uri: '/new/' }],
    [{ kind: 'segmentPrefix', value: '/api' }, { prefix: '/new' }, { uriRegexRewrite: { match: '^/api', rewrite: '/new' } }],
    [
      { kind: 'segmentPrefix', value: '/a.b', ignoreCase: true },
      { prefix: '/new' },
      { uriRegexRewrite: { match: '(?i)^/a\\.b', rewrite: '/new' } },
    ],
    [{ kind: 'segmentPrefix', value: '/api' }, { full: '/all' }, { uriRegexRewrite: { match: '.*', rewrite: '/all' } }],
    [{ kind: 'exact', value: '/api' }, { full: '/all' }, { uri: '/all' }],
    [
      { kind: 'regex', value: '/a.*' },
      { regex: '^/(a)', substitution: '/b/\\1' },
      { uriRegexRewrite: { match: '^/(a)', rewrite: '/b/\\1' } },
    ],
  ])('of %j with %j is %j', (path, rewrite, expected) => expect(rewritten(path, { path: rewrite })).toEqual(expected));
});

test('a redirect of what is below a path takes a rule for the path itself', () => {
  const match = [{ path: { kind: 'segmentPrefix', value: '/old' } as const }];
  expect(rendered([table([rule({ redirect: { code: 302, path: { prefix: '/new' } } }, { match })])]).http.slice(0, 2)).toEqual([
    { match: [{ uri: { exact: '/old' } }], redirect: { uri: '/new', redirectCode: 302 } },
    { match: [{ uri: { prefix: '/old/' } }], redirect: { prefixRewrite: '/new/', redirectCode: 302 } },
  ]);
});

test('callers that others are an exception to come last, and a 404 of one is said where a later rule would answer', () => {
  const web = { labels: { app: 'web' } };
  const own = table([rule({ to: [to('v2')] }, { match: [jason] })], { view: { plane: 'mesh', clients: web }, otherwise: { status: 404 } });
  const others = table([rule({ to: [to('v1')] })], { view: { plane: 'mesh', clients: {}, except: [web] } });
  const expected = [
    {
      match: [{ headers: { 'end-user': { exact: 'jason' } }, sourceLabels: { app: 'web' } }],
      route: [{ destination: { host: 'cart', subset: 'v2' } }],
    },
    { match: [{ sourceLabels: { app: 'web' } }], directResponse: { status: 404 } },
    { route: [{ destination: { host: 'cart', subset: 'v1' } }] },
  ];
  expect(rendered([others, own]).http).toEqual(expected);
  expect(rendered([own, { ...others, rules: [] }]).http).toEqual(expected.slice(0, 1));
});

test('what all callers have in common is said once, with the rules of some of them between', () => {
  const web = { labels: { app: 'web' } };
  const slow = rule({ to: [to('v2')] }, { match: [{ method: { exact: 'PUT' } }], timeoutMs: 1500 });
  const common = [rule({ to: [to('v2')] }, { match: [jason] }), rule({ to: [to('v1')] })];
  const own = table([...common.slice(0, 1), slow, ...common.slice(1)], { view: { plane: 'mesh', clients: web } });
  const { http } = rendered([own, table(common, { view: { plane: 'mesh', clients: {}, except: [web] } })]);
  expect(http.map(({ match }) => match)).toEqual([
    [{ headers: { 'end-user': { exact: 'jason' } } }],
    [{ method: { exact: 'PUT' }, sourceLabels: { app: 'web' } }],
    undefined,
  ]);
});

test('rules of one of two ports name it', () => {
  const ports = [
    { port: 8080, name: 'http' },
    { port: 9090, name: 'http-admin' },
  ];
  const admin = table([], { port: 9090, otherwise: { to: [{ ...to(), port: 9090 }] } });
  expect(rendered([table([rule({ to: [to('v1')] })]), admin], { ports }).http).toEqual([
    { match: [{ port: 8080 }], route: [{ destination: { host: 'cart', subset: 'v1' } }] },
  ]);
  const same = table([rule({ to: [{ ...to('v1'), port: 9090 }] })], { port: 9090 });
  expect(rendered([table([rule({ to: [to('v1')] })]), same], { ports }).http).toEqual([
    { route: [{ destination: { host: 'cart', subset: 'v1' } }] },
  ]);
});

describe('what a port speaks', () => {
  test('is said by the Service where Istio would not see requests', () => {
    const { objects, notes } = rendered([table([rule({ to: [to('v1')] })])], { ports: [{ port: 8080, name: 'tcp-web' }] });
    expect(objects[0]).toMatchObject({ kind: 'Service', spec: { ports: [{ port: 8080, name: 'tcp-web', appProtocol: 'http' }] } });
    expect(notes).toEqual([expect.stringContaining('appProtocol: http for port 8080')]);
  });

  test('may be connections, which are split as such', () => {
    const connections = table([rule({ to: [to('v1', 9), to('v2', 1)] })], { protocol: 'tcp' });
    const { tcp, http, losses } = rendered([connections], { ports: [{ port: 8080, name: 'tcp' }] });
    const at = (subset: string) => ({ destination: { host: 'cart', subset, port: { number: 8080 } } });
    expect(tcp).toEqual([
      {
        route: [
          { ...at('v1'), weight: 90 },
          { ...at('v2'), weight: 10 },
        ],
      },
    ]);
    expect([http, losses]).toEqual([[], []]);
    expect(rendered([connections]).codes).toEqual(['protocol']);
  });
});

test('labels that Pods do not carry are not asked for', () => {
  const zoned = { ...to('v1'), labels: { version: 'v1', 'mesh.example/zone': 'east' } };
  const { objects, codes } = rendered([table([rule({ to: [zoned] })])]);
  expect([specOf(objects[0] ?? {}).subsets, codes]).toEqual([[{ name: 'v1', labels: { version: 'v1' } }], []]);
  const half = { ...zoned, version: 'east', labels: { 'mesh.example/zone': 'east' } };
  expect(rendered([table([rule({ to: [half] })])]).codes).toEqual(['to.tag']);
});

test.each([
  [undefined, {}, 'networking.istio.io/v1'],
  ['1.21.0', {}, 'networking.istio.io/v1beta1'],
  ['1.31.0', { VirtualService: 'networking.istio.io/v1alpha3' }, 'networking.istio.io/v1alpha3'],
])('for Istio %s that serves %j it is written in %s', (version, served, expected) => {
  const given: MeshEnvironment = { ...(version === undefined ? {} : { version }), served, settings: {} };
  expect(rendered([table([rule({ status: 503 })])], { env: given }).virtual?.apiVersion).toBe(expected);
});

test('what is not for everybody unless it says so says so', () => {
  const settings = { defaultVirtualServiceExportTo: '.', defaultDestinationRuleExportTo: '.' };
  const { objects } = rendered([table([rule({ to: [to('v1')] })])], { env: { ...env, settings } });
  expect(objects.map((object) => specOf(object).exportTo)).toEqual([['*'], ['*']]);
});
