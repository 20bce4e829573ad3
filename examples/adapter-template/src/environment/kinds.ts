import type { ResourceKind, Verb } from '@heddle/core';
import { GATEWAY_API, HTTP_ROUTE } from '../names.js';

const READ: readonly Verb[] = ['get', 'list', 'watch'];
const WRITE: readonly Verb[] = [...READ, 'create', 'update', 'delete'];

const kind = (
  group: string,
  name: string,
  plural: string,
  versions: readonly string[],
  more: Partial<ResourceKind> = {},
): ResourceKind => ({
  group,
  kind: name,
  plural,
  namespaced: true,
  versions,
  verbs: READ,
  ...more,
});

/** All that is read or written. Only kinds with a writing verb are searched for rules of ours. */
export const kinds: readonly ResourceKind[] = [
  kind(GATEWAY_API, HTTP_ROUTE, 'httproutes', ['v1', 'v1beta1'], { verbs: WRITE }),
  kind(GATEWAY_API, 'GRPCRoute', 'grpcroutes', ['v1']),
  kind('networking.istio.io', 'VirtualService', 'virtualservices', ['v1', 'v1beta1', 'v1alpha3']),
  kind('security.istio.io', 'AuthorizationPolicy', 'authorizationpolicies', ['v1', 'v1beta1']),
  kind('', 'Service', 'services', ['v1']),
  kind('', 'Pod', 'pods', ['v1']),
  kind('', 'Namespace', 'namespaces', ['v1'], { namespaced: false }),
];
