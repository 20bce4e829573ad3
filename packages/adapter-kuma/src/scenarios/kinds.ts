import type { Scenario } from '@heddle/core';

type Kind = Scenario['kinds'][number];

const kind = (name: string, plural: string, options: Partial<Kind> = {}): Kind => ({
  group: 'kuma.io',
  kind: name,
  plural,
  singular: name.toLowerCase(),
  namespaced: true,
  versions: ['v1alpha1'],
  ...options,
});

const target = [{ name: 'TargetRef Kind', path: 'spec.targetRef.kind' }];

/** What Kuma 2.14 installs, as far as anybody routes with it. */
export const KUMA_KINDS: Scenario['kinds'] = [
  kind('Mesh', 'meshes', { namespaced: false }),
  kind('TrafficRoute', 'trafficroutes', { namespaced: false }),
  kind('TrafficPermission', 'trafficpermissions', { namespaced: false }),
  kind('ExternalService', 'externalservices', { namespaced: false }),
  kind('Dataplane', 'dataplanes'),
  kind('MeshHTTPRoute', 'meshhttproutes', { columns: target }),
  kind('MeshTCPRoute', 'meshtcproutes', { columns: target }),
  kind('MeshTrafficPermission', 'meshtrafficpermissions', { columns: target }),
  kind('MeshService', 'meshservices'),
  kind('MeshMultiZoneService', 'meshmultizoneservices'),
  kind('MeshExternalService', 'meshexternalservices'),
];
