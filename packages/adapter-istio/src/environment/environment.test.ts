import { type Change, type ClusterFacts, type KubeObject, observeObjects } from '@heddle/core';
import { describe, expect, test } from 'vitest';
import { reads } from '../decode/index.js';
import { affects } from './affects.js';
import { detect, facts } from './detect.js';
import { inMesh } from './in-mesh.js';
import { meshSettings } from './mesh-config.js';

const crd = {
  group: 'networking.istio.io',
  versions: ['v1beta1', 'v1alpha3'],
  kind: 'VirtualService',
  plural: 'virtualservices',
  namespaced: true,
};
const cluster = (objects: readonly KubeObject[], served = [crd]): ClusterFacts => ({
  version: 'v1.36.3',
  served,
  seen: observeObjects(objects, facts),
});
const istiod = (image: string): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'istiod', namespace: 'mesh', labels: { app: 'istiod' } },
  spec: { template: { spec: { containers: [{ image, args: ['discovery', '--domain', 'corp.local'] }] } } },
});

describe('detect', () => {
  test('nothing without the CRD', () => expect(detect(cluster([istiod('x/pilot:1.31.1')], []))).toBeUndefined());

  test('an Istio before 0.8, which serves RouteRules and no VirtualServices', () => {
    const routeRules = { ...crd, group: 'config.istio.io', versions: ['v1alpha2'], kind: 'RouteRule', plural: 'routerules' };
    const detection = detect(cluster([], [routeRules]));
    expect(detection?.environment.served).toEqual({ RouteRule: 'config.istio.io/v1alpha2' });
    expect(detection?.because).toContain('CRD routerules.config.istio.io');
    expect(detect(cluster([], [{ ...routeRules, kind: 'EgressRule' }]))).toBeUndefined();
  });

  test('version, Envoy, domain and served versions from what is there', () => {
    expect(detect(cluster([istiod('registry.example/istio/pilot:1.28.2-distroless')]))).toEqual({
      environment: {
        version: '1.28.2',
        envoy: '1.36',
        served: { VirtualService: 'networking.istio.io/v1beta1' },
        settings: { rootNamespace: 'mesh', clusterDomain: 'corp.local' },
      },
      because: 'CRD virtualservices.networking.istio.io, istiod 1.28.2 in mesh, mesh settings not readable, defaults assumed',
    });
  });

  test('a tag that is no version says nothing; settings win over where istiod runs', () => {
    const config: KubeObject = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'istio', namespace: 'istio-system' },
      data: { mesh: 'rootNamespace: root\noutboundTrafficPolicy:\n  mode: REGISTRY_ONLY\n' },
    };
    expect(detect(cluster([istiod('example/pilot:1'), config]))?.environment).toEqual({
      served: { VirtualService: 'networking.istio.io/v1beta1' },
      settings: { rootNamespace: 'root', clusterDomain: 'corp.local', outboundTrafficPolicy: 'REGISTRY_ONLY' },
    });
  });
});

test('mesh settings: the first two levels of block YAML', () => {
  const text =
    'accessLogFile: /dev/stdout\ndefaultConfig:\n  mode: x\ndefaultVirtualServiceExportTo:\n- "."\n- istio-system\ndefaultServiceExportTo: ["*"]\npathNormalization:\n  normalization: NONE\n';
  expect(meshSettings(text)).toEqual({
    defaultVirtualServiceExportTo: '.,istio-system',
    defaultServiceExportTo: '*',
    pathNormalization: 'NONE',
  });
});

test('a Pod is in the mesh with the proxy as a container or an init container', () => {
  const named = [{ name: 'istio-proxy' }];
  expect([
    inMesh({ spec: { containers: named } }),
    inMesh({ spec: { initContainers: named } }),
    inMesh({ spec: { containers: [{ name: 'app' }] } }),
    inMesh(7),
  ]).toEqual([true, true, false, false]);
});

test('a change touches the other hosts of the VirtualService and the other ports of the service', () => {
  const env = { served: {}, settings: {} };
  const service = (name: string, ports: readonly number[]): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'shop' },
    spec: { clusterIP: '1.1.1.1', selector: { app: name }, ports: ports.map((port) => ({ name: `http-${port}`, port })) },
  });
  const shared: KubeObject = {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: 'v', namespace: 'shop' },
    spec: { hosts: ['web', 'api', 'shop.example.com'], http: [{ route: [{ destination: { host: 'web' } }] }] },
  };
  const target = { services: [{ namespace: 'shop', name: 'web', port: 80 }] };
  const seen = observeObjects(
    [service('web', [80, 81]), service('api', [80]), service('other', [80]), shared],
    reads(target, new Map(), env),
  );
  const change: Change = {
    owner: { kind: 'session', namespace: 'shop', id: 't1' },
    services: target.services,
    views: 'all',
    versions: [],
    intents: [],
  };
  expect(affects(change, seen, env)).toEqual({
    services: [
      { namespace: 'shop', name: 'api', port: 80 },
      { namespace: 'shop', name: 'web', port: 80 },
      { namespace: 'shop', name: 'web', port: 81 },
    ],
    hosts: ['shop.example.com'],
  });
});
