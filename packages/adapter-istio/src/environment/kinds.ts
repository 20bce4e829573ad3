import { KUBERNETES_KINDS, READ_VERBS, type ResourceKind, type Verb, WRITE_VERBS } from '@heddle/core';
import { GATEWAY_API } from '../decode/reads.js';
import { NETWORKING } from '../decode/world.js';

const VERSIONS = ['v1', 'v1beta1', 'v1alpha3'];

const mesh = (kind: string, plural: string, verbs: readonly Verb[], versions = VERSIONS): ResourceKind => ({
  group: NETWORKING,
  kind,
  plural,
  namespaced: true,
  versions,
  verbs,
});

/** What decoding reads and encoding writes. */
export const kinds: readonly ResourceKind[] = [
  mesh('VirtualService', 'virtualservices', WRITE_VERBS),
  mesh('DestinationRule', 'destinationrules', READ_VERBS),
  mesh('Gateway', 'gateways', READ_VERBS),
  mesh('Sidecar', 'sidecars', READ_VERBS),
  mesh('ServiceEntry', 'serviceentries', READ_VERBS),
  mesh('EnvoyFilter', 'envoyfilters', READ_VERBS, ['v1alpha3']),
  { group: GATEWAY_API, kind: 'HTTPRoute', plural: 'httproutes', namespaced: true, versions: ['v1', 'v1beta1'], verbs: READ_VERBS },
  { group: GATEWAY_API, kind: 'GRPCRoute', plural: 'grpcroutes', namespaced: true, versions: ['v1'], verbs: READ_VERBS },
  ...KUBERNETES_KINDS,
];
