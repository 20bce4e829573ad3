import { type KubeObject, metaOf, type ShadowSpec } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { CART, observe, session, stored, world } from '../../test/support/changes.js';
import { kuma, mesh, namespace, pod, route, service, trafficRoute } from '../../test/support/mesh-objects.js';
import { shadow } from './shadow.js';

const spec: ShadowSpec = { owner: session('a1'), services: [CART], name: 'heddle-cart-a1', realise: 'service', sidecar: 'auto' };
const asked = (objects: readonly KubeObject[], more: Partial<ShadowSpec> = {}, version = '2.14.3') =>
  shadow({ ...spec, ...more }, observe(objects, [CART], kuma(version)), kuma(version));
const codes = (...args: Parameters<typeof asked>) => {
  const result = asked(...args);
  return 'refused' in result ? result.refused.map(({ code }) => code) : result.notes.map(({ code }) => code);
};
const replaced = (object: KubeObject) =>
  world().map((one) => (one.kind === object.kind && metaOf(one).name === metaOf(object).name ? stored(object) : one));
const withMtls = (...more: readonly KubeObject[]) => [
  ...world(...more).filter(({ kind }) => kind !== 'Mesh'),
  stored({ ...mesh(), spec: { mtls: { enabledBackend: 'ca' } } }),
];

describe('the shadow', () => {
  it('has a sidecar, and the token that it needs, and is ready whatever becomes of its tunnel', () => {
    expect(asked(world())).toEqual({
      ok: {
        sidecar: true,
        podLabels: { 'kuma.io/sidecar-injection': 'enabled' },
        podAnnotations: {},
        serviceLabels: {},
        serviceAnnotations: {},
        serviceAccountToken: true,
        readyWithoutTunnel: true,
      },
      notes: [],
    });
  });

  it('is of the mesh of the pods, and says what its ports carry as the service does', () => {
    const annotations = { '80.service.kuma.io/protocol': 'http', '81.service.kuma.io/protocol': 'tcp', other: 'x' };
    const objects = [
      ...replaced(service('cart', { appProtocol: undefined }, 'shop', { annotations })),
      stored(pod('cart-v3', { app: 'cart', 'kuma.io/mesh': 'blue' })),
    ].filter((object) => !['cart-v1', 'cart-v2'].includes(metaOf(object).name));
    expect(asked(objects)).toMatchObject({
      ok: {
        podLabels: { 'kuma.io/sidecar-injection': 'enabled', 'kuma.io/mesh': 'blue' },
        serviceAnnotations: { '80.service.kuma.io/protocol': 'http' },
      },
    });
  });

  it('is refused without a sidecar, since it would get no requests', () => {
    expect(codes(world(), { sidecar: 'off' })).toEqual(['no-sidecar']);
    expect(codes(replaced(namespace('shop', {})))).toEqual(['no-sidecar']);
    expect(codes(replaced(namespace('shop', {})), {}, '2.10.0')).toEqual([]);
    expect(codes(replaced(namespace('shop', { 'kuma.io/sidecar-injection': 'disabled' })))).toEqual([]);
    const bare = world().map((object) => (object.kind === 'Pod' ? { ...object, spec: { containers: [{ name: 'app' }] } } : object));
    expect(codes(bare)).toEqual(['not-in-mesh']);
  });

  it('is refused behind the service itself, and where the service would select it', () => {
    expect(codes(world(), { realise: 'tag' })).toEqual(['to.tag']);
    expect(codes(world(), { realise: 'subset' })).toEqual(['to.subset']);
    const selector = { 'kuma.io/sidecar-injection': 'enabled' };
    expect(codes(replaced(service('cart', {}, 'shop', {}, { selector })))).toEqual(['shadow-selected']);
    expect(codes(world(), { services: [] })).toEqual(['no-service']);
    expect(codes(world(), { services: [{ ...CART, name: 'nothing' }] })).toEqual(['no-such-service']);
  });
});

describe('permissions', () => {
  const permission = (targetRef: object | undefined, home = 'kuma-system') =>
    ({
      ...route('MeshHTTPRoute', 'permission', { ...(targetRef === undefined ? {} : { targetRef }), from: [] }, home),
      kind: 'MeshTrafficPermission',
    }) as KubeObject;
  const holding = [undefined, { kind: 'Mesh' }, { kind: 'MeshSubset', tags: { 'k8s.kuma.io/namespace': 'shop' } }, { kind: 'Dataplane' }];
  const missing = [
    { kind: 'MeshSubset', tags: { app: 'cart' } },
    { kind: 'MeshSubset', tags: { version: 'v1' } },
    { kind: 'MeshService', name: 'cart_shop_svc_80' },
    { kind: 'MeshServiceSubset', name: 'cart_shop_svc_80', tags: { version: 'v2' } },
    { kind: 'Dataplane', labels: { app: 'cart' } },
    { kind: 'Dataplane', name: 'cart-v1' },
  ];

  it('count with mTLS, when they are for the pods of the service and not for the shadow', () => {
    for (const targetRef of holding) expect(codes(withMtls(permission(targetRef))), JSON.stringify(targetRef)).toEqual([]);
    for (const targetRef of missing) {
      expect(codes(withMtls(permission(targetRef))), JSON.stringify(targetRef)).toEqual(['policy-gap']);
      expect(codes(world(permission(targetRef)))).toEqual([]);
    }
    expect(codes(withMtls(permission({ kind: 'MeshService', name: 'other_shop_svc_80' })))).toEqual([]);
    expect(codes(withMtls(permission({ kind: 'MeshSubset', tags: { app: 'cart' } }, 'elsewhere')))).toEqual([]);
  });

  it('of the older kind count too, and what cannot be read might', () => {
    const old = {
      ...trafficRoute('old', { sources: [], destinations: [{ match: { 'kuma.io/service': 'cart_shop_svc_80' } }] }),
      kind: 'TrafficPermission',
    };
    const wide = {
      ...trafficRoute('old', { sources: [], destinations: [{ match: { 'kuma.io/service': '*' } }] }),
      kind: 'TrafficPermission',
    };
    expect([codes(withMtls(old)), codes(withMtls(wide))]).toEqual([['policy-gap'], []]);
    const seen = new Map(
      [...observe(withMtls(), [CART])].map(([key, one]) => [key, key.includes('Permission') ? { unread: 'forbidden' } : one]),
    );
    expect(shadow(spec, seen, kuma())).toMatchObject({ refused: [{ code: 'policy-gap' }, { code: 'policy-gap' }] });
  });

  it('are noted when accepted', () => {
    const one = withMtls(permission({ kind: 'MeshSubset', tags: { app: 'cart' } }));
    expect(asked(one, { acceptPolicyGap: true })).toMatchObject({ notes: [{ code: 'policy-gap' }] });
  });
});
