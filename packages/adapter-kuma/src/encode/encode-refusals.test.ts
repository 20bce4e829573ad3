import type { Change } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { apply, CART, editsOf, planned, refusalsOf, removal, split, stored, takeover, world } from '../../test/support/changes.js';
import { kuma, pod, route, service } from '../../test/support/mesh-objects.js';

const withCart = (port: object, metadata: object = {}, spec: object = {}) =>
  world().map((object) =>
    (object.metadata as { name: string }).name === 'cart'
      ? stored(service('cart', { ...port }, 'shop', { ...metadata }, { ...spec }))
      : object,
  );

function told(objects: ReturnType<typeof world>, change: Change = takeover('a1')): string {
  const result = planned(objects, change);
  return 'refused' in result ? result.refused.map(({ message, instead }) => `${message}; ${instead}`).join('; ') : 'ok';
}

describe('what the service must be', () => {
  it('HTTP for the mesh, whatever its port is called', () => {
    const unsaid = withCart({ appProtocol: undefined, name: 'http' });
    expect(told(unsaid)).toBe(
      'Kuma takes port 80 of Service shop/cart for TCP, since it does not say what it carries (its name does not count), so no rule can look at its requests; if it carries HTTP, set appProtocol: http on the port; for HTTP/2 and gRPC, http2 and grpc',
    );
    expect(refusalsOf(withCart({ appProtocol: 'kafka' }), takeover('a1'))).toEqual(['port-not-http']);
    expect(
      refusalsOf(withCart({ appProtocol: undefined }, { annotations: { '80.service.kuma.io/protocol': 'http' } }), takeover('a1')),
    ).toEqual([]);
    expect(refusalsOf(withCart({ appProtocol: 'grpc' }), takeover('a1'))).toEqual([]);
  });

  it('a Service with an address and pods of its own', () => {
    expect(refusalsOf(withCart({}, {}, { type: 'ExternalName' }), takeover('a1'))).toEqual(['service-external-name']);
    expect(refusalsOf(withCart({}, {}, { clusterIP: 'None' }), takeover('a1'))).toEqual(['service-headless']);
    expect(refusalsOf(withCart({}, {}, { selector: {} }), takeover('a1'))).toEqual(['service-no-selector']);
    expect(refusalsOf(withCart({}, { annotations: { 'kuma.io/ignore': 'true' } }), takeover('a1'))).toEqual(['service-ignored']);
    expect(refusalsOf(withCart({ protocol: 'UDP' }), takeover('a1'))).toEqual(['port-protocol']);
    expect(refusalsOf(world(), takeover('a1', {}, [{ ...CART, port: 81 }]))).toEqual(['no-such-port']);
    expect(refusalsOf(world(), takeover('a1', {}, [{ ...CART, name: 'nothing' }]))).toEqual(['no-such-service']);
    expect(refusalsOf(world(), takeover('a1', {}, [CART, { ...CART, name: 'other' }]))).toEqual(['several-services']);
  });

  it('in the mesh, with a ready pod', () => {
    const outside = world().map((object) => (object.kind === 'Pod' ? { ...object, spec: { containers: [{ name: 'app' }] } } : object));
    expect(refusalsOf(outside, takeover('a1'))).toEqual(['not-in-mesh']);
    const unready = world(
      pod('cart-v1', { app: 'cart', version: 'v1' }, 'shop', { ready: false }),
      pod('cart-v2', { app: 'cart', version: 'v2' }, 'shop', { ready: false }),
    );
    expect(refusalsOf(unready, takeover('a1'))).toEqual(['not-http']);
  });

  it('of the mesh that is asked for, if one is', () => {
    expect(refusalsOf(world(), takeover('a1'), kuma('2.14.3', { mesh: 'default' }))).toEqual([]);
    expect(refusalsOf(world(), takeover('a1'), kuma('2.14.3', { mesh: 'blue' }))).toEqual(['other-mesh']);
  });

  it('routed by requests, not by a MeshTCPRoute of somebody', () => {
    const tcp = route('MeshTCPRoute', 'tcp', {
      to: [
        {
          targetRef: { kind: 'MeshService', name: 'cart_shop_svc_80' },
          rules: [{ default: { backendRefs: [{ kind: 'MeshService', name: 'other_shop_svc_80' }] } }],
        },
      ],
    });
    expect(refusalsOf(world(tcp), takeover('a1'))).toEqual(['not-http']);
  });
});

it('an option that says what a mesh cannot route by is no option', () => {
  const routedBy = (routing: string) => refusalsOf(world(), takeover('a1'), kuma('2.14.3', { routing }));
  expect([routedBy('HTTPRoute'), routedBy('MeshHTTPRoute'), routedBy('TrafficRoute')]).toEqual([
    ['invalid-option'],
    [],
    ['first-traffic-route'],
  ]);
});

describe('what can be asked for', () => {
  it('is what a MeshHTTPRoute can say', () => {
    const asked = (match: object) => refusalsOf(world(), takeover('a1', match));
    expect(asked({ path: { kind: 'rawPrefix', value: '/a' } })).toEqual(['match.path.rawPrefix']);
    expect(asked({ path: { kind: 'exact', value: '/a', ignoreCase: true } })).toEqual(['match.path.ignoreCase']);
    expect(asked({ path: { kind: 'exact', value: 'a' } })).toEqual(['invalid-path']);
    expect(asked({ method: { prefix: 'P' } })).toEqual(['match.method']);
    expect(asked({ scheme: { exact: 'http' } })).toEqual(['match.scheme']);
    expect(asked({ headers: [{ name: 'x', is: { not: { exact: '1' } } }] })).toEqual(['match.header.not']);
    expect(asked({ headers: [{ name: 'X-Dev', is: { exact: '1' } }] })).toEqual(['invalid-header']);
    expect(asked({ headers: [{ name: 'x', is: { regex: '(' } }] })).toEqual(['invalid-regex']);
    expect(asked({ query: [{ name: 'q', is: { prefix: '1' } }] })).toEqual(['match.query']);
    expect(
      asked({
        path: { kind: 'segmentPrefix', value: '/api/' },
        method: { exact: 'GET' },
        headers: [
          { name: 'a', is: { present: true } },
          { name: 'b', is: { absent: true } },
          { name: 'c', is: { prefix: 'x' } },
          { name: 'd', is: { regex: 'x+' } },
        ],
        query: [{ name: 'q', is: { regex: '[0-9]+' } }],
      }),
    ).toEqual([]);
  });

  it('is one destination for a session', () => {
    const [intent] = takeover('a1').intents;
    if (intent === undefined) throw new Error('no intent');
    const asked = (change: Partial<Change>) => refusalsOf(world(), { ...takeover('a1'), ...change });
    expect(asked({ intents: [intent, intent] })).toEqual(['several-intents']);
    expect(asked({ intents: [{ match: [], mirror: { version: 'a1', percent: 1 } }] })).toEqual(['mirror']);
    expect(asked({ intents: [{ match: [], fault: {} }] })).toEqual(['fault']);
    expect(asked({ versions: [] })).toEqual(['no-version']);
    expect(asked({ views: [{ plane: 'mesh', clients: {} }] })).toEqual(['views']);
    const versions = ['a1', 'b2'].map((id) => ({ id, realise: 'subset' as const, labels: {} }));
    expect(asked({ versions })).toEqual(['to.subset']);
    const two = { match: [], to: ['a1', 'b2'].map((version) => ({ version, weight: 50 })) };
    expect(asked({ intents: [two] })).toEqual(['weights']);
    const standing = split({ v1: 1, v2: 1 });
    expect(refusalsOf(world(), standing, kuma('2.14.3', { inboundTags: 'disabled' }))).toContain('to.tag');
    expect(
      refusalsOf(world(), {
        ...standing,
        versions: [{ id: 'v1', realise: 'tag', labels: { 'kuma.io/zone': 'a' } }, ...standing.versions.slice(1)],
      }),
    ).toEqual(['to.tag']);
  });
});

it('removing rules is never refused: the service may be gone', () => {
  const after = apply(world(), takeover('a1'));
  const gone = after.filter(({ kind }) => kind !== 'Service' && kind !== 'Pod' && kind !== 'Mesh');
  expect(editsOf(gone, removal(takeover('a1'))).map(({ op }) => op)).toEqual(['delete']);
  expect(editsOf(gone, removal(takeover('b2')))).toEqual([]);
});
