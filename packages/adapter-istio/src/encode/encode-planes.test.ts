import { answer, type KubeObject } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { env, gateway, header, pod, removal, service, session, takeover, virtualService } from '../../test/support/objects.js';
import { apply, content, named, observe, refusalsOf } from '../../test/support/observe.js';
import { decode } from '../decode/index.js';
import { httpOf } from './virtual-service.js';

const CART = 'cart.shop.svc.cluster.local';

const cart = (port: number) => ({ namespace: 'shop', name: 'cart', port });
const alice = header('x-dev', 'alice');
const H = { headers: { 'x-dev': { exact: 'alice' } } };
const A = takeover(session('a1'), alice);
const toCart = (more: Record<string, unknown> = {}) => ({ route: [{ destination: { host: 'cart', ...more } }] });
const toWeb = { route: [{ destination: { host: 'web' } }] };
const front = [gateway('front', ['*']), pod('gw', { istio: 'ingressgateway' })];
const pods = [pod('cart-1', { app: 'cart' }), pod('web-1', { app: 'web' })];
const world = [service('cart'), service('web'), ...pods];
const http = (objects: readonly KubeObject[], name = 'cart') => httpOf(named(objects, 'VirtualService', name) ?? {});
const summary = (objects: readonly KubeObject[], name = 'cart') =>
  http(objects, name).map((rule) => [
    typeof rule.name === 'string' ? rule.name.split('/').at(-1) : 'foreign',
    rule.match ?? 'all',
    (rule.route as { destination: { host: string; port?: unknown } }[])[0]?.destination.port ?? 'same',
  ]);

describe('several ports', () => {
  const two = [service('cart', [8080, 9090]), service('web'), ...pods];

  it('gives each rule the exposed port where a rule without one would catch all (case 34)', () => {
    const before = [...two, virtualService('cart', { hosts: ['cart'], http: [toCart()] })];
    expect(summary(apply(before, A))).toEqual([
      ['0', [{ port: 8080, ...H }], { number: 8080 }],
      ['foreign', 'all', 'same'],
    ]);
    const both = takeover(session('a1'), alice, [cart(8080), cart(9090)]);
    expect(summary(apply(before, both))).toEqual([
      ['0', [{ port: 8080, ...H }], { number: 8080 }],
      ['1', [{ port: 9090, ...H }], { number: 9090 }],
      ['foreign', 'all', 'same'],
    ]);
  });

  it('takes the 404 of its own port alone, where its name is known on port 80 as well', () => {
    const some = { match: [{ uri: { prefix: '/a' } }], ...toCart({ port: { number: 8080 } }) };
    const beside80 = [service('cart'), service('web', [80]), ...pods, virtualService('cart', { hosts: ['cart'], http: [some] })];
    expect(summary(apply(beside80, A))).toEqual([
      ['0', [{ uri: { prefix: '/a' }, ...H }], { number: 8080 }],
      ['1', [{ port: 8080, ...H }], { number: 8080 }],
      ['foreign', some.match, { number: 8080 }],
    ]);
  });

  it('leaves the service’s name on port 80, known through another Service of that port, to its 503', () => {
    const beside80 = [service('cart'), service('web', [80]), ...pods];
    const ofMesh = [...beside80, virtualService('cart', { hosts: ['cart'], http: [toCart()] })];
    expect(summary(apply(ofMesh, A))[0]).toEqual(['0', [{ port: 8080, ...H }], { number: 8080 }]);
    const named8080 = [...beside80, virtualService('cart', { hosts: ['cart'], http: [toCart({ port: { number: 8080 } })] })];
    expect(summary(apply(named8080, A))[0]).toEqual(['0', [H], { number: 8080 }]);
    const ofBoth = [...beside80, ...front, virtualService('cart', { hosts: ['cart'], gateways: ['mesh', 'front'], http: [toCart()] })];
    expect(summary(apply(ofBoth, A)).slice(0, 2)).toEqual([
      ['0', [{ port: 8080, gateways: ['mesh'], ...H }], { number: 8080 }],
      ['1', [{ gateways: ['front'], ...H }], { number: 8080 }],
    ]);
    const { tables } = decode({ services: [cart(80), cart(8080)] }, observe(apply(ofMesh, A), { services: [cart(80)] }), env);
    const url = (port: number) => ({ method: 'GET', scheme: 'http' as const, path: '/', headers: [['x-dev', 'alice'] as const], port });
    const client = { kind: 'sidecar' as const, namespace: 'shop', labels: {} };
    const ask = (port: number) =>
      answer(tables, client, { ...url(port), host: CART, authority: `${CART}:${port}` }).outcomes.map(({ host, reason }) => [host, reason]);
    expect(ask(80)).toEqual([[CART, 'NC']]);
  });

  it('takes requests to another port that a rule sends to the exposed one', () => {
    const moved = { match: [{ port: 9090 }], ...toCart({ port: { number: 8080 } }) };
    const before = [...two, virtualService('cart', { hosts: ['cart'], http: [moved, toCart()] })];
    expect(summary(apply(before, A))[0]).toEqual(['0', [{ port: 9090, ...H }], { number: 8080 }]);
  });

  it('keeps behind a rule that decides for the other port too', () => {
    const all = { match: [{ gateways: ['mesh'] }], ...toCart() };
    const before = [...two, virtualService('cart', { hosts: ['cart'], http: [all, toCart({ port: { number: 8080 } })] })];
    expect(summary(apply(before, A)).map(([n]) => n)).toEqual(['0', 'foreign', '1', 'foreign']);
  });

  it('leaves rules for another port alone', () => {
    const before = [
      ...two,
      virtualService('cart', {
        hosts: ['cart'],
        http: [
          { match: [{ port: 9090 }], ...toCart() },
          { match: [{ port: 8080 }], ...toCart() },
        ],
      }),
    ];
    expect(summary(apply(before, A))).toEqual([
      ['foreign', [{ port: 9090 }], 'same'],
      ['0', [{ port: 8080, ...H }], { number: 8080 }],
      ['foreign', [{ port: 8080 }], 'same'],
    ]);
  });

  it('makes a catch-all for every port that can carry HTTP', () => {
    const mixed = service('cart', [], {
      ports: [
        { port: 8080, name: 'http' },
        { port: 9090, name: 'grpc' },
        { port: 5432, name: 'tcp-db' },
        { port: 53, protocol: 'UDP' },
      ],
    });
    const after = apply([mixed, ...pods], A);
    expect(summary(after, 'heddle-cart')).toEqual([
      ['0', [{ port: 8080, ...H }], { number: 8080 }],
      ['8080', [{ port: 8080 }], { number: 8080 }],
      ['9090', [{ port: 9090 }], { number: 9090 }],
    ]);
  });

  it.each([
    ['both by number', { port: { number: 9090 } }],
    ['one of them where the request arrives', {}],
  ])('refuses a rule that sends to two of the exposed ports: %s', (_, other) => {
    const destinations = [
      { host: 'cart', port: { number: 8080 } },
      { host: 'cart', ...other },
    ];
    const before = [
      ...two,
      virtualService('cart', { hosts: ['cart'], http: [{ route: destinations.map((destination) => ({ destination, weight: 50 })) }] }),
    ];
    expect(refusalsOf(before, takeover(session('a1'), alice, [cart(8080), cart(9090)]))).toContain('several-ports-in-rule');
  });
});

describe('gateways', () => {
  it('copies only rules that send to the service, behind those that decide before them', () => {
    const rules = [{ match: [{ uri: { prefix: '/web' } }], ...toWeb }, { match: [{ uri: { prefix: '/cart' } }], ...toCart() }, toWeb];
    const before = [...world, ...front, virtualService('edge', { hosts: ['shop.example.com'], gateways: ['front'], http: rules })];
    expect(summary(apply(before, A), 'edge')).toEqual([
      ['foreign', [{ uri: { prefix: '/web' } }], 'same'],
      ['0', [{ uri: { prefix: '/cart' }, ...H }], { number: 8080 }],
      ['foreign', [{ uri: { prefix: '/cart' } }], 'same'],
      ['foreign', 'all', 'same'],
    ]);
  });

  it('adds nothing for a 404 at a gateway, whose host others share', () => {
    const rules = [{ match: [{ uri: { prefix: '/cart' } }], ...toCart() }];
    const before = [...world, ...front, virtualService('edge', { hosts: ['shop.example.com'], gateways: ['front'], http: rules })];
    expect(summary(apply(before, A), 'edge')).toHaveLength(2);
  });

  it('puts a 404 of the mesh in the mesh alone where an object serves both', () => {
    const rules = [{ match: [{ uri: { prefix: '/cart' } }], ...toCart() }];
    const before = [...world, ...front, virtualService('cart', { hosts: ['cart'], gateways: ['mesh', 'front'], http: rules })];
    expect(summary(apply(before, A))).toEqual([
      ['0', [{ uri: { prefix: '/cart' }, ...H }], { number: 8080 }],
      ['1', [{ gateways: ['mesh'], ...H }], { number: 8080 }],
      ['foreign', [{ uri: { prefix: '/cart' } }], 'same'],
    ]);
  });

  it('edits separate objects for one host, each for its plane (case 14), and puts both back', () => {
    const before = [
      ...world,
      ...front,
      virtualService('edge', { hosts: ['cart.example.com'], gateways: ['front'], http: [toCart()] }),
      virtualService('inner', { hosts: ['cart'], http: [{ timeout: '2s', ...toCart() }] }),
    ];
    const after = apply(before, A);
    expect(summary(after, 'edge').map(([n]) => n)).toEqual(['0', 'foreign']);
    expect(summary(after, 'inner').map(([n]) => n)).toEqual(['0', 'foreign']);
    expect(http(after, 'inner')[0]).toMatchObject({ timeout: '2s' });
    expect(apply(after, removal(A)).map(content)).toEqual(before.map(content));
  });

  it('sends to the only port of the service, whatever the listener’s', () => {
    const before = [
      ...world,
      ...front,
      virtualService('edge', { hosts: ['*'], gateways: ['front'], http: [toCart({ port: { number: 8080 } })] }),
    ];
    expect(summary(apply(before, A), 'edge')[0]).toEqual(['0', [H], { number: 8080 }]);
  });
});

describe('views', () => {
  const before = [
    ...world,
    ...front,
    virtualService('edge', { hosts: ['cart.example.com'], gateways: ['front'], http: [toCart()] }),
    virtualService('inner', { hosts: ['cart'], http: [toCart()] }),
    virtualService('both', { hosts: ['web'], gateways: ['mesh', 'front'], http: [toCart()] }),
  ];
  const mesh = { plane: 'mesh' as const, clients: {} };

  it('changes only those named, and leaves the owner’s rules in others', () => {
    const some = before.filter((object) => object !== named(before, 'VirtualService', 'both'));
    const inMesh = apply(some, { ...A, views: [mesh] });
    expect(summary(inMesh, 'inner')).toHaveLength(2);
    expect(summary(inMesh, 'edge')).toHaveLength(1);
    const all = apply(some, A);
    const left = apply(all, { ...removal(A), views: [mesh] });
    expect(summary(left, 'inner')).toHaveLength(1);
    expect(summary(left, 'edge')).toHaveLength(2);
  });

  it('refuses an object that serves a view that is not named', () => {
    expect(refusalsOf(before, { ...A, views: [mesh] })).toEqual(['views']);
  });
});
