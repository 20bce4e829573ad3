import { KUBERNETES_KINDS, READ_VERBS, type ResourceKind, WRITE_VERBS } from '@heddle/core';
import { GATEWAY_API, HTTP_ROUTE } from '../names.js';

const kind = (group: string, name: string, plural: string, versions: readonly string[], verbs = READ_VERBS): ResourceKind => ({
  group,
  kind: name,
  plural,
  namespaced: true,
  versions,
  verbs,
});

/** All that is read or written. Only kinds with a writing verb are searched for rules of ours. */
export const kinds: readonly ResourceKind[] = [
  kind(GATEWAY_API, HTTP_ROUTE, 'httproutes', ['v1', 'v1beta1'], WRITE_VERBS),
  kind(GATEWAY_API, 'GRPCRoute', 'grpcroutes', ['v1']),
  kind('networking.istio.io', 'VirtualService', 'virtualservices', ['v1', 'v1beta1', 'v1alpha3']),
  kind('security.istio.io', 'AuthorizationPolicy', 'authorizationpolicies', ['v1', 'v1beta1']),
  ...KUBERNETES_KINDS,
];
