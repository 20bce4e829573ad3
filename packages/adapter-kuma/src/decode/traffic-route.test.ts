import { contentHash, type KubeObject } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import {
  ask,
  between,
  decoded,
  from,
  kuma,
  mesh,
  namespace,
  observed,
  pod,
  route,
  rule,
  service,
  trafficRoute,
} from '../../test/support/mesh-objects.js';
import { withoutBackslashes } from '../lint/backslash-tags.js';
import { decidingTables } from './deciding.js';
import { versions } from './versions.js';

/** As the article has it: copied from a Markdown page, with a namespace that means nothing, and a port that nobody declared as http. */
const article: readonly KubeObject[] = [
  namespace('kong-mesh-app', { 'kuma.io/sidecar-injection': 'enabled' }),
  service('benigno', { port: 5000, targetPort: 5000, appProtocol: undefined, name: 'http' }, 'kong-mesh-app'),
  service('magnanimo', { port: 4000, targetPort: 4000, appProtocol: undefined, name: 'http' }, 'kong-mesh-app'),
  pod('magnanimo-0', { app: 'magnanimo' }, 'kong-mesh-app'),
  pod('benigno-v1-0', { app: 'benigno', version: 'v1' }, 'kong-mesh-app'),
  pod('benigno-v2-0', { app: 'benigno', version: 'v2' }, 'kong-mesh-app'),
  trafficRoute(
    'route-1',
    {
      sources: [{ match: { 'kuma.io/service': 'magnanimo\\_kong-mesh-app\\_svc\\_4000' } }],
      destinations: [{ match: { 'kuma.io/service': 'benigno\\_kong-mesh-app\\_svc\\_5000' } }],
      conf: {
        split: [
          { weight: '90', destination: { 'kuma.io/service': 'benigno\\_kong-mesh-app\\_svc\\_5000', version: 'v1' } },
          { weight: 10, destination: { 'kuma.io/service': 'benigno_kong-mesh-app_svc_5000', version: 'v2' } },
        ],
      },
    },
    { namespace: 'kong-mesh-app' },
  ),
];
const corrected = article.map(withoutBackslashes);
const benigno = { namespace: 'kong-mesh-app', name: 'benigno', port: 5000 };
const magnanimo = from({ app: 'magnanimo' }, 'kong-mesh-app');

describe('the TrafficRoute of the article', () => {
  it('splits 90/10 without its backslashes, whatever else is wrong with it', () => {
    expect(ask(corrected, 'http://benigno:5000/', magnanimo)).toEqual({ 'benigno-v1-0': 0.9, 'benigno-v2-0': 0.1 });
  });

  it('as it is written is refused, and in a cluster that holds it all the same it is for nobody', () => {
    const everybody = { 'benigno-v1-0+benigno-v2-0': 1 };
    expect(ask(article, 'http://benigno:5000/', magnanimo)).toEqual(everybody);
    expect(decoded(article, { services: [benigno] }).problems.map(({ code }) => code)).toContain('refused-by-mesh');
    const stored = article.map((object) => (object.kind === 'TrafficRoute' ? { ...object, metadata: { name: 'r', uid: 'u' } } : object));
    expect(ask(stored, 'http://benigno:5000/', magnanimo)).toBe('listener without filters');
  });

  it('is explained', () => {
    const { problems, gaps } = decoded(corrected, { services: [benigno] });
    expect(gaps).toEqual([]);
    expect([...new Set(problems.map(({ code }) => code))].sort()).toEqual([
      'namespace-ignored',
      'no-traffic-route',
      'number-as-text',
      'port-protocol',
    ]);
    const said = problems.map(({ message }) => message).join('\n');
    expect(said).toContain('Service kong-mesh-app/benigno: port 5000 has no appProtocol');
    expect(said).toContain('conf.split[0].weight: the text "90" is read as the number 90');
  });

  it('has versions by tag', () => {
    const seen = observed(article, { services: [benigno] });
    expect(versions(benigno, seen, kuma())).toEqual([
      { id: 'v1', realise: 'tag', labels: { version: 'v1' } },
      { id: 'v2', realise: 'tag', labels: { version: 'v2' } },
    ]);
    expect(versions(benigno, seen, kuma('3.0.0'))).toEqual([]);
  });

  it('points into the object that holds each rule', () => {
    const { tables } = decidingTables({ services: [benigno] }, observed(corrected, { services: [benigno] }), kuma());
    const [own] = tables.filter(({ by }) => by === 'trafficRoute');
    expect(own?.trafficRoute?.name).toBe('route-1');
    expect(own?.table.rules[0]?.origins).toEqual([
      {
        ref: { apiVersion: 'kuma.io/v1alpha1', kind: 'TrafficRoute', namespace: 'kong-mesh-app', name: 'route-1' },
        pointer: '/spec/conf/split',
        index: 0,
        name: 'conf',
      },
    ]);
  });
});

const CART = 'cart_shop_svc_80';
const base = [
  mesh(),
  service('cart'),
  service('web'),
  pod('web-0', { app: 'web' }),
  pod('v1', { app: 'cart', version: 'v1' }),
  pod('v2', { app: 'cart', version: 'v2' }),
];
const to = (value: string) => ({ destination: { 'kuma.io/service': CART, version: value } });

describe('a mesh that routes by TrafficRoute', () => {
  it('closes connections of services without one, and says so', () => {
    const objects = [
      ...base,
      trafficRoute('r', { ...between('web_shop_svc_80'), conf: { destination: { 'kuma.io/service': 'web_shop_svc_80' } } }),
    ];
    expect(ask(objects, 'http://cart/')).toBe('listener without filters');
    expect(decoded(objects, { services: [{ namespace: 'shop', name: 'cart', port: 80 }] }).problems.map(({ code }) => code)).toContain(
      'no-traffic-route',
    );
  });

  it('ignores TrafficRoutes of another mesh, and all of them from 3.0 on', () => {
    const other = trafficRoute('r', { ...between(CART), conf: to('v1') }, {}, { mesh: 'other' });
    expect(ask([...base, other], 'http://cart/')).toEqual({ 'v1+v2': 1 });
    const own = trafficRoute('r', { ...between(CART), conf: to('v1') });
    expect(ask([...base, own], 'http://cart/')).toEqual({ v1: 1 });
    expect(ask([...base, own], 'http://cart/', from(), kuma('3.0.0'))).toEqual({ 'v1+v2': 1 });
  });

  it('forgets its TrafficRoutes for clients that any MeshHTTPRoute is about, and says so', () => {
    const objects = [
      ...base,
      trafficRoute('r', { ...between('*'), conf: { destination: { 'kuma.io/service': '*' } } }),
      trafficRoute('cart', { ...between(CART), conf: to('v1') }),
      route('MeshHTTPRoute', 'm', {
        targetRef: { kind: 'MeshSubset', tags: { app: 'web' } },
        to: [
          {
            targetRef: { kind: 'MeshService', name: 'web_shop_svc_80' },
            rules: [rule('/x', { kind: 'MeshService', name: 'web_shop_svc_80' })],
          },
        ],
      }),
    ];
    expect(ask(objects, 'http://cart/')).toEqual({ 'v1+v2': 1 });
    expect(ask(objects, 'http://cart/', from({ app: 'other' }))).toEqual({ v1: 1 });
    const idle = decoded(objects, { services: [{ namespace: 'shop', name: 'cart', port: 80 }] }).problems.filter(
      ({ code }) => code === 'traffic-routes-idle',
    );
    expect(idle).toHaveLength(1);
  });

  it('routes everybody by connections as soon as one destination has no ready Pod, and says so', () => {
    const shadow = { match: { headers: { 'x-heddle': { exact: 't1' } } }, destination: { 'kuma.io/service': 'shadow_shop_svc_80' } };
    const objects = (ready: boolean) => [
      ...base,
      service('shadow'),
      pod('shadow-0', { app: 'shadow' }, 'shop', { ready }),
      trafficRoute('cart', { ...between(CART), conf: { ...to('v1'), http: [shadow] } }),
    ];
    expect(ask(objects(true), 'http://cart/')).toEqual({ v1: 1 });
    expect(ask(objects(false), 'http://cart/')).toEqual({ UH: 0.5, v1: 0.5 });
    const { problems } = decoded(objects(false), { services: [{ namespace: 'shop', name: 'cart', port: 80 }] });
    expect(problems.find(({ code }) => code === 'http-rules-on-tcp')?.message).toContain('shadow_shop_svc_80 has no ready Pod');
  });

  it('is not ended by a policy about resources alone', () => {
    const objects = [
      ...base,
      trafficRoute('cart', { ...between(CART), conf: to('v1') }),
      route('MeshHTTPRoute', 'm', { to: [{ targetRef: { kind: 'MeshMultiZoneService', labels: { a: 'b' } }, rules: [] }] }),
    ];
    expect(ask(objects, 'http://cart/')).toEqual({ v1: 1 });
  });
});

describe('sources', () => {
  const split = (source: Record<string, string>) => [...base, trafficRoute('cart', { ...between(CART, source), conf: to('v1') })];

  it('by service are the Pods that the Service selects', () => {
    const objects = split({ 'kuma.io/service': 'web_shop_svc_80' });
    expect(ask(objects, 'http://cart.shop/', from({ app: 'web', more: 'x' }))).toEqual({ v1: 1 });
    expect(ask(objects, 'http://cart.shop/', from({ app: 'web' }, 'elsewhere'))).toBe('listener without filters');
    expect(ask(objects, 'http://cart.shop/', from({ app: 'cart' }))).toBe('listener without filters');
  });

  it('by a tag of any value are those with a value that is seen', () => {
    const objects = split({ 'kuma.io/service': '*', version: '*' });
    expect(ask(objects, 'http://cart.shop/', from({ app: 'x', version: 'v2' }))).toEqual({ v1: 1 });
    expect(ask(objects, 'http://cart.shop/', from({ app: 'x' }))).toBe('listener without filters');
  });

  it('without a port are Pods that no Service selects, by the name of what runs them', () => {
    const owned = { ownerReferences: [{ kind: 'ReplicaSet', name: 'job-6f7d' }], uid: 'u' };
    const sidecar = pod('job-6f7d-x', { run: 'job', 'pod-template-hash': '6f7d' }, 'shop', { metadata: owned });
    const running = { ...sidecar, spec: { containers: [{ name: 'app' }, { name: 'kuma-sidecar' }] } };
    const objects = [...split({ 'kuma.io/service': 'job_shop_svc' }), running];
    expect(ask(objects, 'http://cart.shop/', from({ run: 'job' }))).toEqual({ v1: 1 });
    expect(ask(objects, 'http://cart.shop/', from({ run: 'other' }))).toBe('listener without filters');
  });

  it('by namespace and zone are known without Pods', () => {
    const zoned = (zone: string) => split({ 'kuma.io/service': '*', 'k8s.kuma.io/namespace': 'shop', 'kuma.io/zone': zone });
    expect(ask(zoned('default'), 'http://cart.shop/', from({}))).toEqual({ v1: 1 });
    expect(ask(zoned('default'), 'http://cart.shop/', from({}, 'other'))).toBe('listener without filters');
    expect(ask(zoned('west'), 'http://cart.shop/', from({}))).toBe('listener without filters');
  });
});

describe('owners', () => {
  it('are read from items: a shadow by its name, a standing route by its hash', () => {
    const standing = {
      match: { path: { prefix: '/' } },
      split: [
        { weight: 1, ...to('v1') },
        { weight: 1, ...to('v2') },
      ],
    };
    const shadow = {
      match: { headers: { 'x-heddle': { exact: 't1' } } },
      destination: { 'kuma.io/service': 'heddle-cart-t1_shop_svc_80' },
    };
    const objects = [
      ...base,
      service('heddle-cart-t1'),
      pod('shadow', { app: 'heddle-cart-t1' }),
      trafficRoute(
        'cart',
        { ...between(CART), conf: { ...to('v1'), http: [shadow, standing, { match: { path: { prefix: '/' } }, ...to('v2') }] } },
        { annotations: { 'heddle.dev/owners': JSON.stringify({ [contentHash(standing)]: 'route/shop/cart' }) } },
      ),
    ];
    const target = { services: [{ namespace: 'shop', name: 'cart', port: 80 }] };
    const [table] = decoded(objects, target).tables.filter(({ addresses }) => addresses?.includes('cart.shop') === true);
    expect(table?.rules.map(({ owner, origins }) => [owner, origins[0]?.pointer])).toEqual([
      [{ kind: 'session', namespace: 'shop', id: 't1' }, '/spec/conf/http/0'],
      [{ kind: 'route', namespace: 'shop', id: 'cart' }, '/spec/conf/http/1'],
      ['foreign', '/spec/conf/http/2'],
      ['foreign', '/spec/conf/destination'],
    ]);
  });
});

describe('what the mesh would refuse', () => {
  it.each([
    ['no weight above 0', { split: [{ weight: 0, ...to('v1') }] }],
    ['a split entry without weight', { split: [to('v1')] }],
    ['a split and a destination', { split: [{ weight: 1, ...to('v1') }], ...to('v2') }],
    ['a rule without conditions', { ...to('v1'), http: [{ match: {}, ...to('v2') }] }],
    [
      'a rewritten prefix that nothing matches',
      { ...to('v1'), http: [{ match: { path: { exact: '/x' } }, modify: { path: { rewritePrefix: '/y' } }, ...to('v2') }] },
    ],
  ])('is left out and said: %s', (_, conf) => {
    const objects = [...base, trafficRoute('cart', { ...between(CART), conf })];
    expect(ask(objects, 'http://cart/')).toEqual({ 'v1+v2': 1 });
    expect(decoded(objects, { services: [] }).problems.map(({ code }) => code)).toContain('refused-by-mesh');
  });

  it('counts where it is in the cluster all the same', () => {
    const objects = [...base, trafficRoute('cart', { ...between(CART), conf: { split: [{ weight: 0, ...to('v1') }] } }, { uid: 'u' })];
    expect(ask(objects, 'http://cart/')).toBe('listener without filters');
  });
});

it('says what it could not read', () => {
  const { gaps } = decoded(base, { services: [{ namespace: 'shop', name: 'cart', port: 80 }] }, kuma(), ['TrafficRoute', 'Pod']);
  expect(gaps.map(({ feature }) => feature)).toEqual(['unread', 'unread']);
  const limited = decoded(base, { services: [] }, kuma(), ['MeshTimeout']);
  expect([limited.gaps, limited.problems.map(({ code }) => code)]).toEqual([[], ['policies-unread']]);
});
