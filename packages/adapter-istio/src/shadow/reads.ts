import type { MeshEnvironment, ObjectQuery, ResourceKind, Target } from '@heddle/core';

export const SECURITY_GROUP = 'security.istio.io';

/** What a shadow needs to know beyond routing: the policies that it will not be under. */
export const shadowKinds: readonly ResourceKind[] = [
  {
    group: SECURITY_GROUP,
    kind: 'AuthorizationPolicy',
    plural: 'authorizationpolicies',
    namespaced: true,
    versions: ['v1', 'v1beta1'],
    verbs: ['get', 'list'],
  },
];

export const rootNamespace = (env: MeshEnvironment): string => env.settings.rootNamespace ?? 'istio-system';

export const policyQuery = (namespace: string): ObjectQuery => ({ group: SECURITY_GROUP, kind: 'AuthorizationPolicy', namespace });

export function shadowReads(target: Target, env: MeshEnvironment): readonly ObjectQuery[] {
  const namespaces = [...new Set(target.services.map(({ namespace }) => namespace))];
  if (namespaces.length === 0) return [];
  return [...new Set([...namespaces, rootNamespace(env)])].map(policyQuery);
}
