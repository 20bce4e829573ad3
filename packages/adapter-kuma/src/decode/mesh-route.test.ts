import { type KubeObject, parseRequest } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { ask, decoded, from, kuma, mesh, observed, pod, route, rule, service, version } from '../../test/support/mesh-objects.js';
import { readWorld } from './world.js';

const CART = 'cart_shop_svc_80';
const base = [
  mesh(),
  service('cart'),
  service('web'),
  pod('v1', { app: 'cart', version: 'v1' }),
  pod('v2', { app: 'cart', version: 'v2' }),
  pod('web-0', { app: 'web' }),
];
const cart = (rules: readonly unknown[], name = CART) => ({ targetRef: { kind: 'MeshService', name }, rules });
const http = (name: string, spec: Record<string, unknown>, home?: string, labels?: Record<string, string>) =>
  route('MeshHTTPRoute', name, spec, home, labels);
const everywhere = (value: string, name = 'm', home?: string) => http(name, { to: [cart([rule('/', version(value))])] }, home);
const tablesOf = (objects: readonly KubeObject[], env = kuma()) =>
  decoded(objects, { services: [{ namespace: 'shop', name: 'cart', port: 80 }] }, env);

describe('roles', () => {
  it("a policy of the service's namespace that names it by its tag speaks for all callers", () => {
    const objects = [...base, everywhere('v1', 'm', 'shop')];
    expect(ask(objects, 'http://cart.shop/', from({}, 'shop'))).toEqual({ v1: 1 });
    expect(ask(objects, 'http://cart.shop/', from({}, 'other'))).toEqual({ v1: 1 });
  });

  it("a consumer's is about the callers of its own namespace", () => {
    const labelled = http('m', { to: [cart([rule('/', version('v2'))])] }, 'other', {
      'kuma.io/policy-role': 'consumer',
      'k8s.kuma.io/namespace': 'other',
    });
    expect(ask([...base, labelled], 'http://cart.shop/', from({}, 'shop'))).toEqual({ 'v1+v2': 1 });
    expect(ask([...base, labelled], 'http://cart.shop/', from({}, 'other'))).toEqual({ v2: 1 });
  });

  it.each([
    ['2.14.3', { labels: { 'kuma.io/display-name': 'cart' } }, 'consumer'],
    ['3.0.0', { labels: { 'kuma.io/display-name': 'cart' } }, 'producer'],
    ['3.0.0', { labels: { 'kuma.io/display-name': 'cart', more: 'x' } }, 'consumer'],
    ['3.0.0', { labels: { 'kuma.io/display-name': 'cart', 'k8s.kuma.io/namespace': 'elsewhere' } }, 'consumer'],
    ['2.14.3', { name: 'cart' }, 'producer'],
    ['2.14.3', { name: 'cart', namespace: 'shop' }, 'producer'],
    ['2.14.3', { name: 'cart', namespace: 'elsewhere' }, 'consumer'],
  ])('follow from the items where no webhook has written them: in %s, %j makes a %s', (release, ref, role) => {
    const object = http('m', { to: [{ targetRef: { kind: 'MeshService', ...ref }, rules: [] }] }, 'shop');
    const { httpRoutes, refused } = readWorld(observed([object], { services: [] }), kuma(release));
    expect(refused).toEqual([]);
    expect(httpRoutes.map((one) => one.role)).toEqual([role]);
  });

  it('system < producer < consumer, whatever the names', () => {
    const system = everywhere('v1', 'a');
    const producer = everywhere('v2', 'z', 'shop');
    expect(ask([...base, system, producer], 'http://cart.shop/', from({}, 'other'))).toEqual({ v2: 1 });
    const web = { kind: 'MeshService', name: 'web_shop_svc_80' };
    const consumer = http('z', { to: [cart([rule('/', web)])] }, 'other', { 'kuma.io/policy-role': 'consumer' });
    expect(ask([...base, system, producer, consumer], 'http://cart.shop/', from({}, 'other'))).toEqual({ 'web-0': 1 });
    expect(ask([...base, system, producer, consumer], 'http://cart.shop/', from({}, 'shop'))).toEqual({ v2: 1 });
  });

  it('a kind of target counts more than a role', () => {
    const producer = everywhere('v2', 'a', 'shop');
    const system = http('z', { targetRef: { kind: 'Dataplane', labels: { app: 'web' } }, to: [cart([rule('/', version('v1'))])] });
    expect(ask([...base, producer, system], 'http://cart.shop/', from({ app: 'web' }))).toEqual({ v1: 1 });
    expect(ask([...base, producer, system], 'http://cart.shop/', from({ app: 'x' }))).toEqual({ v2: 1 });
  });

  it("the zone's own counts more than the global control plane's; another zone's is not about these clients", () => {
    const global = http('a', { to: [cart([rule('/', version('v1'))])] }, undefined, { 'kuma.io/origin': 'global' });
    const zone = http('z', { to: [cart([rule('/', version('v2'))])] }, undefined, { 'kuma.io/origin': 'zone' });
    const west = http('w', { to: [cart([rule('/', version('v1'))])] }, undefined, { 'kuma.io/origin': 'zone', 'kuma.io/zone': 'west' });
    expect(ask([...base, global, zone, west], 'http://cart.shop/')).toEqual({ v2: 1 });
  });
});

describe('rules', () => {
  it('of equal matches are one: backends of the stronger, filters of the weaker where the stronger has none', () => {
    const rewrite = { filters: [{ type: 'URLRewrite', urlRewrite: { hostname: 'cart.example' } }] };
    const strong = http('a', { to: [cart([rule('/x', version('v1'))])] });
    const weak = http('b', { to: [cart([rule('/x', version('v2'), rewrite)])] });
    const [table] = tablesOf([...base, strong, weak]).tables;
    expect(
      table?.rules.map(({ action, rewrite: done, origins }) => [
        typeof action === 'object' && 'to' in action && action.to[0]?.labels,
        done,
        origins.map(({ ref }) => ref.name),
      ]),
    ).toEqual([[{ version: 'v1' }, { authority: 'cart.example' }, ['a', 'b']]]);
  });

  it('point to where they stand, a rule with two matches twice', () => {
    const matches = [{ path: { type: 'Exact', value: '/a' } }, { headers: [{ name: 'x', value: '1' }] }];
    const m = http('m', { to: [cart([]), cart([rule('/', version('v1')), { matches, default: {} }])] });
    const [table] = tablesOf([...base, m]).tables;
    expect(table?.rules.map(({ origins, label }) => [origins[0]?.pointer, label])).toEqual([
      ['/spec/to/1/rules/1', 'MeshHTTPRoute kuma-system/m to[1].rules[1]'],
      ['/spec/to/1/rules/0', 'MeshHTTPRoute kuma-system/m to[1].rules[0]'],
      ['/spec/to/1/rules/1', 'MeshHTTPRoute kuma-system/m to[1].rules[1]'],
    ]);
  });

  it('without a usable backend are left out, and their path goes to whatever comes next', () => {
    const dead = [version('v1', CART, { weight: 0 }), { kind: 'MeshService', name: 'nobody_shop_svc_80' }];
    const m = http('m', { to: [cart([rule('/x', dead), rule('/', version('v2'))])] });
    expect(ask([...base, m], 'http://cart/x')).toEqual({ v2: 1 });
    expect(tablesOf([...base, m]).problems.map(({ code }) => code)).toEqual(expect.arrayContaining(['backend-unusable', 'rule-dead']));
    expect(ask([...base, m], 'http://cart/x', from(), kuma('3.0.0'))).toEqual({ 'v1+v2': 1 });
  });

  it('replace a prefix as Kuma does: the path itself, and what is below it without its slash', () => {
    const filters = [{ type: 'URLRewrite', urlRewrite: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/new' } } }];
    const [table] = tablesOf([...base, http('m', { to: [cart([rule('/p', version('v1'), { filters })])] })]).tables;
    expect(table?.rules[0]?.match).toEqual([{ path: { kind: 'exact', value: '/p' } }, { path: { kind: 'rawPrefix', value: '/p/' } }]);
    expect(table?.rules[0]?.rewrite).toEqual({ path: { prefix: '/new' } });
  });

  it('redirect, whatever else they say', () => {
    const filters = [
      { type: 'RequestMirror', requestMirror: { backendRef: version('v2') } },
      {
        type: 'RequestRedirect',
        requestRedirect: { hostname: 'example.com', statusCode: 301, path: { type: 'ReplaceFullPath', replaceFullPath: '/y' } },
      },
    ];
    expect(ask([...base, http('m', { to: [cart([rule('/', version('v1'), { filters })])] })], 'http://cart/x?q=1')).toBe(
      'http://example.com/y?q=1',
    );
  });

  it.each([
    [
      'a RequestMirror stands behind a RequestRedirect',
      { type: 'RequestRedirect', requestRedirect: { scheme: 'https' } },
      { type: 'RequestMirror', requestMirror: { backendRef: version('v2') } },
    ],
    [
      'two URLRewrites replace the path',
      { type: 'URLRewrite', urlRewrite: { path: { type: 'ReplaceFullPath', replaceFullPath: '/y' } } },
      { type: 'URLRewrite', urlRewrite: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/z' } } },
    ],
    ['changes host', { type: 'RequestHeaderModifier', requestHeaderModifier: { set: [{ name: 'host', value: 'h' }] } }],
  ])('take all routes from their clients where %s', (why, ...filters) => {
    const { problems } = tablesOf([...base, http('m', { to: [cart([rule('/', version('v1'), { filters })])] })]);
    expect(problems.filter(({ code }) => code === 'filter-unusable').map(({ message }) => message)).toEqual([expect.stringContaining(why)]);
  });

  it('change headers and copy requests', () => {
    const filters = [
      {
        type: 'RequestHeaderModifier',
        requestHeaderModifier: { set: [{ name: 'a', value: '1' }], add: [{ name: 'b', value: '2' }], remove: ['c'] },
      },
      { type: 'ResponseHeaderModifier', responseHeaderModifier: { set: [{ name: 'd', value: '3' }] } },
      { type: 'RequestMirror', requestMirror: { percentage: '12.34567', backendRef: version('v2') } },
      { type: 'RequestMirror', requestMirror: { backendRef: { kind: 'MeshService', name: 'nobody' } } },
    ];
    const { tables, problems } = tablesOf([...base, http('m', { to: [cart([rule('/', version('v1'), { filters })])] })]);
    expect(tables[0]?.rules[0]?.headers).toEqual({
      request: { set: { a: '1' }, add: { b: '2' }, remove: ['c'] },
      response: { set: { d: '3' } },
    });
    expect(tables[0]?.rules[0]?.mirrors?.map(({ percent, destination }) => [percent, destination.labels])).toEqual([
      [12.3457, { version: 'v2' }],
    ]);
    expect(problems.map(({ code }) => code)).toContain('filter-unusable');
  });

  it('have the timeouts and retries that are about their route alone', () => {
    const policy = (kind: string, name: string, spec: Record<string, unknown>) => ({
      apiVersion: 'kuma.io/v1alpha1',
      kind,
      metadata: { name, namespace: 'kuma-system', labels: { 'kuma.io/mesh': 'default' } },
      spec,
    });
    const timeout = (requestTimeout: string) => ({ http: { requestTimeout } });
    const retry = { http: { numRetries: 3 } };
    const limits = (...policies: readonly KubeObject[]) =>
      tablesOf([...base, everywhere('v1'), ...policies]).tables[0]?.rules.map(({ timeoutMs, retry: again }) => [timeoutMs, again]);
    expect(limits()).toEqual([[undefined, undefined]]);
    const whole = { to: [{ targetRef: { kind: 'Mesh' }, default: timeout('15s') }] };
    expect(limits(policy('MeshTimeout', 'all', whole))).toEqual([[undefined, undefined]]);
    const own = { targetRef: { kind: 'MeshHTTPRoute', name: 'm' }, to: [{ targetRef: { kind: 'Mesh' }, default: timeout('1m1.5s') }] };
    const item = (conf: unknown, name = 'm') => ({ to: [{ targetRef: { kind: 'MeshHTTPRoute', name }, default: conf }] });
    expect(limits(policy('MeshTimeout', 't', own), policy('MeshRetry', 'r', item(retry)))).toEqual([[61_500, retry]]);
    expect(limits(policy('MeshTimeout', 'b', item(timeout('2s'))), policy('MeshTimeout', 'a', item(timeout('1s'))))).toEqual([
      [1000, undefined],
    ]);
    expect(limits(policy('MeshTimeout', 't', item(timeout('2s'), 'other')))).toEqual([[undefined, undefined]]);
  });

  it('of a tcp service are for nothing, but one of MeshTCPRoute', () => {
    const objects = base.map((object) => (object === base[1] ? service('cart', { appProtocol: 'tcp' }) : object));
    const m = everywhere('v1');
    expect(ask([...objects, m], 'http://cart/')).toEqual({ 'v1+v2': 1 });
    const tcp = (name: string, value: string) =>
      route('MeshTCPRoute', name, { to: [cart([{ default: { backendRefs: [version(value)] } }])] });
    expect(ask([...objects, m, tcp('b', 'v1'), tcp('a', 'v2')], 'http://cart/')).toEqual({ v2: 1 });
    const lost = route('MeshTCPRoute', 't', { to: [cart([{ default: { backendRefs: [version('v1', CART, { weight: 0 })] } }])] });
    expect(ask([...objects, lost], 'http://cart/')).toBe('listener without filters');
  });

  it('of ours have an owner', () => {
    const labels = { 'app.kubernetes.io/managed-by': 'heddle', 'heddle.dev/session': 't1', 'heddle.dev/namespace': 'shop' };
    const ours = http('heddle-t1', { to: [cart([rule('/x', version('v1'))])] }, 'shop', labels);
    expect(tablesOf([...base, ours, everywhere('v2')]).tables[0]?.rules.map(({ owner }) => owner)).toEqual([
      { kind: 'session', namespace: 'shop', id: 't1' },
      'foreign',
    ]);
    // One that is equal to a user's merges with it, and is nobody's alone.
    const equal = http('heddle-t1', { to: [cart([rule('/', version('v1'))])] }, 'shop', labels);
    expect(tablesOf([...base, equal, everywhere('v2')]).tables[0]?.rules.map(({ owner }) => owner)).toEqual(['foreign']);
  });
});

describe('what the API server or the webhook would refuse', () => {
  const of = (more: Record<string, unknown>, refs: readonly unknown[] = [version('v1')]) => ({
    to: [cart([{ ...rule('/x', refs as never), ...more }])],
  });
  it.each<[what: string, spec: Record<string, unknown>, home?: string]>([
    ['no match', of({ matches: [] })],
    ['a path with a slash at its end', of({ matches: [{ path: { type: 'PathPrefix', value: '/x/' } }] })],
    ['a path that is none', of({ matches: [{ path: { type: 'Exact', value: 'x' } }] })],
    ['an upper-case header', of({ matches: [{ headers: [{ name: 'X-A', value: '1' }] }] })],
    [
      'a parameter twice',
      of({
        matches: [
          {
            queryParams: [
              { type: 'Exact', name: 'q', value: '1' },
              { type: 'Exact', name: 'q', value: '2' },
            ],
          },
        ],
      }),
    ],
    ['a MeshMultiZoneService without a port', of({}, [{ kind: 'MeshMultiZoneService', labels: { a: 'b' } }])],
    ['a client that is no client', { targetRef: { kind: 'MeshHTTPRoute', name: 'x' }, ...of({}) }],
    [
      'items of a producer and of a consumer',
      { to: [cart([rule('/x', version('v1'))]), { targetRef: { kind: 'MeshService', name: 'other', namespace: 'x' }, rules: [] }] },
      'shop',
    ],
    ['a tag without a value', of({}, [{ kind: 'MeshServiceSubset', name: 'cart_shop_svc_80', tags: { version: '' } }])],
    ['a subset of clients by any tag', { targetRef: { kind: 'MeshSubset', tags: { env: '*' } }, ...of({}) }],
    ['a filter that says nothing', { to: [cart([rule('/x', version('v1'), { filters: [{ type: 'URLRewrite' }] })])] }],
  ])('is left out and said: %s', (_, spec, home) => {
    const { tables, problems } = tablesOf([...base, http('m', spec, home)]);
    expect(tables[0]?.rules).toEqual([]);
    expect(problems.map(({ code }) => code)).toContain('refused-by-mesh');
  });

  it('more of it from 3.0 on: versions by tag, names, clients by tag', () => {
    const env = kuma('3.0.0');
    const by = (spec: Record<string, unknown>) =>
      tablesOf([...base, http('m', spec)], env).problems.filter(({ code }) => code === 'refused-by-mesh');
    const labels = { 'kuma.io/display-name': 'cart', 'k8s.kuma.io/namespace': 'shop' };
    const item = (refs: readonly unknown[]) => ({
      to: [{ targetRef: { kind: 'MeshService', labels }, rules: [rule('/', refs as never)] }],
    });
    expect(by(item([version('v1')]))).toHaveLength(1);
    expect(by({ to: [cart([])] })).toHaveLength(1);
    expect(
      by({ targetRef: { kind: 'MeshSubset', tags: { app: 'web' } }, ...item([{ kind: 'MeshService', labels, port: 80 }]) }),
    ).toHaveLength(1);
    expect(by(item([{ kind: 'MeshService', labels, port: 80 }]))).toHaveLength(0);
  });
});

it('reads requests as they are: the port counts, the Host header does not', () => {
  const objects = [...base, everywhere('v1')];
  const { tables } = decoded(objects, { services: [], hosts: ['cart.shop:80'] });
  expect(
    tables.some(
      ({ port, domains }) => port === parseRequest({ method: 'GET', url: 'http://cart.shop/', headers: [] }).port && domains[0] === '*',
    ),
  ).toBe(true);
});
