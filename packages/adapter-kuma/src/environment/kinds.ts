import type { ResourceKind, Verb } from '@heddle/core';

export const KUMA_GROUP = 'kuma.io';

const READ: readonly Verb[] = ['get', 'list', 'watch'];
const WRITE: readonly Verb[] = [...READ, 'create', 'update', 'delete'];

const mesh = (kind: string, plural: string, verbs: readonly Verb[], namespaced = true): ResourceKind => ({
  group: KUMA_GROUP,
  kind,
  plural,
  namespaced,
  versions: ['v1alpha1'],
  verbs,
});

const core = (kind: string, plural: string, namespaced = true): ResourceKind => ({
  group: '',
  kind,
  plural,
  namespaced,
  versions: ['v1'],
  verbs: READ,
});

/** What decoding reads and encoding writes. Kong Mesh serves the same kinds. */
export const kinds: readonly ResourceKind[] = [
  mesh('TrafficRoute', 'trafficroutes', WRITE, false),
  mesh('MeshHTTPRoute', 'meshhttproutes', WRITE),
  mesh('MeshTCPRoute', 'meshtcproutes', READ),
  mesh('Mesh', 'meshes', READ, false),
  mesh('MeshService', 'meshservices', READ),
  mesh('MeshMultiZoneService', 'meshmultizoneservices', READ),
  mesh('MeshExternalService', 'meshexternalservices', READ),
  mesh('ExternalService', 'externalservices', READ, false),
  mesh('MeshTimeout', 'meshtimeouts', READ),
  mesh('MeshRetry', 'meshretries', READ),
  core('Service', 'services'),
  core('Pod', 'pods'),
  core('Namespace', 'namespaces', false),
];
