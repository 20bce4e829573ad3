import type { KubeObject } from '@heddle/core';
import { describe, expect, test } from 'vitest';
import { besides } from './besides.js';

const env = { served: {}, settings: {} };
const object = (apiVersion: string, kind: string, spec: object, name = 'x'): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name, namespace: 'shop' },
  spec,
});
const istio = (kind: string, spec: object) => object('networking.istio.io/v1', kind, spec);
const reviews = object('v1', 'Service', { selector: { app: 'reviews' }, ports: [{ name: 'http', port: 9080 }] }, 'reviews');
const said = (...objects: readonly KubeObject[]) => besides([reviews, ...objects], env).map(({ code, pointer }) => `${code} ${pointer}`);

describe('what an object says besides routing', () => {
  test.each<[string, KubeObject, readonly string[]]>([
    ['subsets are versions', istio('DestinationRule', { host: 'reviews', subsets: [{ name: 'v1', labels: { version: 'v1' } }] }), []],
    [
      'traffic policies, of the host and of subsets',
      istio('DestinationRule', {
        host: 'reviews',
        trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } },
        subsets: [{ name: 'v1' }, { name: 'v2', trafficPolicy: { loadBalancer: { simple: 'RANDOM' } } }],
      }),
      ['traffic-policy /spec/trafficPolicy', 'traffic-policy /spec/subsets/1/trafficPolicy'],
    ],
    ['gateways', istio('Gateway', { servers: [] }), ['view.gateway /spec/servers']],
    ['which hosts callers reach', istio('Sidecar', { egress: [{ hosts: ['./*'] }] }), ['outbound /spec']],
    ['hosts outside', istio('ServiceEntry', { hosts: ['api.example.com'] }), ['service-entry /spec/hosts']],
    ['whatever else Istio has', object('security.istio.io/v1', 'PeerAuthentication', {}), ['policy /spec']],
    ['not what others have', object('apps/v1', 'Deployment', {}), []],
  ])('%s', (_what, one, expected) => expect(said(one)).toEqual(expected));

  test('hosts of a VirtualService that are no Service, where the mesh sees it', () => {
    const hosts = ['reviews', '*.shop.svc.cluster.local', 'nobody', 'api.example.com'];
    expect(said(istio('VirtualService', { hosts, http: [] }))).toEqual(['host /spec/hosts/2', 'host /spec/hosts/3']);
    expect(said(istio('VirtualService', { hosts, gateways: ['front'], http: [] }))).toEqual([]);
    expect(said(istio('VirtualService', { hosts: ['nobody'], gateways: ['front', 'mesh'], http: [] }))).toEqual(['host /spec/hosts/0']);
  });

  test('percentages of a RouteRule that were cut', () => {
    const spec = (percent: number) => ({ destination: { name: 'reviews' }, httpFault: { abort: { percent, httpStatus: 400 } } });
    const rule = (percent: number) => object('config.istio.io/v1alpha2', 'RouteRule', spec(percent));
    expect(said(rule(50))).toEqual([]);
    const [cut] = besides([reviews, rule(0.5)], env);
    expect(cut).toMatchObject({
      code: 'legacy-route-rule-percent',
      pointer: '/spec/httpFault/abort/percent',
      message: 'RouteRule shop/x: Istio 0.x cut the 0.5 % of its abort to 0 %, which is what is converted',
    });
  });
});
