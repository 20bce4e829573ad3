import { type KubeObject, metaOf, observeObjects, type ShadowSpec } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { env, pod, service, session, stored } from '../../test/support/objects.js';
import { observe } from '../../test/support/observe.js';
import { baseQueries } from '../decode/reads.js';
import { shadow } from './shadow.js';

const spec: ShadowSpec = {
  owner: session('a1'),
  services: [{ namespace: 'shop', name: 'cart', port: 8080 }],
  name: 'heddle-cart-a1',
  realise: 'service',
  sidecar: 'auto',
};
const namespace = (labels: Record<string, string>) => stored({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels } });
const policy = (name: string, policySpec: Record<string, unknown>, where = 'shop') =>
  stored({ apiVersion: 'security.istio.io/v1', kind: 'AuthorizationPolicy', metadata: { name, namespace: where }, spec: policySpec });
const injected = namespace({ 'istio-injection': 'enabled' });
const world = [service('cart'), pod('cart-1', { app: 'cart', version: 'v1' })];
const ask = (objects: readonly KubeObject[], more: Partial<ShadowSpec> = {}) =>
  shadow({ ...spec, ...more }, observe([...world, ...objects], spec), env);
const codes = (objects: readonly KubeObject[], more: Partial<ShadowSpec> = {}) => {
  const planned = ask(objects, more);
  return 'refused' in planned ? planned.refused.map(({ code }) => code) : planned.notes.map(({ code }) => `note ${code}`);
};

describe('shadow', () => {
  it.each([
    [{ 'istio-injection': 'enabled' }, true],
    [{ 'istio-injection': 'disabled', 'istio.io/rev': 'canary' }, false],
    [{ 'istio.io/rev': 'canary' }, true],
    [{}, false],
  ])('has a sidecar as the namespace says with %j: %s', (labels, sidecar) => {
    expect(ask([namespace(labels)])).toMatchObject({
      ok: { sidecar, podLabels: { 'sidecar.istio.io/inject': String(sidecar) }, serviceAccountToken: false },
      notes: [],
    });
  });

  it('has none when it is switched off', () => {
    expect(ask([injected], { sidecar: 'off' })).toMatchObject({
      ok: { sidecar: false, podLabels: { 'sidecar.istio.io/inject': 'false' } },
    });
  });

  it('follows the service’s pods where the namespace cannot be read, and says so', () => {
    expect(ask([])).toMatchObject({ ok: { sidecar: true }, notes: [{ code: 'namespace-unread' }] });
  });

  it('is seen by those who see the service', () => {
    expect(ask([injected])).toMatchObject({ ok: { serviceAnnotations: {} } });
    const base = service('cart');
    const hidden = { ...base, metadata: { ...metaOf(base), annotations: { 'networking.istio.io/exportTo': '.', other: 'x' } } };
    const planned = shadow(spec, observe([hidden, pod('cart-1', { app: 'cart' }), injected], spec), env);
    expect(planned).toMatchObject({ ok: { serviceAnnotations: { 'networking.istio.io/exportTo': '.' } } });
    expect('ok' in planned && Object.keys(planned.ok.serviceAnnotations)).toEqual(['networking.istio.io/exportTo']);
  });

  it('is no tag', () => {
    expect(codes([injected], { realise: 'tag' })).toEqual(['to.tag']);
  });

  it('has the labels that the service selects where it is to be one of its pods, and no Service of its own', () => {
    const hidden = { ...service('cart'), metadata: { ...metaOf(service('cart')), annotations: { 'networking.istio.io/exportTo': '.' } } };
    const behind = { ...spec, realise: 'subset' } as const;
    expect(shadow(behind, observe([hidden, pod('cart-1', { app: 'cart' }), injected], spec), env)).toMatchObject({
      ok: { podLabels: { app: 'cart', 'sidecar.istio.io/inject': 'true' }, serviceAnnotations: {} },
    });
  });

  it('needs a sidecar among pods that have one', () => {
    expect(codes([injected], { realise: 'subset', sidecar: 'off' })).toEqual(['subset-without-sidecar']);
    const bare = observe([service('cart'), pod('cart-1', { app: 'cart' }, 'shop', ['app'])], spec);
    expect(shadow({ ...spec, realise: 'subset', sidecar: 'off' }, bare, env)).toMatchObject({ ok: { sidecar: false } });
  });

  it('carries no label that the service selects', () => {
    const seen = observe([injected, service('cart', [8080], { selector: { 'sidecar.istio.io/inject': 'true' } })], spec);
    expect(shadow(spec, seen, env)).toMatchObject({ refused: [{ code: 'shadow-selected' }] });
  });
});

describe('policies that do not hold for the shadow', () => {
  const cart = { selector: { matchLabels: { app: 'cart' } } };
  it.each<[string, Record<string, unknown>, string[]]>([
    ['a DENY for the service', { ...cart, action: 'DENY', rules: [{ from: [{}] }] }, ['policy-gap']],
    ['a DENY without rules', { ...cart, action: 'DENY' }, []],
    ['an ALLOW with rules', { ...cart, rules: [{ from: [{ source: { namespaces: ['shop'] } }] }] }, ['policy-gap']],
    ['an ALLOW of nothing', { ...cart, action: 'ALLOW' }, ['policy-gap']],
    ['an ALLOW of everything', { ...cart, action: 'ALLOW', rules: [{}] }, []],
    ['an AUDIT', { ...cart, action: 'AUDIT', rules: [{ to: [{}] }] }, []],
    ['a CUSTOM one', { ...cart, action: 'CUSTOM', provider: { name: 'x' }, rules: [{ to: [{}] }] }, ['policy-gap']],
    ['one for a version of it', { selector: { matchLabels: { version: 'v1' } }, action: 'DENY', rules: [{ to: [{}] }] }, ['policy-gap']],
    ['one for others', { selector: { matchLabels: { app: 'web' } }, action: 'DENY', rules: [{ to: [{}] }] }, []],
    ['one for the whole namespace, which holds for the shadow too', { action: 'DENY', rules: [{ to: [{}] }] }, []],
    [
      'one for the Service at a waypoint',
      { targetRefs: [{ kind: 'Service', name: 'cart' }], action: 'DENY', rules: [{ to: [{}] }] },
      ['policy-gap'],
    ],
  ])('%s', (_, policySpec, expected) => expect(codes([injected, policy('p', policySpec)])).toEqual(expected));

  it('are notes when the user takes it so', () => {
    const deny = policy('p', { ...cart, action: 'DENY', rules: [{ to: [{}] }] });
    expect(codes([injected, deny], { acceptPolicyGap: true })).toEqual(['note policy-gap']);
  });

  it('are those of the root namespace too, and all of them for a shadow without a sidecar', () => {
    const wide = { action: 'DENY', rules: [{ to: [{}] }] };
    expect(codes([injected, policy('p', { ...cart, ...wide }, 'istio-system')])).toEqual(['policy-gap']);
    expect(codes([injected, policy('p', wide, 'istio-system')])).toEqual([]);
    expect(codes([injected, policy('p', wide)], { sidecar: 'off' })).toEqual(['policy-gap']);
    expect(codes([injected, policy('p', { ...cart, ...wide }, 'elsewhere')])).toEqual([]);
  });

  it('count as such when they cannot be read, but not in a mesh without that kind', () => {
    const seen = (unread: string) => {
      const found = new Map(observe([...world, injected], spec));
      for (const key of [...found.keys()].filter((one) => one.includes('AuthorizationPolicy'))) found.set(key, { unread });
      return found;
    };
    expect(shadow(spec, seen('forbidden'), env)).toMatchObject({ refused: [{ code: 'policy-gap' }, { code: 'policy-gap' }] });
    expect(shadow(spec, seen('no such kind'), env)).toMatchObject({ ok: { sidecar: true } });
    expect(shadow(spec, observeObjects([...world, injected], baseQueries()), env)).toMatchObject({
      refused: [{ code: 'policy-gap' }, { code: 'policy-gap' }],
    });
  });

  it('are noted for traffic policies of a DestinationRule', () => {
    const rule = (host: string, more: object) =>
      stored({
        apiVersion: 'networking.istio.io/v1',
        kind: 'DestinationRule',
        metadata: { name: host, namespace: 'shop' },
        spec: { host, ...more },
      });
    const subsets = { subsets: [{ name: 'v1', labels: { version: 'v1' } }] };
    expect(codes([injected, rule('cart', { ...subsets, trafficPolicy: { tls: { mode: 'SIMPLE' } } })])).toEqual([
      'note destination-rule-not-applied',
    ]);
    expect(codes([injected, rule('cart', subsets), rule('web', { trafficPolicy: {} })])).toEqual([]);
  });
});
