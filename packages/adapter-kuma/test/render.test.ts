import type { View } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { kuma, namespace, pod, service } from './support/mesh-objects.js';
import { cluster, codes, everything, jason, render, routing, rule, rulesIn, table, to } from './support/rendering.js';

describe('a MeshHTTPRoute', () => {
  it('is what a user would write, in the namespace of the Service and under its name', () => {
    const { objects, losses } = render(routing([table([jason, everything])]));
    expect(losses).toEqual([]);
    expect(objects).toEqual([
      {
        apiVersion: 'kuma.io/v1alpha1',
        kind: 'MeshHTTPRoute',
        metadata: { name: 'reviews', namespace: 'shop', labels: { 'kuma.io/mesh': 'default' } },
        spec: {
          to: [
            {
              targetRef: { kind: 'MeshService', name: 'reviews_shop_svc_80' },
              rules: [
                {
                  matches: [{ path: { type: 'PathPrefix', value: '/' }, headers: [{ type: 'Exact', name: 'end-user', value: 'jason' }] }],
                  default: { backendRefs: [{ kind: 'MeshServiceSubset', name: 'reviews_shop_svc_80', tags: { version: 'v2' } }] },
                },
                {
                  matches: [{ path: { type: 'PathPrefix', value: '/' } }],
                  default: { backendRefs: [{ kind: 'MeshServiceSubset', name: 'reviews_shop_svc_80', tags: { version: 'v1' } }] },
                },
              ],
            },
          ],
        },
      },
    ]);
  });

  it('takes the meeting of two rules into the earlier one where Kuma would try the later one first', () => {
    const login = rule({ to: [to('v3')] }, [{ path: { kind: 'exact', value: '/login' } }]);
    const [first] = rulesIn(render(routing([table([jason, login, everything])])).objects[0]) ?? [];
    const headers = [{ type: 'Exact', name: 'end-user', value: 'jason' }];
    expect(first?.matches).toEqual([
      { path: { type: 'PathPrefix', value: '/' }, headers },
      { path: { type: 'Exact', value: '/login' }, headers },
    ]);
  });

  it('writes a prefix of characters as a pattern, and what comes after it without a path', () => {
    const api = rule({ to: [to('v2')] }, [{ path: { kind: 'rawPrefix', value: '/api' } }]);
    expect(rulesIn(render(routing([table([api, everything])])).objects[0])?.map(({ matches }) => matches)).toEqual([
      [{ path: { type: 'RegularExpression', value: '/api.*' } }],
      [{}],
    ]);
  });

  it('leaves requests that no rule takes without a route, so that they are answered 404; Kuma 3 cannot', () => {
    const last = {
      matches: [{ path: { type: 'PathPrefix', value: '/' } }],
      default: { backendRefs: [{ kind: 'MeshService', name: 'reviews_shop_svc_80', weight: 0 }] },
    };
    expect(rulesIn(render(routing([table([jason])])).objects[0])?.at(-1)).toEqual(last);
    expect(codes(routing([table([jason])]), kuma('3.0.0'))).toEqual(['not-found']);
  });

  it('says what must not match by what later rules do with it', () => {
    const not = rule({ to: [to('v2')] }, [{ headers: [{ name: 'x', is: { not: { exact: '1' } } }] }]);
    const { objects, losses } = render(routing([table([not, everything])]));
    expect(losses).toEqual([]);
    expect(rulesIn(objects[0])?.map(({ matches }) => matches)).toEqual([
      [{ path: { type: 'PathPrefix', value: '/' }, headers: [{ type: 'Exact', name: 'x', value: '1' }] }],
      [{ path: { type: 'PathPrefix', value: '/' } }],
    ]);
  });

  it('replaces prefixes of whole segments: the path itself and what is below it apart', () => {
    const rewritten = rule({ to: [to('v2')] }, [{ path: { kind: 'rawPrefix', value: '/a/' } }], { rewrite: { path: { prefix: '/b/' } } });
    const [alone, below] = rulesIn(render(routing([table([rewritten, everything])])).objects[0]) ?? [];
    expect(alone?.matches).toEqual([{ path: { type: 'Exact', value: '/a' } }]);
    expect(below).toMatchObject({
      matches: [{ path: { type: 'PathPrefix', value: '/a' } }],
      default: { filters: [{ urlRewrite: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/b/' } } }] },
    });
    const merely = rule({ to: [to('v2')] }, [{ path: { kind: 'rawPrefix', value: '/a' } }], { rewrite: { path: { prefix: '/b' } } });
    expect(codes(routing([table([merely, everything])]))).toEqual(['rewrite.path']);
  });

  it('knows the authority as the header host', () => {
    const named = rule({ to: [to('v2')] }, [{ authority: { exact: 'reviews' } }]);
    expect(rulesIn(render(routing([table([named, everything])])).objects[0])?.[0]?.matches).toMatchObject([
      { headers: [{ type: 'Exact', name: 'host', value: 'reviews' }] },
    ]);
  });

  it('sends to a version that no Pod is in where a destination is not there', () => {
    const gone = rule({ to: [{ host: 'gone.shop.svc.cluster.local', port: 80, weight: 1, endpoints: 'no-cluster' }, to('v1')] });
    expect(rulesIn(render(routing([table([gone])])).objects[0])?.[0]?.default).toEqual({
      backendRefs: [
        { kind: 'MeshServiceSubset', name: 'reviews_shop_svc_80', tags: { version: 'none' }, weight: 1 },
        { kind: 'MeshServiceSubset', name: 'reviews_shop_svc_80', tags: { version: 'v1' }, weight: 1 },
      ],
    });
  });

  it('does not take the name of a route that is there', () => {
    const theirs = { apiVersion: 'kuma.io/v1alpha1', kind: 'MeshHTTPRoute', metadata: { name: 'reviews', namespace: 'shop' }, spec: {} };
    const { objects } = render(routing([table([everything])], cluster(theirs)));
    expect(objects.map(({ metadata }) => (metadata as { name: string }).name)).toEqual(['reviews-routes']);
  });
});

describe('timeouts and retries', () => {
  const slow = rule({ to: [to('v2')] }, [{ path: { kind: 'exact', value: '/slow' } }], {
    timeoutMs: 1500,
    retry: { attempts: 2, retryOn: '5xx' },
  });

  it('are policies for a route of their own, in its namespace where Services are resources', () => {
    const { objects, losses } = render(routing([table([slow, everything])]), kuma('2.14.3', { meshServices: 'Exclusive' }));
    expect(losses).toEqual([]);
    expect(objects.map(({ kind, metadata }) => [kind, metadata])).toMatchObject([
      ['MeshHTTPRoute', { name: 'reviews', namespace: 'shop' }],
      ['MeshTimeout', { name: 'reviews', namespace: 'shop' }],
      ['MeshRetry', { name: 'reviews', namespace: 'shop' }],
      ['MeshHTTPRoute', { name: 'reviews-2', namespace: 'shop' }],
    ]);
    expect(objects[1]?.spec).toEqual({
      to: [{ targetRef: { kind: 'MeshHTTPRoute', name: 'reviews' }, default: { http: { requestTimeout: '1.5s' } } }],
    });
  });

  it('stand in the system namespace, with the routes, where Services are tags', () => {
    const { objects } = render(routing([table([slow, everything])]));
    expect(new Set(objects.map(({ metadata }) => (metadata as { namespace: string }).namespace))).toEqual(new Set(['kuma-system']));
    expect(objects[1]?.spec).toMatchObject({ targetRef: { kind: 'MeshHTTPRoute', name: 'reviews' } });
  });

  it('are lost where Kuma has no such condition, or no such policy', () => {
    const odd = { ...slow, retry: { attempts: 2 } };
    expect(codes(routing([table([odd, everything])]))).toEqual(['retry']);
    expect(
      codes(routing([table([slow, everything], { pathNormalisation: undefined as never })]), kuma('2.14.3', { routing: 'TrafficRoute' })),
    ).toEqual(['timeout', 'retry']);
  });
});

describe('callers', () => {
  const labels = { team: 'pay' };
  const some: View = { plane: 'mesh', clients: { labels } };
  const others: View = { plane: 'mesh', clients: {}, except: [{ labels }] };
  const special = rule({ to: [to('v3')] }, [{ path: { kind: 'exact', value: '/pay' } }]);

  it('have what is theirs alone in front of what everybody has', () => {
    const { objects, losses } = render(routing([table([special, everything], { view: some }), table([everything], { view: others })]));
    expect(losses).toEqual([]);
    expect(objects.map(({ spec }) => (spec as { targetRef?: unknown }).targetRef)).toEqual([undefined, { kind: 'Dataplane', labels }]);
    expect(rulesIn(objects[1])).toHaveLength(1);
  });

  it("switch everybody's rules off where they have none", () => {
    const { objects } = render(routing([table([special], { view: some }), table([jason, everything], { view: others })]));
    const weights = rulesIn(objects[1])?.map(
      (one) => (one.default as { backendRefs: readonly { weight?: number }[] }).backendRefs[0]?.weight,
    );
    expect(weights).toEqual([undefined, 0, 0]);
  });

  it("answer 503 where no rule at all is theirs, in front of everybody's rules", () => {
    const login = rule({ to: [to('v2')] }, [{ path: { kind: 'exact', value: '/login' } }]);
    const { objects, losses } = render(routing([table([], { view: some }), table([login, everything], { view: others })]));
    expect(losses.map(({ code }) => code)).toEqual(['not-found']);
    expect(rulesIn(objects[1])?.map(({ matches }) => matches)).toEqual([
      [{ path: { type: 'PathPrefix', value: '/' } }, { path: { type: 'Exact', value: '/login' } }],
    ]);
  });

  it('are told by tags in TrafficRoutes', () => {
    const env = kuma('2.14.3', { routing: 'TrafficRoute' });
    const { objects } = render(routing([table([everything], { view: some }), table([jason, everything], { view: others })]), env);
    expect(objects.map(({ metadata, spec }) => [(metadata as { name: string }).name, (spec as { sources: unknown }).sources])).toEqual([
      ['route-all-default', [{ match: { 'kuma.io/service': '*' } }]],
      ['reviews', [{ match: { 'kuma.io/service': '*' } }]],
      ['reviews-2', [{ match: { 'kuma.io/service': '*', team: 'pay' } }]],
    ]);
  });
});

it('a TrafficRoute has its items in order, and one for all services beside it', () => {
  const { objects, notes } = render(routing([table([jason, everything])]), kuma('2.14.3', { routing: 'TrafficRoute' }));
  expect(objects[1]).toEqual({
    apiVersion: 'kuma.io/v1alpha1',
    kind: 'TrafficRoute',
    mesh: 'default',
    metadata: { name: 'reviews' },
    spec: {
      sources: [{ match: { 'kuma.io/service': '*' } }],
      destinations: [{ match: { 'kuma.io/service': 'reviews_shop_svc_80' } }],
      conf: {
        http: [
          {
            match: { headers: { 'end-user': { exact: 'jason' } } },
            destination: { 'kuma.io/service': 'reviews_shop_svc_80', version: 'v2' },
          },
        ],
        destination: { 'kuma.io/service': 'reviews_shop_svc_80', version: 'v1' },
      },
    },
  });
  expect(notes.some((note) => note.includes('is among these'))).toBe(true);
});

it('from Kuma 3 on every version has a Service of its own, with the ports of the base', () => {
  const { objects, notes } = render(routing([table([rule({ to: [to('v1', 9), to('v2', 1)] })])]), kuma('3.0.0'));
  expect(objects.slice(0, 2)).toEqual(
    ['v1', 'v2'].map((version) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: `reviews-${version}`, namespace: 'shop' },
      spec: { selector: { app: 'reviews', version }, ports: [{ port: 80, targetPort: 8080, appProtocol: 'http' }] },
    })),
  );
  expect(rulesIn(objects[2])?.[0]?.default).toMatchObject({
    backendRefs: [
      { kind: 'MeshService', labels: { 'kuma.io/display-name': 'reviews-v1', 'k8s.kuma.io/namespace': 'shop' }, port: 80, weight: 9 },
      {},
    ],
  });
  expect(notes.some((note) => note.includes('reviews-v1, reviews-v2'))).toBe(true);
});

it('Services say which of their ports carry HTTP', () => {
  const stored = service('reviews', { appProtocol: undefined, name: 'http' });
  const { objects } = render(
    routing([table([everything])], [namespace('shop'), stored, pod('reviews-v1', { app: 'reviews', version: 'v1' })]),
  );
  expect(objects[0]).toEqual({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'reviews', namespace: 'shop' },
    spec: expect.objectContaining({ ports: [{ port: 80, targetPort: 8080, appProtocol: 'http', name: 'http' }] }),
  });
});

it('what Kuma has not is told, and never lets other rules take the requests of an answer of its own', () => {
  const denied = rule({ directResponse: { status: 403 } }, [{ path: { kind: 'exact', value: '/admin' } }]);
  const faulty = rule({ to: [to('v1')] }, [], { fault: { abort: { percent: 100, status: 418 } }, preflight: 'all' });
  const { objects, losses } = render(routing([table([denied, faulty])]));
  expect(losses.map(({ code, rule: lost }) => [code, lost])).toEqual([
    ['direct-response', denied],
    ['fault', faulty],
    ['cors', faulty],
  ]);
  expect(rulesIn(objects[0])?.[0]?.default).toMatchObject({ backendRefs: [{ tags: { version: 'none' } }] });
});
