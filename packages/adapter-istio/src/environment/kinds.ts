import type { ResourceKind, Verb } from '@heddle/core';
import { GATEWAY_API } from '../decode/reads.js';
import { NETWORKING } from '../decode/world.js';

const READ: readonly Verb[] = ['get', 'list', 'watch'];
const WRITE: readonly Verb[] = [...READ, 'create', 'update', 'delete'];
const VERSIONS = ['v1', 'v1beta1', 'v1alpha3'];

const mesh = (kind: string, plural: string, verbs: readonly Verb[], versions = VERSIONS): ResourceKind => ({
  group: NETWORKING,
  kind,
  plural,
  namespaced: true,
  versions,
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

/** What decoding reads and encoding writes. */
export const kinds: readonly ResourceKind[] = [
  mesh('VirtualService', 'virtualservices', WRITE),
  mesh('DestinationRule', 'destinationrules', READ),
  mesh('Gateway', 'gateways', READ),
  mesh('Sidecar', 'sidecars', READ),
  mesh('ServiceEntry', 'serviceentries', READ),
  mesh('EnvoyFilter', 'envoyfilters', READ, ['v1alpha3']),
  { group: GATEWAY_API, kind: 'HTTPRoute', plural: 'httproutes', namespaced: true, versions: ['v1', 'v1beta1'], verbs: READ },
  { group: GATEWAY_API, kind: 'GRPCRoute', plural: 'grpcroutes', namespaced: true, versions: ['v1'], verbs: READ },
  core('Service', 'services'),
  core('Pod', 'pods'),
  core('Namespace', 'namespaces', false),
];
