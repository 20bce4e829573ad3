import { KUBERNETES_KINDS, READ_VERBS, type ResourceKind, type Verb, WRITE_VERBS } from '@heddle/core';
import { GATEWAY_API } from '../decode/gateway-api/references.js';
import { LEGACY } from '../decode/route-rule/legacy-group.js';
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

/** Of Istio before 1.0. */
const legacy = (kind: string, plural: string): ResourceKind => ({
  group: LEGACY,
  kind,
  plural,
  namespaced: true,
  versions: ['v1alpha2'],
  verbs: READ_VERBS,
  legacy: true,
});

/** What decoding reads and encoding writes. */
export const kinds: readonly ResourceKind[] = [
  mesh('VirtualService', 'virtualservices', WRITE_VERBS),
  mesh('DestinationRule', 'destinationrules', WRITE_VERBS),
  mesh('Gateway', 'gateways', READ_VERBS),
  mesh('Sidecar', 'sidecars', READ_VERBS),
  mesh('ServiceEntry', 'serviceentries', READ_VERBS),
  mesh('EnvoyFilter', 'envoyfilters', READ_VERBS, ['v1alpha3']),
  legacy('RouteRule', 'routerules'),
  legacy('DestinationPolicy', 'destinationpolicies'),
  legacy('EgressRule', 'egressrules'),
  { group: GATEWAY_API, kind: 'HTTPRoute', plural: 'httproutes', namespaced: true, versions: ['v1', 'v1beta1'], verbs: READ_VERBS },
  { group: GATEWAY_API, kind: 'GRPCRoute', plural: 'grpcroutes', namespaced: true, versions: ['v1'], verbs: READ_VERBS },
  ...KUBERNETES_KINDS,
];
