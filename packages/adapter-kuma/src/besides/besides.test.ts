import type { KubeObject } from '@heddle/core';
import { expect, test } from 'vitest';
import { besides } from './besides.js';

const object = (kind: string, spec: object, apiVersion = 'kuma.io/v1alpha1'): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name: 'x', namespace: 'shop' },
  spec,
});

test.each<[string, KubeObject, readonly string[]]>([
  ['a plain Mesh', object('Mesh', {}), []],
  [
    'settings of a Mesh',
    object('Mesh', { mtls: { enabledBackend: 'ca' }, networking: { outbound: { passthrough: false } } }),
    ['outbound /spec/networking/outbound/passthrough', 'policy /spec/mtls'],
  ],
  ['routes', object('MeshHTTPRoute', { to: [] }), []],
  ['routes of a gateway', object('MeshHTTPRoute', { targetRef: { kind: 'MeshGateway', name: 'edge' } }), ['view.gateway /spec']],
  [
    'load balancing beside a route',
    object('TrafficRoute', { conf: { loadBalancer: { random: {} } } }),
    ['traffic-policy /spec/conf/loadBalancer'],
  ],
  ['limits of a single route', object('MeshTimeout', { targetRef: { kind: 'MeshHTTPRoute', name: 'x' } }), []],
  ['limits of a single route, as Kuma 3 writes them', object('MeshRetry', { to: [{ targetRef: { kind: 'MeshHTTPRoute' } }] }), []],
  ['limits of anything else', object('MeshTimeout', { targetRef: { kind: 'Mesh' } }), ['policy /spec']],
  ['who may call', object('MeshTrafficPermission', {}), ['policy /spec']],
  ['what lies outside', object('MeshExternalService', {}), ['service-entry /spec']],
  ['objects of others', object('Ingress', {}, 'networking.k8s.io/v1'), []],
])('%s', (_what, one, expected) => {
  expect(besides([one]).map(({ code, pointer }) => `${code} ${pointer}`)).toEqual(expected);
});
