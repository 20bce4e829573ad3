import { type KubeObject, observeObjects } from '@heddle/core';
import { describe, expect, test } from 'vitest';
import { cart, found, queries, to } from '../../test/support/linted.js';
import { env, pod, service, session, stored, virtualService } from '../../test/support/objects.js';
import { ruleName } from '../owned/rule-name.js';
import { lint } from './lint.js';

describe('delegates', () => {
  const root = virtualService('root', {
    hosts: ['cart'],
    http: [{ match: [{ uri: { prefix: '/a/' } }], delegate: { name: 'leaf' } }, { route: [to('cart', 'v1')] }],
  });
  const leaf = (spec: Record<string, unknown>) => virtualService('leaf', spec);
  const rules = [{ match: [{ uri: { prefix: '/a/b/' } }], route: [to('cart', 'v2')] }];

  test.each<[string, KubeObject | undefined, readonly string[]]>([
    ['fits', leaf({ http: rules }), []],
    ['is missing', undefined, ['error delegate-missing vs root /spec/http/0/delegate']],
    ['has hosts', leaf({ hosts: ['x.example.com'], http: rules }), ['error delegate-with-hosts vs root /spec/http/0/delegate']],
    [
      'matches other requests',
      leaf({ http: [{ match: [{ uri: { prefix: '/c' } }], route: [to('cart', 'v2')] }] }),
      ['warning delegate-rule-dropped vs leaf /spec/http/0'],
    ],
    ['delegates on', leaf({ http: [{ delegate: { name: 'more' } }] }), ['error delegate-nested vs leaf /spec/http/0/delegate']],
  ])('one that %s', (_, object, expected) => {
    expect(found([...cart, root, ...(object === undefined ? [] : [object])])).toEqual(expected);
  });

  test('one that is not exported to its root', () => {
    const away = {
      ...root,
      spec: { hosts: ['cart'], http: [{ delegate: { name: 'leaf', namespace: 'team' } }, { route: [to('cart', 'v1')] }] },
    };
    const hidden = virtualService('leaf', { exportTo: ['.'], http: [{ route: [to('cart.shop.svc.cluster.local', 'v2')] }] }, 'team');
    expect(found([...cart, away, hidden])).toEqual(['error delegate-not-exported vs root /spec/http/0/delegate']);
  });
});

describe('rules', () => {
  const web = [service('web'), pod('web', { app: 'web' })];
  const rule = (...http: readonly Record<string, unknown>[]) => [...web, virtualService('web', { hosts: ['web'], http })];
  const all = { route: [to('web')] };

  test.each<[string, readonly Record<string, unknown>[], readonly string[]]>([
    ['behind one without match', [all, all], ['warning rule-unreached vs web /spec/http/1']],
    [
      'behind a broader one',
      [{ match: [{ uri: { prefix: '/v1' } }], ...all }, { match: [{ uri: { exact: '/v10' } }], ...all }, all],
      ['warning rule-unreached vs web /spec/http/1'],
    ],
    ['no catch-all', [{ match: [{ uri: { exact: '/a' } }], ...all }], ['warning no-catch-all vs web /spec/http']],
    ['a lone weight of 0', [{ route: [to('web', undefined, { weight: 0 })] }], ['warning weight-zero vs web /spec/http/0/route/0/weight']],
    [
      'a weight that is left away',
      [{ route: [to('web', undefined, { weight: 90 }), to('web')] }],
      ['warning weight-omitted vs web /spec/http/0/route/1'],
    ],
    [
      'weights that sum to 110',
      [{ route: [to('web', undefined, { weight: 90 }), to('web', undefined, { weight: 20 })] }],
      ['warning weights-sum vs web /spec/http/0/route'],
    ],
    [
      'a rewrite without a prefix',
      [{ rewrite: { uri: '/new' }, ...all }],
      ['warning rewrite-without-prefix vs web /spec/http/0/rewrite/uri'],
    ],
    ['a rewrite of a prefix', [{ match: [{ uri: { prefix: '/old/' } }], rewrite: { uri: '/new/' }, ...all }, all], []],
    ['a match for one port ends the list there only', [{ match: [{ port: 8080 }], ...all }, all], []],
  ])('%s', (_, http, expected) => {
    expect(found(rule(...http))).toEqual(expected);
  });

  test('rules of ours are passed over', () => {
    const zero = { match: [{ headers: { x: { exact: 'a' } } }], route: [to('web', undefined, { weight: 0 })] };
    expect(found(rule({ ...zero, name: ruleName(session('abc'), 0) }, all))).toEqual([]);
    expect(found(rule({ ...zero, name: 'theirs' }, all))).toEqual(['warning weight-zero vs web /spec/http/0/route/0/weight']);
  });

  test('rules for requests on a port that carries none', () => {
    const tcp = service('web', [], { ports: [{ name: 'tcp-db', port: 80 }] });
    expect(found([tcp, pod('web', { app: 'web' }), virtualService('web', { hosts: ['web'], http: [all] })])).toEqual([
      'error http-rules-on-tcp vs web /spec/http',
    ]);
  });

  test('an HTTPRoute in the place of a VirtualService', () => {
    const route = stored({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: { name: 'web', namespace: 'shop' },
      spec: {
        parentRefs: [{ group: '', kind: 'Service', name: 'web', port: 8080 }],
        rules: [{ backendRefs: [{ name: 'web', port: 8080 }] }],
      },
    });
    expect(found([...rule(all), route])).toEqual(['error virtual-service-shadowed vs web /spec/hosts/0']);
  });

  test('RouteRules are of another age', () => {
    const old = stored({
      apiVersion: 'config.istio.io/v1alpha2',
      kind: 'RouteRule',
      metadata: { name: 'web', namespace: 'shop' },
      spec: { destination: { name: 'web' }, route: [{ labels: { version: 'v1' } }] },
    });
    expect(found([...web, old])).toEqual(['error legacy-ignored RouteRule web /apiVersion']);
    expect(lint(observeObjects([...web, old], queries), { ...env, version: '0.8.0' })).toEqual([]);
  });
});
