import type { Change, Intent, KubeObject } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { pods, toCart, withRules, world } from '../../test/support/cart.js';
import {
  destinationRule,
  env,
  header,
  pod,
  removal,
  service,
  session,
  split,
  standing,
  takeover,
  to,
  virtualService,
} from '../../test/support/objects.js';
import { apply, content, editsOf, named, notesOf, observe, refusalsOf } from '../../test/support/observe.js';
import { encode } from './encode.js';
import { httpOf } from './virtual-service.js';

const host = (subset: string) => ({ host: 'cart.shop.svc.cluster.local', subset, port: { number: 8080 } });
const rulesAfter = (objects: readonly KubeObject[], change: Change) =>
  httpOf(named(apply(objects, change), 'VirtualService', 'cart') ?? {});
const JASON = header('end-user', 'jason');
const mirror = (percent: number, version = 'v2', match = [] as Intent['match']): Intent => ({ match, mirror: { version, percent } });
const delay = (ms: number, match = [] as Intent['match']): Intent => ({ match, fault: { delay: { percent: 100, ms } } });
const NAME = 'heddle/route/shop/cart.split';

describe('a standing route for some requests', () => {
  it('is a copy of each rule with the match in it, and of nothing else', () => {
    const api = { name: 'api', match: [{ uri: { prefix: '/api' } }, { uri: { exact: '/a' } }], ...toCart, timeout: '2s' };
    const web = { match: [{ uri: { prefix: '/web' } }], route: [{ destination: { host: 'web' } }] };
    const headers = { 'end-user': { exact: 'jason' } };
    expect(rulesAfter(withRules([api, web, toCart]), standing([to({ v2: 100 }, [JASON])]))).toEqual([
      {
        name: `${NAME}/0`,
        match: [
          { uri: { prefix: '/api' }, headers },
          { uri: { exact: '/a' }, headers },
        ],
        route: [{ destination: host('v2'), weight: 100 }],
        timeout: '2s',
      },
      api,
      web,
      { name: `${NAME}/1`, match: [{ headers }], route: [{ destination: host('v2'), weight: 100 }] },
      toCart,
    ]);
  });

  it('says nothing of rules that its requests never reach', () => {
    const mixed = { ...toCart, route: ['cart', 'web'].map((one) => ({ destination: { host: one }, weight: 50 })) };
    const both = withRules([{ match: [{ uri: { prefix: '/web' } }], ...mixed }, toCart]);
    const api = to({ v2: 100 }, [{ path: { kind: 'segmentPrefix', value: '/api' } }]);
    expect(refusalsOf(both, standing([api]))).toEqual([]);
    expect(refusalsOf(both, split({ v2: 100 }))).toEqual(['mixed-destinations']);
  });

  it('of several intents has the first that matches in front, for each rule that it copies', () => {
    const other = { match: [{ uri: { prefix: '/a' } }], ...toCart };
    const rules = rulesAfter(withRules([other, toCart]), standing([to({ v2: 100 }, [JASON]), to({ v1: 50, v2: 50 })]));
    expect(rules.map(({ name, match, route }) => [name, match, (route as readonly unknown[]).length])).toEqual([
      [`${NAME}/0`, [{ uri: { prefix: '/a' }, headers: { 'end-user': { exact: 'jason' } } }], 1],
      [`${NAME}/1`, [{ headers: { 'end-user': { exact: 'jason' } } }], 1],
      [`${NAME}/2`, [{ uri: { prefix: '/a' } }], 2],
      [`${NAME}/3`, undefined, 2],
      [undefined, other.match, 1],
      [undefined, undefined, 1],
    ]);
  });
});

describe('a mirror', () => {
  it('takes the place of those that were there, and leaves destinations as they are, word for word', () => {
    const mixed = {
      route: [
        { destination: { host: 'cart', subset: 'v1' }, weight: 80, headers: { request: { set: { a: '1' } } } },
        { destination: { host: 'cart', subset: 'v2' }, weight: 20 },
      ],
      mirrors: [{ destination: { host: 'web' } }],
      fault: { abort: { percentage: { value: 1 }, httpStatus: 500 } },
      timeout: '3s',
    };
    const { mirrors: _, ...kept } = mixed;
    expect(rulesAfter(withRules([mixed]), standing([mirror(10)]))).toEqual([
      { name: `${NAME}/0`, ...kept, mirror: host('v2'), mirrorPercentage: { value: 10 } },
      mixed,
    ]);
  });

  it('goes to a Service of its own too, whose missing traffic policy is told', () => {
    const strict = { ...destinationRule('strict', 'cart'), spec: { host: 'cart', trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } } } };
    const objects = [...withRules([toCart]), strict, service('cart-next'), pod('next', { app: 'cart-next' })];
    expect(rulesAfter(objects, standing([mirror(100, 'next')]))[0]).toMatchObject({
      mirror: { host: 'cart-next.shop.svc.cluster.local', port: { number: 8080 } },
    });
    expect(notesOf(objects, standing([mirror(100, 'next')]))).toEqual(['traffic-policy-not-for-version']);
  });

  it('of requests that another service has a share of is for these as well, which is told', () => {
    const mixed = { route: ['cart', 'web'].map((one) => ({ destination: { host: one }, weight: 50 })) };
    expect(notesOf(withRules([mixed]), standing([mirror(10)]))).toEqual(['mixed-destinations']);
    expect(rulesAfter(withRules([mixed]), standing([mirror(10)]))[0]).toMatchObject(mixed);
  });
});

describe('a fault', () => {
  it('takes the place of the one that was there, in Istio’s words', () => {
    const faulty = { ...toCart, mirror: { host: 'web' }, fault: { abort: { percentage: { value: 1 }, grpcStatus: 'INTERNAL' } } };
    const fault: Intent = { match: [], fault: { delay: { percent: 50, ms: 1500 }, abort: { percent: 0.1, status: 503 } } };
    expect(rulesAfter(withRules([faulty]), standing([fault]))[0]).toEqual({
      name: `${NAME}/0`,
      ...toCart,
      mirror: { host: 'web' },
      fault: {
        delay: { percentage: { value: 50 }, fixedDelay: '1.5s' },
        abort: { percentage: { value: 0.1 }, httpStatus: 503 },
      },
    });
    expect(rulesAfter(withRules([toCart]), standing([delay(7000)]))[0]).toMatchObject({ fault: { delay: { fixedDelay: '7s' } } });
  });

  it('is written once where a rule sends to several ports, and a mirror cannot say for which', () => {
    const services = [8080, 9090].map((port) => ({ namespace: 'shop', name: 'cart', port }));
    const both = { route: [8080, 9090].map((number) => ({ destination: { host: 'cart', port: { number } }, weight: 50 })) };
    const objects = [
      service('cart', [8080, 9090]),
      ...pods,
      destinationRule('cart', 'cart'),
      virtualService('cart', { hosts: ['cart'], http: [both] }),
    ];
    expect(rulesAfter(objects, standing([delay(5)], services)).map(({ name }) => name)).toEqual([`${NAME}/0`, undefined]);
    expect(refusalsOf(objects, standing([mirror(5)], services))).toEqual(['several-ports-in-rule']);
  });

  it('is nothing for what the mesh answers itself, which is no request to the service', () => {
    const gone = { match: [{ uri: { prefix: '/gone' } }], redirect: { uri: '/' } };
    expect(rulesAfter(withRules([gone, toCart]), standing([delay(5)]))).toEqual([
      gone,
      { name: `${NAME}/0`, ...toCart, fault: { delay: { percentage: { value: 100 }, fixedDelay: '5ms' } } },
      toCart,
    ]);
  });

  it('is nothing either for a delegate’s rule whose root answers itself', () => {
    const root = { match: [{ uri: { prefix: '/teapot' } }], delegate: { name: 'leaf' }, directResponse: { status: 418 } };
    const leaf = virtualService('leaf', { http: [toCart] });
    expect(rulesAfter([...withRules([root, toCart]), leaf], standing([delay(5)])).map(({ name }) => name)).toEqual([
      undefined,
      `${NAME}/0`,
      undefined,
    ]);
  });
});

describe('several dimensions of one standing route', () => {
  const ALL = standing([to({ v2: 100 }, [JASON]), mirror(10), delay(20, [{ path: { kind: 'exact', value: '/slow' } }])]);

  it('meet in rules of their own, in front', () => {
    const rules = rulesAfter(withRules([toCart]), ALL);
    const jason = { headers: { 'end-user': { exact: 'jason' } } };
    const slow = { uri: { exact: '/slow' } };
    expect(rules.map(({ match, route, mirror: copies, fault }) => [match, route, copies !== undefined, fault !== undefined])).toEqual([
      [[{ ...slow, ...jason }], [{ destination: host('v2'), weight: 100 }], true, true],
      [[jason], [{ destination: host('v2'), weight: 100 }], true, false],
      [[slow], toCart.route, true, true],
      [undefined, toCart.route, true, false],
      [undefined, toCart.route, false, false],
    ]);
  });

  it('are the same beside a session, whoever came first, and go alone', () => {
    const A = takeover(session('a1'), header('x-dev', 'alice'));
    const objects = withRules([toCart]);
    const both = apply(apply(objects, ALL), A);
    expect(both.map(content)).toEqual(apply(apply(objects, A), ALL).map(content));
    expect(httpOf(named(both, 'VirtualService', 'cart') ?? {})[0]).toMatchObject({ name: 'heddle/session/shop/a1/0' });
    expect(editsOf(both, ALL)).toEqual([]);
    expect(apply(both, removal(A)).map(content)).toEqual(apply(objects, ALL).map(content));
    expect(apply(apply(both, removal(ALL)), removal(A)).map(content)).toEqual(objects.map(content));
  });

  it('are put anew when one of them has gone, or the rules beneath have changed', () => {
    const mixed = { route: ['cart', 'web'].map((one) => ({ destination: { host: one }, weight: 50 })) };
    const MIRROR = standing([mirror(10)]);
    const before = apply(withRules([mixed]), MIRROR);
    const edited = before.map((object) =>
      object.kind === 'VirtualService' ? { ...object, spec: { hosts: ['cart'], http: [...httpOf(object).slice(0, 1), toCart] } } : object,
    );
    expect(rulesAfter(edited, MIRROR)).toEqual(rulesAfter(withRules([toCart]), MIRROR));
    expect(rulesAfter(apply(withRules([toCart]), ALL), MIRROR)).toEqual(rulesAfter(withRules([toCart]), MIRROR));
  });

  it('stand in an object of ours where the mesh has none, and it goes with them', () => {
    const after = apply(world, ALL);
    expect(httpOf(named(after, 'VirtualService', 'heddle-cart') ?? {}).map(({ match }) => match)).toEqual([
      [{ port: 8080, uri: { exact: '/slow' }, headers: { 'end-user': { exact: 'jason' } } }],
      [{ port: 8080, headers: { 'end-user': { exact: 'jason' } } }],
      [{ port: 8080, uri: { exact: '/slow' } }],
      [{ port: 8080 }],
      [{ port: 8080 }],
    ]);
    expect(apply(after, removal(ALL))).toEqual(world);
  });
});

describe('a standing route is refused', () => {
  const messages = (change: Change, objects = withRules([toCart])) => {
    const planned = encode(change, observe(objects, { services: change.services }), env);
    return 'refused' in planned ? planned.refused : [];
  };
  const fault = (one: Extract<Intent, { fault: unknown }>['fault']): Intent => ({ match: [], fault: one });

  it.each<[string, string, Intent]>([
    ['a mirror of nothing', 'invalid-percent', mirror(0)],
    ['a mirror of more than everything', 'invalid-percent', mirror(101)],
    ['a share that Istio cannot count', 'invalid-percent', mirror(0.000_05)],
    ['a mirror to what nobody knows', 'no-version', mirror(1, 'v9')],
    ['no fault at all', 'invalid-fault', fault({})],
    ['a delay of nothing', 'invalid-fault', delay(0)],
    ['a delay in parts of a millisecond', 'invalid-fault', delay(1.5)],
    ['a status that Envoy does not take', 'invalid-fault', fault({ abort: { percent: 1, status: 600 } })],
    ['an exact share of what is finer', 'invalid-percent', fault({ abort: { percent: 12.345_67, status: 503 } })],
    ['no destination', 'no-version', to({ v1: 0 })],
  ])('with %s', (_, code, intent) => {
    const change = standing([intent]);
    const known = { ...change, versions: change.versions.filter(({ id }) => id !== 'v9') };
    const [refusal, ...more] = messages(known);
    expect([refusal?.code, refusal?.instead === undefined && code !== 'no-version', more]).toEqual([code, false, []]);
  });

  it('where two intents meet in requests that no one rule can ask for', () => {
    const at = (value: string): Intent => delay(5, [{ path: { kind: 'regex', value } }]);
    const meeting = [to({ v2: 100 }, [{ path: { kind: 'regex', value: '/a.*' } }]), at('/.*b')];
    expect(refusalsOf(withRules([toCart]), standing(meeting))).toEqual(['matches-meet']);
  });

  it('of two services over one rule that decides for both', () => {
    const mixed = { route: ['cart', 'web'].map((one) => ({ destination: { host: one }, weight: 50 })) };
    const objects = withRules([mixed], { hosts: ['cart', 'web'] });
    const web = standing([delay(5)], [{ namespace: 'shop', name: 'web', port: 8080 }]);
    expect(refusalsOf(apply(objects, standing([mirror(10)])), web)).toEqual(['standing-routes-meet']);
    expect(refusalsOf(apply(objects, takeover(session('a1'), header('x-dev', 'alice'))), web)).toEqual([]);
  });

  it('over a rule with its name that leads elsewhere alone, which is not ours', () => {
    const taken = { name: `${NAME}/0`, match: [{ uri: { prefix: '/x' } }], route: [{ destination: { host: 'web' } }] };
    expect(messages(standing([mirror(10)]), withRules([taken, toCart]))).toMatchObject([
      { code: 'name-taken', message: expect.stringContaining('does not send to cart.shop.svc.cluster.local') },
    ]);
  });
});
