import { expect, it } from 'vitest';
import { validate } from './validate.js';

const env = { served: {}, settings: {} };
const tags = (name: string, more = {}) => ({ 'kuma.io/service': name, ...more });

const trafficRoute = (conf: unknown, metadata = {}) => ({
  apiVersion: 'kuma.io/v1alpha1',
  kind: 'TrafficRoute',
  mesh: 'default',
  metadata: { name: 'cart', ...metadata },
  spec: { sources: [{ match: tags('*') }], destinations: [{ match: tags('cart_shop_svc_80') }], conf },
});

const meshRoute = (rule: unknown, kind = 'MeshHTTPRoute') => ({
  apiVersion: 'kuma.io/v1alpha1',
  kind,
  metadata: { name: 'cart', namespace: 'kuma-system' },
  spec: { to: [{ targetRef: { kind: 'MeshService', name: 'cart_shop_svc_80' }, rules: [rule] }] },
});

const destination = tags('cart_shop_svc_80', { version: 'v1' });
const matches = [{ path: { type: 'PathPrefix', value: '/' } }];
const pointers = (object: unknown, version?: string) =>
  validate(object, { ...env, ...(version === undefined ? {} : { version }) }).map(({ pointer }) => pointer);

it.each([
  [{ destination }, []],
  [{}, ['/spec/conf']],
  [{ split: [{ destination }] }, ['/spec/conf/split/0/weight', '/spec/conf/split']],
  [{ destination, http: [{ match: {}, destination }] }, ['/spec/conf/http/0/match']],
  [{ destination, http: [{ match: { headers: { 'x/y': { prefix: '' } } }, destination }] }, ['/spec/conf/http/0/match/headers/x~1y']],
])('a TrafficRoute with %j: faults at %j', (conf, expected) => expect(pointers(trafficRoute(conf))).toEqual(expected));

it.each([
  [{ matches, default: {} }, []],
  [{ matches: [], default: {} }, ['/spec/to/0/rules/0/matches']],
  [{ matches: [{ path: { type: 'PathPrefix', value: '/a/' } }], default: {} }, ['/spec/to/0/rules/0/matches/0/path/value']],
  [{ matches, default: { filters: [{ type: 'URLRewrite' }] } }, ['/spec/to/0/rules/0/default/filters/0/urlRewrite']],
  [{ matches, default: { filters: [{ type: 'constructor' }] } }, ['/spec/to/0/rules/0/default/filters/0/type']],
  [{ matches, default: { backendRefs: [{ kind: 'MeshGateway' }] } }, ['/spec/to/0/rules/0/default/backendRefs/0/kind']],
])('a MeshHTTPRoute with the rule %j: faults at %j', (rule, expected) => expect(pointers(meshRoute(rule))).toEqual(expected));

it('a fault is an error that names the object, the field and the reason', () => {
  expect(validate(meshRoute({ default: {} }, 'MeshTCPRoute'), env)).toEqual([
    {
      code: 'invalid-object',
      severity: 'error',
      message: 'MeshTCPRoute kuma-system/cart: spec.to[0].rules[0].default.backendRefs: there must be at least one',
      ref: { apiVersion: 'kuma.io/v1alpha1', kind: 'MeshTCPRoute', namespace: 'kuma-system', name: 'cart' },
      pointer: '/spec/to/0/rules/0/default/backendRefs',
    },
  ]);
});

it('tags with backslashes are refused, each with what to write; the rest is judged without them', () => {
  const escaped = tags('cart\\_shop\\_svc\\_80');
  const route = trafficRoute({ split: [{ weight: 1, destination: escaped }, { destination: tags('*', { 'a\\_b': 'c' }) }] });
  const found = validate({ ...route, spec: { ...route.spec, sources: [{ match: escaped }], destinations: [{ match: escaped }] } }, env);
  expect(found.map(({ code, pointer, fix }) => [code, pointer, fix])).toEqual([
    ['tag-backslash', '/spec/sources/0/match/kuma.io~1service', 'write kuma.io/service: cart_shop_svc_80'],
    ['tag-backslash', '/spec/destinations/0/match/kuma.io~1service', 'write kuma.io/service: cart_shop_svc_80'],
    ['tag-backslash', '/spec/conf/split/0/destination/kuma.io~1service', 'write kuma.io/service: cart_shop_svc_80'],
    ['tag-backslash', '/spec/conf/split/1/destination/a\\_b', 'write a_b: c'],
    ['invalid-object', '/spec/conf/split/1/weight', undefined],
  ]);
  expect(pointers(trafficRoute({ destination: tags('a b') }))).toEqual(['/spec/conf/destination/kuma.io~1service']);
});

it('the version counts, and a uid does not', () => {
  expect(pointers(meshRoute({ matches, default: {} }), '3.0.0')).toEqual(['/spec/to/0/targetRef/name']);
  expect(pointers(trafficRoute({}, { uid: 'u' }))).toEqual(['/spec/conf']);
});

it('other kinds are left alone', () => {
  expect(validate({ apiVersion: 'kuma.io/v1alpha1', kind: 'MeshTimeout', metadata: { name: 'a' }, spec: 3 }, env)).toEqual([]);
  expect(validate({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' } }, env)).toEqual([]);
  expect(validate(undefined, env)).toEqual([]);
});
