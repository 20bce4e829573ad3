import type { KubeObject, ShadowSpec } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { CART, env, namespace, observe, SHOP, session, stored } from '../../test/support/scene.js';
import { shadow } from './shadow.js';

const spec: ShadowSpec = { owner: session('a1'), services: [CART], name: 'heddle-cart-a1', realise: 'service', sidecar: 'auto' };
const policy = (name: string, policySpec: object): KubeObject =>
  stored({ apiVersion: 'security.istio.io/v1', kind: 'AuthorizationPolicy', metadata: { name, namespace: 'shop' }, spec: policySpec });
const ask = (objects: readonly KubeObject[], more: Partial<ShadowSpec> = {}) => shadow({ ...spec, ...more }, observe(objects), env);
const withoutNamespace = SHOP.filter(({ kind }) => kind !== 'Namespace');

describe('shadow', () => {
  it.each([
    [{ 'istio-injection': 'enabled' }, true],
    [{ 'istio-injection': 'disabled', 'istio.io/rev': 'canary' }, false],
    [{ 'istio.io/rev': 'canary' }, true],
    [{}, false],
  ])('has a proxy as the namespace says with %j: %s', (labels, sidecar) => {
    const expected = { ok: { sidecar, podLabels: { 'sidecar.istio.io/inject': String(sidecar) } }, notes: [] };
    expect(ask([...withoutNamespace, namespace(labels)])).toMatchObject(expected);
  });

  it('has one as the pods of the service where the namespace cannot be read, and none when it is switched off', () => {
    expect(ask(withoutNamespace)).toMatchObject({ ok: { sidecar: true } });
    expect(ask(SHOP, { sidecar: 'off' })).toMatchObject({ ok: { sidecar: false } });
  });

  it('is refused as a subset, and for a service that is not there', () => {
    expect(ask(SHOP, { realise: 'subset' })).toMatchObject({ refused: [{ code: 'to.subset' }] });
    expect(ask([])).toMatchObject({ refused: [{ code: 'service-missing' }] });
  });

  it.each([
    ['for the pods of the service', { selector: { matchLabels: { app: 'cart' } }, action: 'DENY' }, 1],
    ['for one version', { selector: { matchLabels: { version: 'v1' } } }, 1],
    ['for a Service', { targetRefs: [{ kind: 'Service', name: 'cart' }] }, 1],
    ['for others', { selector: { matchLabels: { app: 'web' } } }, 0],
    ['for the whole namespace, which holds for the shadow too', {}, 0],
    ['that only writes logs', { selector: { matchLabels: { app: 'cart' } }, action: 'AUDIT' }, 0],
  ])('a policy %s', (_, policySpec, gaps) => {
    const planned = ask([...SHOP, policy('p', policySpec)]);
    expect('refused' in planned ? planned.refused.map(({ code }) => code) : []).toEqual(Array(gaps).fill('policy-gap'));
    expect(ask([...SHOP, policy('p', policySpec)], { acceptPolicyGap: true })).toMatchObject({ ok: { sidecar: true } });
  });
});
