import { type ClusterFacts, type KubeObject, observeObjects } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { observe, split, takeover, world } from '../../test/support/changes.js';
import { between, kuma, mesh, route, rule, trafficRoute, version } from '../../test/support/mesh-objects.js';
import { ownerLabels } from '../owned/ownership.js';
import { affects, detect, facts, inMesh, kinds } from './index.js';

const served = (more: readonly string[] = []): ClusterFacts['served'] => [
  ...kinds.map(({ group, versions, kind, plural, namespaced }) => ({ group, versions, kind, plural, namespaced })),
  ...more.map((kind) => ({ group: 'kuma.io', versions: ['v1alpha1'], kind, plural: kind.toLowerCase(), namespaced: true })),
];
const controlPlane = (image: string, app = 'kuma-control-plane', namespace = 'kuma-system', env: readonly object[] = []): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: app, namespace, labels: { app } },
  spec: { template: { spec: { containers: [{ name: 'control-plane', image, env }] } } },
});
const seen = (objects: readonly KubeObject[], more: readonly string[] = []): ClusterFacts => ({
  version: 'v1.36.0',
  served: served(more),
  seen: observeObjects(objects, facts),
});
const all = trafficRoute('route-all', { ...between('*'), conf: { destination: { 'kuma.io/service': '*' } } });
const everybodys = route('MeshHTTPRoute', 'all', {
  to: [{ targetRef: { kind: 'MeshService', name: 'cart_shop_svc_80' }, rules: [rule('/', version('v1'))] }],
});

describe('detect', () => {
  it('finds Kuma with its version, its Envoy and its settings', () => {
    const env = [
      { name: 'KUMA_STORE_KUBERNETES_SYSTEM_NAMESPACE', value: 'mesh-system' },
      { name: 'KUMA_MULTIZONE_ZONE_NAME', value: 'east' },
      { name: 'KUMA_EXPERIMENTAL_INBOUND_TAGS_DISABLED', value: 'true' },
    ];
    const found = detect(seen([controlPlane('docker.io/kumahq/kuma-cp:2.14.3', undefined, 'mesh-system', env), mesh()]));
    expect(found?.environment).toMatchObject({
      version: '2.14.3',
      envoy: '1.38',
      served: { TrafficRoute: 'kuma.io/v1alpha1', Pod: 'v1' },
      settings: { systemNamespace: 'mesh-system', zone: 'east', inboundTags: 'disabled', routing: 'MeshHTTPRoute' },
    });
    expect(found?.title).toBeUndefined();
    expect(found?.because).toBe('CRD meshes.kuma.io, control plane of Kuma 2.14.3 in mesh-system, mesh default');
  });

  it('names Kong Mesh by its image, its labels, its namespace or its kinds', () => {
    expect(detect(seen([controlPlane('docker.io/kong/kuma-cp:2.9.4')]))?.title).toBe('Kong Mesh');
    expect(detect(seen([controlPlane('registry.example/kuma-cp:2.9.4', 'kong-mesh-control-plane')]))?.title).toBe('Kong Mesh');
    expect(detect(seen([controlPlane('registry.example/kuma-cp:2.9.4', undefined, 'kong-mesh-system')]))?.title).toBe('Kong Mesh');
    const byKind = detect(seen([], ['MeshOPA']));
    expect(byKind?.title).toBe('Kong Mesh');
    expect(byKind?.because).toBe('CRD meshes.kuma.io, control plane not seen');
  });

  it('says how the mesh routes where that is plain', () => {
    const routing = (...objects: readonly KubeObject[]) => detect(seen([mesh(), ...objects]))?.environment.settings.routing;
    const ours = {
      ...everybodys,
      metadata: { ...(everybodys.metadata as object), labels: ownerLabels({ kind: 'session', namespace: 'shop', id: 'a1' }) },
    };
    expect([routing(), routing(all), routing(everybodys), routing(all, everybodys), routing(all, ours)]).toEqual([
      'MeshHTTPRoute',
      'TrafficRoute',
      'MeshHTTPRoute',
      undefined,
      'TrafficRoute',
    ]);
    expect(detect(seen([all]))?.environment.settings.routing).toBeUndefined();
    const unread = new Map(facts.map((query) => [JSON.stringify(query), { unread: 'forbidden' }]));
    expect(detect({ version: '', served: served(), seen: unread })?.environment.settings).toEqual({});
  });

  it('finds nothing without the CRDs', () => {
    expect(detect({ version: '', served: [], seen: new Map() })).toBeUndefined();
  });
});

it('tells pods with the sidecar, old and new way', () => {
  const withContainer = (list: 'containers' | 'initContainers', name: string) => inMesh({ spec: { [list]: [{ name }] } });
  expect([
    withContainer('containers', 'kuma-sidecar'),
    withContainer('initContainers', 'kuma-sidecar'),
    withContainer('containers', 'app'),
    inMesh(undefined),
  ]).toEqual([true, true, false, false]);
});

describe('affects', () => {
  const names = (objects: readonly KubeObject[], change = takeover('a1')) =>
    affects(change, observe(objects, change.services), kuma()).services.map(({ name }) => name);

  it('is the service alone, but for a mesh that has both kinds of routes: there all', () => {
    expect(names(world())).toEqual(['cart']);
    expect(names(world(all), split({ v1: 1 }))).toEqual(['cart']);
    expect(names(world(all, everybodys)).toSorted()).toEqual(['cart', 'heddle-cart-a1', 'heddle-cart-b2', 'other']);
  });
});
