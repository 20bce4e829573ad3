import type { ObjectQuery, ResourceKind, Target } from '@heddle/core';
import { KUMA_GROUP } from '../environment/kinds.js';

const kind = (name: string, plural: string, namespaced: boolean): ResourceKind => ({
  group: KUMA_GROUP,
  kind: name,
  plural,
  namespaced,
  versions: ['v1alpha1'],
  verbs: ['get', 'list'],
});

/** What a shadow needs to know beyond routing: the policies on who may call whom. TrafficPermission is the older one of the two. */
export const shadowKinds: readonly ResourceKind[] = [
  kind('MeshTrafficPermission', 'meshtrafficpermissions', true),
  kind('TrafficPermission', 'trafficpermissions', false),
];

export const PERMISSION_QUERIES: readonly ObjectQuery[] = shadowKinds.map((one) => ({ group: KUMA_GROUP, kind: one.kind }));

export const shadowReads = (target: Target): readonly ObjectQuery[] => (target.services.length === 0 ? [] : PERMISSION_QUERIES);
