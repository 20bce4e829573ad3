import type { Destination, MeshEnvironment, Routing } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { kuma, namespace, pod, service } from './support/mesh-objects.js';
import { cluster, codes, everything, jason, render, routing, rule, rulesIn, table, to } from './support/rendering.js';

describe('a mirror', () => {
  const copied = (destination: Destination) => rule({ to: [to('v1')] }, [], { mirrors: [{ destination, percent: 100 }] });
  const filtersOf = (of: Routing, env?: MeshEnvironment) =>
    rulesIn(render(of, env).objects.find(({ kind }) => kind === 'MeshHTTPRoute'))?.map((one) => one.default);
  const byTag = {
    filters: [
      {
        type: 'RequestMirror',
        requestMirror: { backendRef: { kind: 'MeshServiceSubset', name: 'reviews_shop_svc_80', tags: { version: 'v3' } } },
      },
    ],
  };
  const own = service('reviews-v3', {}, 'shop', {}, { selector: { app: 'reviews', version: 'v3' } });
  const ofOwn: Destination = {
    host: 'reviews-v3.shop.svc.cluster.local',
    port: 80,
    weight: 1,
    endpoints: [{ namespace: 'shop', name: 'reviews-v3' }],
  };

  it('warns where the last pod of its Service would lock the mesh, and not where Kuma does without the mirror then', () => {
    const notes = (env: MeshEnvironment) => render(routing([table([copied(to('v3'))])]), env).notes.join('\n');
    expect(notes(kuma())).toContain('Should shop/reviews have no ready pod at all while it is mirrored');
    expect(notes(kuma('2.14.4'))).not.toContain('no ready pod at all');
    expect(notes(kuma('2.14.4'))).toContain('-shadow');
    expect(render(routing([table([jason])])).notes.join('\n')).not.toContain('-shadow');
  });

  it('to the Service of one version goes by the tags of that version, unless Kuma can do without a mirror', () => {
    const of = routing([table([copied(ofOwn)])], cluster(own));
    expect(filtersOf(of)).toMatchObject([byTag]);
    expect(filtersOf(of, kuma('2.14.4'))).toMatchObject([
      { filters: [{ requestMirror: { backendRef: { kind: 'MeshService', name: 'reviews-v3_shop_svc_80' } } }] },
    ]);
  });

  it('to another Service names that, and warns of it', () => {
    const of = routing([table([copied({ ...ofOwn, host: 'ratings.shop.svc.cluster.local' })])]);
    expect(filtersOf(of)).toMatchObject([{ filters: [{ requestMirror: { backendRef: { name: 'ratings_shop_svc_80' } } }] }]);
    expect(render(of).notes.join('\n')).toContain('Should shop/ratings have no ready pod at all');
  });
});

describe('names of objects that belong to no namespace of a Service', () => {
  const elsewhere = 'reviews.other.svc.cluster.local';
  const both: Routing = {
    services: [
      ...routing([table([jason, { ...everything, timeoutMs: 3000 }])]).services,
      {
        ...{ namespace: 'other', name: 'reviews', selector: { app: 'reviews' }, ports: [{ port: 80 }] },
        tables: [table([rule({ to: [{ ...to('v1'), host: elsewhere }] }, [], { timeoutMs: 3000 })], { domains: [elsewhere] })],
      },
    ],
    objects: cluster(namespace('other'), service('reviews', {}, 'other'), pod('reviews-v1', { app: 'reviews', version: 'v1' }, 'other')),
  };
  const namesOf = (kind: string, env: MeshEnvironment) =>
    render(both, env)
      .objects.filter((object) => object.kind === kind)
      .map(({ metadata }) => (metadata as { readonly name: string }).name);

  it('are given once, though Services of two namespaces have one name', () => {
    expect(namesOf('TrafficRoute', kuma('2.14.3', { routing: 'TrafficRoute' }))).toEqual(['route-all-default', 'reviews', 'reviews-2']);
    const routes = namesOf('MeshHTTPRoute', kuma());
    expect(routes.length).toBeGreaterThan(1);
    expect(new Set(routes).size).toBe(routes.length);
  });
});

describe('the Service of a version', () => {
  it('has a name that a Service may have, whatever its parts and whoever has that name', () => {
    const name = 'r'.repeat(60);
    const version = (value: string): Destination => ({ ...to(value), host: `${name}.shop.svc.cluster.local` });
    const objects = cluster(service(name), ...['a', 'b'].map((value) => pod(`long-${value}`, { app: name, version: value })));
    const of: Routing = {
      services: [
        {
          namespace: 'shop',
          name,
          selector: { app: name },
          ports: [{ port: 80 }],
          tables: [table([rule({ to: [version('a'), version('b')] })])],
        },
      ],
      objects,
    };
    const made = render(of, kuma('3.0.0')).objects.filter(({ kind }) => kind === 'Service');
    const names = made.map(({ metadata }) => (metadata as { readonly name: string }).name);
    expect(new Set(names).size).toBe(2);
    expect(names.every((one) => one.length <= 63)).toBe(true);
  });
});

it('a rewrite of all that a pattern takes stays one of the whole path, where the pattern takes every path', () => {
  const all = rule({ to: [to('v1')] }, [{ path: { kind: 'regex', value: '.*' } }], { rewrite: { path: { prefix: '/full' } } });
  expect(rulesIn(render(routing([table([all])])).objects.at(-1))?.[0]?.default).toMatchObject({
    filters: [{ type: 'URLRewrite', urlRewrite: { path: { type: 'ReplaceFullPath', replaceFullPath: '/full' } } }],
  });
});

describe('paths where case does not count', () => {
  const anyCase = rule({ to: [to('v1')] }, [{ path: { kind: 'rawPrefix', value: '/a.b', ignoreCase: true } }], {
    rewrite: { path: { prefix: '/x' } },
  });

  it('lose their prefix and nothing else to a TrafficRoute', () => {
    const { objects } = render(routing([table([anyCase])]), kuma('2.14.3', { routing: 'TrafficRoute' }));
    expect(objects.find(({ metadata }) => (metadata as { name: string }).name === 'reviews')).toMatchObject({
      spec: { conf: { http: [{ modify: { path: { regex: { pattern: '^(?i:/a\\.b)', substitution: '/x' } } } }] } },
    });
  });

  it('are not rewritten by a MeshHTTPRoute, which replaces prefixes as they are written', () => {
    expect(codes(routing([table([anyCase])]))).toContain('rewrite.path');
  });
});

it('a redirect to an authority with a port and another port after it names the first, and says so', () => {
  const of = routing([table([rule({ redirect: { code: 301, authority: 'other.org:8080', port: 9080 } })])]);
  expect(codes(of)).toContain('redirect.port');
});
