import { KUBERNETES_KINDS, READ_VERBS, type ResourceKind, type Verb, WRITE_VERBS } from '@heddle/core';

export const KUMA_GROUP = 'kuma.io';

const mesh = (kind: string, plural: string, verbs: readonly Verb[], namespaced = true): ResourceKind => ({
  group: KUMA_GROUP,
  kind,
  plural,
  namespaced,
  versions: ['v1alpha1'],
  verbs,
});

/** What decoding reads and encoding writes. Kong Mesh serves the same kinds. */
export const kinds: readonly ResourceKind[] = [
  mesh('TrafficRoute', 'trafficroutes', WRITE_VERBS, false),
  mesh('MeshHTTPRoute', 'meshhttproutes', WRITE_VERBS),
  mesh('MeshTCPRoute', 'meshtcproutes', READ_VERBS),
  mesh('Mesh', 'meshes', READ_VERBS, false),
  mesh('MeshService', 'meshservices', READ_VERBS),
  mesh('MeshMultiZoneService', 'meshmultizoneservices', READ_VERBS),
  mesh('MeshExternalService', 'meshexternalservices', READ_VERBS),
  mesh('ExternalService', 'externalservices', READ_VERBS, false),
  mesh('MeshTimeout', 'meshtimeouts', READ_VERBS),
  mesh('MeshRetry', 'meshretries', READ_VERBS),
  ...KUBERNETES_KINDS,
];
