import type { Change, KubeObject } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { toCart, withRules, world } from '../../test/support/cart.js';
import {
  destinationRule,
  env,
  gateway,
  header,
  pod,
  removal,
  service,
  session,
  split,
  takeover,
  virtualService,
} from '../../test/support/objects.js';
import { apply, content, editsOf, named, notesOf, observe, refusalsOf } from '../../test/support/observe.js';
import { decode } from '../decode/index.js';
import type { Raw } from '../decode/raw.js';
import { httpOf } from './virtual-service.js';

const toWeb = { route: [{ destination: { host: 'web' } }] };
const toCart8080 = { route: [{ destination: { host: 'cart', port: { number: 8080 } } }] };
const CANARY = split({ v1: 90, v2: 10 });
const route = (weights: Readonly<Record<string, number>>, port = 8080) =>
  Object.entries(weights).map(([subset, weight]) => ({
    destination: { host: 'cart.shop.svc.cluster.local', subset, port: { number: port } },
    weight,
  }));
const rulesAfter = (objects: readonly KubeObject[], change: Change, name = 'cart') => {
  const object = named(apply(objects, change), 'VirtualService', name);
  return object === undefined ? [] : httpOf(object);
};

describe('a standing route', () => {
  it('is a copy of each rule that decides for the service, in front of it, with nothing changed but the destinations', () => {
    const rewritten = {
      name: 'api',
      match: [{ uri: { prefix: '/api' }, sourceLabels: { app: 'web' } }],
      ...toCart,
      rewrite: { uri: '/v1' },
      timeout: '3s',
      mirror: { host: 'web' },
      mirrorPercentage: { value: 5 },
      fault: { delay: { percentage: { value: 1 }, fixedDelay: '1s' } },
      headers: { request: { set: { a: 'b' } } },
      novel: { kept: true },
    };
    const web = { match: [{ uri: { prefix: '/web' } }], ...toWeb };
    const { name: _, match, route: __, ...kept } = rewritten;
    expect(rulesAfter(withRules([rewritten, web, toCart]), CANARY)).toEqual([
      { name: 'heddle/route/shop/cart.split/0', match, route: route({ v1: 90, v2: 10 }), ...kept },
      rewritten,
      web,
      { name: 'heddle/route/shop/cart.split/1', route: route({ v1: 90, v2: 10 }) },
      toCart,
    ]);
  });

  it('is a copy, too, of a rule on port 80 for the host of a Service that has no such port', () => {
    const onward = virtualService('web', { hosts: ['web'], http: [{ match: [{ port: 80 }], ...toCart8080 }, toWeb] });
    const objects = [...withRules([toCart]), service('front', [80]), onward];
    expect(rulesAfter(objects, CANARY, 'web')[0]).toEqual({
      name: 'heddle/route/shop/cart.split/0',
      match: [{ port: 80 }],
      route: route({ v1: 90, v2: 10 }),
    });
  });

  it('gives each new destination the header changes of the old', () => {
    const headers = { response: { set: { 'x-from': 'cart' } } };
    const [ours] = rulesAfter(withRules([{ route: [{ destination: { host: 'cart' }, headers }] }]), CANARY);
    expect(ours).toMatchObject({ route: [{ headers }, { headers }] });
  });

  it('sends to Services of their own as well, and to one version alone', () => {
    const objects = [...withRules([toCart]), service('cart-next'), pod('next', { app: 'cart-next' })];
    expect(rulesAfter(objects, split({ v1: 50, next: 50 }))[0]).toMatchObject({
      route: [{ destination: { subset: 'v1' } }, { destination: { host: 'cart-next.shop.svc.cluster.local', port: { number: 8080 } } }],
    });
    expect(rulesAfter(objects, split({ v1: 0, v2: 100 }))[0]).toMatchObject({ route: [{ destination: { subset: 'v2' }, weight: 100 }] });
  });

  it('writes shares as percentages that sum to 100, or not at all', () => {
    expect(rulesAfter(withRules([toCart]), split({ v1: 9, v2: 1 }))[0]).toMatchObject({ route: [{ weight: 90 }, { weight: 10 }] });
    expect(refusalsOf(withRules([toCart]), split({ v1: 2, v2: 1 }))).toEqual(['weights']);
  });

  it('makes an object of ours where the mesh has none, which sessions share, and which goes with the last rule', () => {
    const after = apply(world, CANARY);
    expect(httpOf(named(after, 'VirtualService', 'heddle-cart') ?? {})).toEqual([
      { name: 'heddle/route/shop/cart.split/0', match: [{ port: 8080 }], route: route({ v1: 90, v2: 10 }) },
      expect.objectContaining({ name: 'heddle/fallback/8080' }),
    ]);
    const A = takeover(session('a1'), header('x-dev', 'alice'));
    const both = apply(after, A);
    expect(httpOf(named(both, 'VirtualService', 'heddle-cart') ?? {}).map(({ name }) => name)).toEqual([
      'heddle/session/shop/a1/0',
      'heddle/route/shop/cart.split/0',
      'heddle/fallback/8080',
    ]);
    expect(apply(both, removal(CANARY)).map(content)).toEqual(apply(world, A).map(content));
    expect(apply(apply(both, removal(A)), removal(CANARY))).toEqual(world);
  });

  it('is put anew, whichever versions it led to before', () => {
    const objects = [...withRules([toCart]), service('cart-next'), pod('next', { app: 'cart-next' })];
    const again = apply(apply(objects, split({ next: 100 })), CANARY);
    expect(httpOf(named(again, 'VirtualService', 'cart') ?? {})).toEqual(rulesAfter(objects, CANARY));
    expect(editsOf(again, CANARY)).toEqual([]);
    expect(apply(again, removal(CANARY)).map(content)).toEqual(objects.map(content));
  });

  it('says where a version that is a Service has not the traffic policy of the base', () => {
    const strict = { ...destinationRule('strict', 'cart'), spec: { host: 'cart', trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } } } };
    const objects = [...withRules([toCart]), strict, service('cart-next'), pod('next', { app: 'cart-next' })];
    expect(notesOf(objects, CANARY)).toEqual([]);
    expect(notesOf(objects, split({ v1: 50, next: 50 }))).toEqual(['traffic-policy-not-for-version']);
    expect(notesOf([...objects, destinationRule('next', 'cart-next')], split({ v1: 50, next: 50 }))).toEqual([]);
  });

  it('leaves closed what the rules leave closed', () => {
    const some = { match: [{ uri: { prefix: '/a' } }], ...toCart };
    expect(rulesAfter(withRules([some]), CANARY).map(({ name }) => name)).toEqual(['heddle/route/shop/cart.split/0', undefined]);
  });

  it('ends the list at a gateway as what it copies does, though gateways move catch-alls behind other rules', () => {
    const fault = { abort: { percentage: { value: 100 }, httpStatus: 418 } };
    const http = [
      { match: [{ gateways: ['front'] }], ...toCart, fault },
      { match: [{ uri: { regex: '/api.*' } }], ...toCart, rewrite: { authority: 'x.test' } },
    ];
    const edge = [gateway('front', ['*']), pod('gw', { istio: 'ingressgateway' })];
    const target = { services: [{ namespace: 'shop', name: 'cart', port: 8080 }] };
    const rulesAt = (objects: readonly KubeObject[]) => {
      const { tables } = decode(target, observe(objects, target), env);
      return tables.filter(({ view }) => view.plane === 'gateway')[0]?.rules ?? [];
    };
    const objects = [...withRules(http, { gateways: ['mesh', 'front'] }), ...edge];
    expect(rulesAt(objects)).toMatchObject([{ owner: 'foreign', fault: { abort: { status: 418 } } }]);
    expect(rulesAt(apply(objects, CANARY))[0]).toMatchObject({ owner: { kind: 'route' }, match: [], fault: { abort: { status: 418 } } });
  });

  it('of two services of one object stays beside each its own rules', () => {
    const http = [{ match: [{ uri: { prefix: '/cart' } }], ...toCart }, toWeb];
    const edge = [gateway('front', ['*']), pod('gw', { istio: 'ingressgateway' })];
    const objects = [...withRules(http, { hosts: ['shop.example.com'], gateways: ['front'] }), ...edge, destinationRule('web', 'web')];
    const web = split({ v1: 100 }, [{ namespace: 'shop', name: 'web', port: 8080 }]);
    const [ab, ba] = [apply(apply(objects, CANARY), web), apply(apply(objects, web), CANARY)];
    expect(ab.map(content).sort()).toEqual(ba.map(content).sort());
    expect(httpOf(named(ab, 'VirtualService', 'cart') ?? {}).map(({ name }) => name)).toEqual([
      'heddle/route/shop/cart.split/0',
      undefined,
      'heddle/route/shop/web.split/0',
      undefined,
    ]);
  });
});

describe('a standing route is refused', () => {
  it('where its own object would take requests from one for a wildcard', () => {
    const some = virtualService('all', { hosts: ['*.local'], exportTo: ['other'], http: [toCart] }, 'other');
    expect(refusalsOf([...world, some], CANARY)).toEqual(['implicit-beside-rules']);
  });

  it('where a gateway sends connections, not requests', () => {
    const tcp = {
      ...gateway('tcp', ['*']),
      spec: { selector: { istio: 'ingressgateway' }, servers: [{ port: { number: 9000, name: 'tcp', protocol: 'TCP' }, hosts: ['*'] }] },
    };
    const edge = virtualService('edge', {
      hosts: ['*'],
      gateways: ['tcp'],
      tcp: [{ route: [{ destination: { host: 'cart', port: { number: 8080 } } }] }],
    });
    expect(refusalsOf([...withRules([toCart]), tcp, pod('gw', { istio: 'ingressgateway' }), edge], CANARY)).toEqual(['tcp-route']);
  });

  it.each<[string, string, readonly Raw[]]>([
    [
      'beside another service’s share of a rule',
      'mixed-destinations',
      [
        {
          route: [
            { destination: { host: 'cart' }, weight: 80 },
            { destination: { host: 'web' }, weight: 20 },
          ],
        },
      ],
    ],
    [
      'where destinations are told apart by headers',
      'destination-headers',
      [
        {
          route: ['v1', 'v2'].map((subset) => ({
            destination: { host: 'cart', subset },
            weight: 50,
            headers: { request: { set: { subset } } },
          })),
        },
      ],
    ],
    ['where no rule sends to the service', 'nothing-to-take', [toWeb]],
  ])('%s', (_, code, http) => expect(refusalsOf(withRules(http), CANARY)).toEqual([code]));

  it('over a rule with its name that leads elsewhere, which is not ours', () => {
    const taken = { name: 'heddle/route/shop/cart.split/0', match: [{ uri: { prefix: '/x' } }], ...toWeb };
    expect(refusalsOf(withRules([taken, toCart]), CANARY)).toEqual(['name-taken']);
  });

  it('but not where the other share is a version, or has no weight', () => {
    const next = { destination: { host: 'cart-next' }, weight: 20 };
    const objects = [service('cart-next'), pod('next', { app: 'cart-next' })];
    const shares = (...others: readonly Raw[]) => [
      ...withRules([{ route: [{ destination: { host: 'cart' }, weight: 80 }, ...others] }]),
      ...objects,
    ];
    expect(refusalsOf(shares(next), split({ v1: 90, next: 10 }))).toEqual([]);
    expect(refusalsOf(shares(next), CANARY)).toEqual(['mixed-destinations']);
    expect(refusalsOf(shares({ ...next, headers: { request: { set: { a: 'b' } } } }), split({ v1: 90, next: 10 }))).toEqual([
      'destination-headers',
    ]);
    expect(refusalsOf(shares({ destination: { host: 'web' }, weight: 0 }), CANARY)).toEqual([]);
  });
});
