import { expect, it } from 'vitest';
import { validate } from './validate.js';

const env = { served: {}, settings: {} };

const object = (kind: string, spec: unknown, metadata: Readonly<Record<string, unknown>> = {}) => ({
  apiVersion: kind === 'HTTPRoute' || kind === 'GRPCRoute' ? 'gateway.networking.k8s.io/v1' : 'networking.istio.io/v1',
  kind,
  metadata: { name: 'a', namespace: 'shop', ...metadata },
  spec,
});
const pointers = (kind: string, spec: unknown, more = {}) => validate(object(kind, spec, more), env).map(({ pointer }) => pointer);

const route = [{ destination: { host: 'cart' } }];
const rule = (more: Readonly<Record<string, unknown>>) => ({ hosts: ['cart'], http: [{ route, ...more }] });

// Each rule is held to the recorded refusals in the conformance kit; here is where a fault is found.
it.each([
  ['VirtualService', rule({}), []],
  ['VirtualService', rule({ timeout: '1us' }), ['/spec/http/0/timeout']],
  ['VirtualService', rule({ timeout: 3, retries: { attempts: 2 ** 31 } }), ['/spec/http/0/timeout', '/spec/http/0/retries/attempts']],
  [
    'VirtualService',
    rule({ match: [{ uri: { prefix: '/' } }, { headers: { 'x/y': { regex: '(' } } }] }),
    ['/spec/http/0/match/1/headers', '/spec/http/0/match/1/headers/x~1y'],
  ],
  ['VirtualService', rule({ match: [{ uri: { prefix: '/', exact: '/' } }] }), ['/spec/http/0/match/0/uri']],
  ['VirtualService', { hosts: ['a.example', 'b.example', 'a.example'], http: [{ route }] }, ['/spec/hosts/2']],
  ['VirtualService', { hosts: ['cart'], exportTo: ['.', 'shop'], http: [{ route }] }, ['/spec/exportTo/1']],
  ['DestinationRule', { host: 'cart', subsets: [{ name: 'v1' }, { name: 'v1' }] }, ['/spec/subsets/1/name']],
  ['DestinationRule', { host: 'cart', trafficPolicy: {} }, ['/spec/trafficPolicy']],
  ['DestinationRule', { trafficPolicy: { tls: { mode: 'none' } } }, ['/spec/trafficPolicy/tls/mode', '/spec/host']],
  ['Gateway', { servers: [{ hosts: ['*'], port: { number: 80, name: 'a', protocol: 'X' } }] }, ['/spec/servers/0/port/protocol']],
  ['Sidecar', { egress: [{ hosts: ['cart'] }] }, ['/spec/egress/0/hosts/0']],
  ['ServiceEntry', { hosts: ['a.example'], addresses: ['10.0.0.0/33'] }, ['/spec/addresses/0']],
  ['HTTPRoute', { rules: [{ backendRefs: [{ name: 'cart' }] }] }, ['/spec/rules/0/backendRefs/0/port']],
  ['GRPCRoute', { rules: [{ backendRefs: [{ name: 'cart' }] }] }, ['/spec/rules/0/backendRefs/0/port']],
  ['GRPCRoute', { rules: [{ matches: [{ method: {} }] }] }, ['/spec/rules/0/matches/0/method']],
  [
    'GRPCRoute',
    { rules: [{ matches: [{ method: { service: 'a/b', method: '1' } }] }] },
    ['/spec/rules/0/matches/0/method/service', '/spec/rules/0/matches/0/method/method'],
  ],
  ['GRPCRoute', { rules: [{ filters: [{ type: 'RequestRedirect' }] }] }, ['/spec/rules/0/filters/0/type']],
  ['HTTPRoute', { rules: Array.from({ length: 17 }, () => ({})) }, ['/spec/rules']],
])('%s %j: faults at %j', (kind, spec, expected) => expect(pointers(kind, spec)).toEqual(expected));

it('a fault is an error that names the object, the field and the reason', () => {
  const [problem, ...more] = validate(object('VirtualService', rule({ timeout: '0s' })), env);
  expect(more).toEqual([]);
  expect(problem).toEqual({
    code: 'invalid-object',
    severity: 'error',
    message: 'VirtualService shop/a: spec.http[0].timeout: must be 1ms or more, not 0s',
    ref: { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', namespace: 'shop', name: 'a' },
    pointer: '/spec/http/0/timeout',
  });
});

it('what the API server drops is not held against an object', () => {
  expect(pointers('VirtualService', rule({ timeout: null, unknown: 3, match: [{ headers: { a: null } }] }))).toEqual([]);
  expect(pointers('VirtualService', { ...rule({}), hosts: ['cart', null] })).toEqual(['/spec/hosts/1']);
  expect(pointers('VirtualService', rule({ route: [{ destination: { host: null } }] }))).toEqual(['/spec/http/0/route/0/destination/host']);
});

it('an empty list counts as absent', () => {
  expect(pointers('VirtualService', { hosts: ['cart'], http: [{ delegate: { name: 'a' }, route: [] }] })).toEqual([]);
  expect(pointers('DestinationRule', { host: 'cart', trafficPolicy: { portLevelSettings: [] } })).toEqual(['/spec/trafficPolicy']);
  const tls = { mode: 'SIMPLE', insecureSkipVerify: true, subjectAltNames: [] };
  expect(pointers('DestinationRule', { host: 'cart', trafficPolicy: { tls } })).toEqual([]);
});

it('a GRPCRoute needs no spec, and takes methods, headers, filters and backends', () => {
  const matches = [{ method: { service: 'shop.v1.Cart', method: 'Get' }, headers: [{ name: 'x-dev', value: 'jason' }] }, {}];
  const filters = [{ type: 'RequestHeaderModifier', requestHeaderModifier: { set: [{ name: 'a', value: 'b' }] } }];
  const rules = [
    { matches, filters, backendRefs: [{ name: 'cart', port: 80, weight: 0 }] },
    { matches: [{ method: { type: 'RegularExpression', service: 'a/.*' } }] },
  ];
  expect(pointers('GRPCRoute', { parentRefs: [{ group: '', kind: 'Service', name: 'cart' }], rules })).toEqual([]);
  expect(pointers('GRPCRoute', undefined)).toEqual([]);
});

it('the name of an object and its annotations count', () => {
  const servers = [{ hosts: ['*'], port: { number: 80, name: 'a', protocol: 'HTTP' } }];
  expect(pointers('Gateway', { servers }, { name: 'a.b' })).toEqual(['/metadata/name']);
  expect(pointers('VirtualService', rule({}), { annotations: { 'istio.io/dry-run': 'true' } })).toEqual(['/metadata/annotations']);
});

it.each(['VirtualService', 'DestinationRule', 'Gateway', 'Sidecar', 'ServiceEntry', 'HTTPRoute'])(
  '%s without a spec is refused',
  (kind) => {
    expect(pointers(kind, undefined)).toEqual(['/spec']);
    expect(pointers(kind, 'spec')).toEqual(['/spec']);
  },
);

it('other kinds and the API of before 1.0 are left alone', () => {
  expect(validate({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' }, spec: 3 }, env)).toEqual([]);
  expect(validate({ apiVersion: 'config.istio.io/v1alpha2', kind: 'RouteRule', metadata: { name: 'a' }, spec: {} }, env)).toEqual([]);
  expect(validate('nothing', env)).toEqual([]);
});

it.each([
  ['1.14.6', [30, 30], ['/spec/http/0/route']],
  ['1.14.6', [70, 30], []],
  ['1.14.6', [200], ['/spec/http/0/route/0/weight']],
  ['1.15.0', [30, 30], []],
  [undefined, [200, 1], []],
  [undefined, [0, 0], ['/spec/http/0/route']],
])('Istio %s, weights %j: faults at %j', (version, weights, expected) => {
  const spec = rule({ route: weights.map((weight) => ({ destination: { host: 'cart' }, weight })) });
  const found = validate(object('VirtualService', spec), { ...env, ...(version === undefined ? {} : { version }) });
  expect(found.map(({ pointer }) => pointer)).toEqual(expected);
});
