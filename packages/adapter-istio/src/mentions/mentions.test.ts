import { describe, expect, it } from 'vitest';
import { mentions } from './mentions.js';

const object = (apiVersion: string, kind: string, spec: object) => ({ apiVersion, kind, metadata: { namespace: 'shop', name: 'x' }, spec });
const virtualService = (spec: object) => object('networking.istio.io/v1', 'VirtualService', spec);

describe('what an object names', () => {
  it('a VirtualService: its hosts and where its rules send requests and copies, hosts of no Service left out', () => {
    const found = mentions(
      virtualService({
        hosts: ['reviews', '*.example.com', 'shop.example.com'],
        http: [
          {
            match: [{ headers: { host: { exact: 'ratings' } } }],
            headers: { request: { set: { host: 'elsewhere' } } },
            route: [{ destination: { host: 'reviews', subset: 'v1', port: { number: 9080 } } }],
            mirror: { host: 'copies.other.svc.cluster.local' },
          },
        ],
        tcp: [{ route: [{ destination: { host: 'db' } }] }],
      }),
    );
    expect(found).toEqual([
      { namespace: 'shop', name: 'reviews' },
      { namespace: 'shop', name: 'reviews', port: 9080 },
      { namespace: 'other', name: 'copies' },
      { namespace: 'shop', name: 'db' },
    ]);
  });

  it('a VirtualService: the ports that its rules ask of callers in the mesh, and not those of a gateway', () => {
    const http = [{ match: [{ port: 9080 }, { port: 443, gateways: ['front'] }] }, { match: [{ port: 9080 }] }];
    const ports = (spec: object) => mentions(virtualService({ hosts: ['reviews'], http, ...spec })).flatMap(({ port }) => port ?? []);
    expect(ports({})).toEqual([9080]);
    expect(ports({ gateways: ['mesh', 'front'] })).toEqual([9080]);
    expect(ports({ gateways: ['front'] })).toEqual([]);
  });

  it('a DestinationRule: its host, and its subsets with their labels', () => {
    const subsets = [{ name: 'v1', labels: { version: 'v1' } }];
    expect(mentions(object('networking.istio.io/v1beta1', 'DestinationRule', { host: 'reviews', subsets }))).toEqual([
      { namespace: 'shop', name: 'reviews' },
      { namespace: 'shop', name: 'reviews', version: { id: 'v1', labels: { version: 'v1' } } },
    ]);
  });

  it('a RouteRule: its destination, and the versions that it tells apart', () => {
    const spec = { destination: { name: 'reviews' }, route: [{ labels: { version: 'v2' } }, {}] };
    expect(mentions(object('config.istio.io/v1alpha2', 'RouteRule', spec))).toEqual([
      { namespace: 'shop', name: 'reviews' },
      { namespace: 'shop', name: 'reviews', version: { id: 'v2', labels: { version: 'v2' } } },
    ]);
  });

  it('an HTTPRoute: the Services that it is attached to and sends to', () => {
    const spec = {
      parentRefs: [{ kind: 'Service', group: '', name: 'reviews', port: 80 }, { name: 'a-gateway' }],
      rules: [
        {
          backendRefs: [
            { name: 'reviews-v1', port: 80 },
            { name: 'cart', namespace: 'other', port: 81 },
          ],
        },
      ],
    };
    expect(mentions(object('gateway.networking.k8s.io/v1', 'HTTPRoute', spec))).toEqual([
      { namespace: 'shop', name: 'reviews', port: 80 },
      { namespace: 'shop', name: 'reviews-v1', port: 80 },
      { namespace: 'other', name: 'cart', port: 81 },
    ]);
  });

  it('other objects: nothing', () => {
    expect(mentions({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'x' }, spec: { host: 'y' } })).toEqual([]);
    expect(mentions(undefined)).toEqual([]);
  });
});
