import type { Change, KubeObject } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { gateway, header, pod, removal, service, session, takeover, virtualService } from '../../test/support/objects.js';
import { editsOf, notesOf, refusalsOf } from '../../test/support/observe.js';

const A = takeover(session('a1'), header('x-dev', 'alice'));
const toCart = { route: [{ destination: { host: 'cart' } }] };
const pods = [pod('cart-1', { app: 'cart' }), pod('web-1', { app: 'web' })];
const world = [service('cart'), service('web'), ...pods];
const withVs = (http: unknown[], more: Record<string, unknown> = {}, metadata: Record<string, unknown> = {}): KubeObject[] => [
  ...world,
  virtualService('cart', { hosts: ['cart'], http, ...more }, 'shop', metadata),
];

const annotated = (object: KubeObject, annotations: Record<string, string>): KubeObject => ({
  ...object,
  metadata: { ...(object.metadata as object), annotations },
});

describe('encode refuses', () => {
  it.each([
    ['service-headless', { clusterIP: 'None' }],
    ['service-external-name', { type: 'ExternalName', externalName: 'example.com' }],
    ['service-no-selector', { selector: {} }],
    ['port-protocol', { ports: [{ port: 8080, protocol: 'UDP' }] }],
    ['no-such-port', { ports: [{ port: 9090, name: 'http' }] }],
    ['port-not-http', { ports: [{ port: 8080, name: 'tcp-cart' }] }],
    ['port-not-http', { ports: [{ port: 8080, name: 'http', appProtocol: 'tls' }] }],
  ])('%s', (code, spec) => {
    expect(refusalsOf([service('cart', [8080], spec), ...pods], A)).toEqual([code]);
  });

  it('a service that is not there, and several at once', () => {
    expect(refusalsOf(pods, A)).toEqual(['no-such-service']);
    const two = takeover(session('a1'), header('h', 'x'), [
      { namespace: 'shop', name: 'cart', port: 8080 },
      { namespace: 'shop', name: 'web', port: 8080 },
    ]);
    expect(refusalsOf(world, two)).toEqual(['several-services']);
  });

  it.each<[string, Partial<Change>]>([
    ['to.tag', { versions: [{ id: 'a1', realise: 'tag', labels: { v: '1' } }] }],
    ['no-version', { versions: [] }],
    ['mirror', { intents: [{ match: [], mirror: { version: 'a1', percent: 10 } }] }],
    ['fault', { intents: [{ match: [], fault: { abort: { percent: 1, status: 500 } } }] }],
    ['weights', { intents: [{ match: [], to: ['a1', 'b2'].map((version) => ({ version, weight: 50 })) }] }],
    [
      'invalid-regex',
      { intents: [{ match: [{ headers: [{ name: 'h', is: { regex: '(?=x)' } }] }], to: [{ version: 'a1', weight: 100 }] }] },
    ],
  ])('%s', (code, part) => expect(refusalsOf(withVs([toCart]), { ...A, ...part })).toEqual([code]));

  it.each([
    ['a deletion under way', { deletionTimestamp: '2026-01-01T00:00:00Z' }, 'being-deleted'],
    [
      'Flagger as owner',
      { ownerReferences: [{ apiVersion: 'flagger.app/v1beta1', kind: 'Canary', name: 'cart' }] },
      'managed-by-controller',
    ],
    ['Flagger as field manager', { managedFields: [{ manager: 'flagger', operation: 'Update' }] }, 'managed-by-controller'],
    ['Argo Rollouts as field manager', { managedFields: [{ manager: 'rollouts-controller' }] }, 'managed-by-controller'],
    [
      'a Rollout as owner',
      { ownerReferences: [{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name: 'cart' }] },
      'managed-by-controller',
    ],
  ])('an object with %s', (_, metadata, code) => {
    expect(refusalsOf(withVs([toCart], {}, metadata), A)).toEqual([code]);
    // Taking our rules out again is always allowed.
    expect(refusalsOf(withVs([toCart], {}, metadata), removal(A))).toEqual([]);
  });

  it('edits what kubectl or a GitOps tool wrote, and warns of the latter', () => {
    expect(refusalsOf(withVs([toCart], {}, { managedFields: [{ manager: 'kubectl-client-side-apply' }] }), A)).toEqual([]);
    expect(notesOf(withVs([toCart], {}, { annotations: { 'argocd.argoproj.io/tracking-id': 'x' } }), A)).toEqual(['gitops']);
    expect(notesOf(withVs([toCart], {}, { labels: { 'app.kubernetes.io/managed-by': 'Helm' } }), A)).toEqual(['gitops']);
  });

  it('rules whose names only we may give, and a name that is there twice (case 3)', () => {
    expect(refusalsOf(withVs([{ name: 'heddle/mine', ...toCart }]), A)).toEqual(['name-taken']);
    const copy = { name: 'heddle/session/shop/zz/0', match: [{ headers: { h: {} } }], ...toCart };
    expect(refusalsOf(withVs([copy, copy, toCart]), A)).toEqual(['name-taken']);
    expect(refusalsOf(withVs([copy, toCart]), A)).toEqual([]);
    expect(refusalsOf(withVs([{ ...copy, name: 'heddle/session/shop/a1/0' }, toCart]), A)).toEqual(['name-taken']);
  });

  it('a VirtualService that has the name of ours but is not', () => {
    const taken = virtualService('heddle-cart', { hosts: ['other.example.com'], http: [{ route: [{ destination: { host: 'web' } }] }] });
    expect(refusalsOf([...world, taken], A)).toEqual(['name-taken']);
  });

  it('an authority that depends on the destination', () => {
    const named = { destination: { host: 'cart' }, weight: 90, headers: { request: { set: { Host: 'own.example.com' } } } };
    const other = { destination: { host: 'web' }, weight: 10 };
    expect(refusalsOf(withVs([{ route: [named, other] }]), A)).toEqual(['destination-headers']);
    expect(refusalsOf(withVs([{ route: [named] }]), A)).toEqual([]);
  });

  it('header changes of the service’s destinations where others get none: what becomes of a request depends on which it draws', () => {
    const named = { destination: { host: 'cart' }, weight: 90, headers: { request: { set: { 'x-by': 'cart' } } } };
    const other = { destination: { host: 'web' }, weight: 10 };
    expect(refusalsOf(withVs([{ route: [named, other] }]), A)).toEqual(['destination-headers']);
    expect(
      refusalsOf(
        withVs([
          {
            route: [
              { ...named, headers: {} },
              { ...other, headers: {} },
            ],
          },
        ]),
        A,
      ),
    ).toEqual([]);
  });

  it('an object of ours beside a literal name that callers write for the service', () => {
    const http = [{ route: [{ destination: { host: 'web' } }] }];
    const short = virtualService('short', { hosts: ['cart.shop'], http });
    const on80 = (port: number) => [service('cart', [port]), service('web'), ...pods, short];
    const change = (port: number) => takeover(session('a1'), header('x-dev', 'alice'), [{ namespace: 'shop', name: 'cart', port }]);
    expect(refusalsOf(on80(80), change(80))).toEqual(['implicit-beside-rules']);
    expect(refusalsOf(on80(8080), change(8080))).toEqual([]);
  });

  it('a session whose requests come as connections at a gateway', () => {
    const tcp = {
      ...gateway('tcp', ['*']),
      spec: { selector: { istio: 'ingressgateway' }, servers: [{ port: { number: 9000, name: 'tcp', protocol: 'TCP' }, hosts: ['*'] }] },
    };
    const edge = virtualService('edge', {
      hosts: ['*'],
      gateways: ['tcp'],
      tcp: [{ route: [{ destination: { host: 'cart', port: { number: 8080 } } }] }],
    });
    expect(refusalsOf([...withVs([toCart]), tcp, pod('gw', { istio: 'ingressgateway' }), edge], A)).toEqual(['tcp-route']);
  });

  it('a session whose requests come as connections to another host', () => {
    const db = service('db', [], { ports: [{ name: 'tcp-db', port: 7000 }] });
    const onward = virtualService('db', { hosts: ['db'], tcp: [{ route: [{ destination: { host: 'cart', port: { number: 8080 } } }] }] });
    expect(refusalsOf([...withVs([toCart]), db, onward], A)).toEqual(['tcp-route']);
    expect(() => editsOf([...withVs([toCart]), db, onward], A)).toThrow(
      'sends TCP connections to db.shop.svc.cluster.local:7000 on to the service',
    );
  });

  it('to turn the implicit route of other callers or ports into a 404', () => {
    const canary = { match: [{ sourceLabels: { app: 'web' } }], ...toCart };
    expect(refusalsOf(withVs([canary]), A)).toEqual(['implicit-beside-rules']);
    expect(refusalsOf(withVs([{ match: [{ port: 9999 }], ...toCart }]), A)).toEqual(['implicit-beside-rules']);
    // One that is exported to their namespace alone comes before ours there, whichever is older.
    expect(refusalsOf(withVs([canary], { exportTo: ['desk'] }), A)).toEqual(['implicit-beside-rules']);
    // Where the Service is for some namespaces only, so is ours, and the two compete there.
    const some = annotated(service('cart'), { 'networking.istio.io/exportTo': 'shop,desk' });
    const desks = virtualService('desks', { hosts: ['cart.shop.svc.cluster.local'], exportTo: ['shop'], http: [toCart] }, 'platform');
    expect(refusalsOf([some, service('web'), ...pods, desks], A)).toEqual(['implicit-beside-rules']);
  });

  it('to make a VirtualService for some callers count for all', () => {
    const some = { match: [{ uri: { prefix: '/a' }, sourceLabels: { app: 'web' } }], ...toCart };
    const all = virtualService('all', { hosts: ['cart'], http: [toCart] }, 'shop', { creationTimestamp: '2027-01-01T00:00:00Z' });
    expect(refusalsOf([...withVs([some]), all], A)).toEqual(['implicit-beside-rules']);
    expect(refusalsOf([...withVs([some, { match: [{ sourceLabels: { app: 'web' } }], ...toCart }]), all], A)).toEqual([]);
  });

  it('to take an address of the service from the one that has it as its host', () => {
    const byAddress = (host: string) => virtualService('address', { hosts: [host], http: [toCart] });
    const on80 = [service('cart', [80]), service('web'), ...pods];
    const port80 = takeover(session('a1'), header('x-dev', 'alice'), [{ namespace: 'shop', name: 'cart', port: 80 }]);
    expect(refusalsOf([...on80, byAddress('10.0.0.1')], port80)).toEqual(['implicit-beside-rules']);
    expect(refusalsOf([...on80, byAddress('10.0.0.2')], port80)).toEqual([]);
  });

  it('requests at a gateway that does not know the service, and so keeps the port that they came to', () => {
    const front = [gateway('front', ['*'], 'edge'), pod('gw', { istio: 'ingressgateway' }, 'edge')];
    const some = annotated(service('cart'), { 'networking.istio.io/exportTo': 'shop' });
    const both = { gateways: ['mesh', 'edge/front'] };
    const planned = (exported: KubeObject) =>
      editsOf([exported, service('web'), ...pods, ...front, virtualService('cart', { hosts: ['cart'], http: [toCart], ...both })], A);
    expect(JSON.stringify(planned(service('cart')))).not.toContain('"gateways":["mesh"]');
    expect(JSON.stringify(planned(some))).toContain('"gateways":["mesh"]');
  });

  it('to take the 404 of a host that is not the service’s', () => {
    const some = { match: [{ uri: { prefix: '/a' } }], ...toCart };
    expect(refusalsOf(withVs([some], { hosts: ['cart', 'web'] }), A)).toEqual(['several-hosts']);
    expect(refusalsOf(withVs([some, toCart], { hosts: ['cart', 'web'] }), A)).toEqual([]);
  });

  it('paths that cannot be combined, and a match on a path that is rewritten', () => {
    const byPath = takeover(session('a1'), { path: { kind: 'segmentPrefix', value: '/api/v1' } });
    expect(refusalsOf(withVs([{ match: [{ uri: { prefix: '/api' } }], rewrite: { uri: '/' }, ...toCart }, toCart]), byPath)).toContain(
      'match.path',
    );
    expect(refusalsOf(withVs([{ match: [{ uri: { regex: '/a.*' } }], ...toCart }, toCart]), byPath)).toContain('match.path');
    expect(refusalsOf(withVs([toCart]), byPath)).toEqual([]);
  });

  it('where no rule sends to the service', () => {
    expect(refusalsOf(withVs([{ route: [{ destination: { host: 'web' } }] }]), A)).toEqual(['nothing-to-take']);
  });

  it('a TCP section beside a port that does not say what it carries', () => {
    const unnamed = service('cart', [8080], { ports: [{ port: 8080 }] });
    const tcp = { tcp: [{ route: [{ destination: { host: 'cart' } }] }] };
    expect(refusalsOf([unnamed, ...pods, virtualService('cart', { hosts: ['cart'], http: [toCart], ...tcp })], A)).toContain('tcp-section');
    expect(notesOf([unnamed, ...pods, virtualService('cart', { hosts: ['cart'], http: [toCart] })], A)).toContain('protocol-guessed');
    expect(refusalsOf(withVs([toCart], tcp), A)).toEqual([]);
  });

  it('two VirtualServices merged for one host of a gateway', () => {
    const bound = (name: string) => virtualService(name, { hosts: ['a.example.com'], gateways: ['front'], http: [toCart] });
    const front = [gateway('front', ['*']), pod('gw', { istio: 'ingressgateway' })];
    expect(refusalsOf([...world, ...front, bound('one'), bound('two')], A)).toContain('several-virtual-services');
    expect(refusalsOf([...world, ...front, bound('one')], A)).toEqual([]);
  });

  it('what could not be read, but never a removal', () => {
    const entry = {
      apiVersion: 'networking.istio.io/v1',
      kind: 'ServiceEntry',
      metadata: { name: 'e', namespace: 'shop' },
      spec: { hosts: ['cart.shop.svc.cluster.local'] },
    };
    expect(refusalsOf([...withVs([toCart]), entry], A)).toEqual(['ServiceEntry']);
    expect(editsOf([...withVs([toCart]), entry], removal(A))).toEqual([]);
  });
});
