import { ZONE_TAG } from './tags.js';
import type { MeshRoute, PolicyRole, World } from './world-types.js';

const ROLES: Readonly<Record<PolicyRole, number>> = { system: 1, producer: 2, consumer: 3, 'workload-owner': 4 };
const KINDS: readonly string[] = [
  'Mesh',
  'Dataplane',
  'MeshSubset',
  'MeshGateway',
  'MeshService',
  'MeshExternalService',
  'MeshMultiZoneService',
  'MeshServiceSubset',
  'MeshHTTPRoute',
];

/** A policy that another zone made is about that zone's proxies, unless it is a producer's (kuma `matchers/dataplane.go`, `dppSelectedByZone`). */
export function isOfThisZone(world: World, { role, origin, labels }: MeshRoute): boolean {
  return role === 'producer' || origin !== 'zone' || (labels[ZONE_TAG] ?? world.zone) === world.zone;
}

/**
 * What counts more comes later: the kind of the target, a Dataplane named rather than labelled, the zone's own, the role (kuma
 * `pkg/plugins/policies/core/rules/sort/sort.go`, `CompareByPolicyAttributes`, 2.14).
 */
export function compareAttributes(a: MeshRoute, b: MeshRoute): number {
  return (
    KINDS.indexOf(a.targetRef.kind) - KINDS.indexOf(b.targetRef.kind) ||
    compareDataplanes(a, b) ||
    originOf(a) - originOf(b) ||
    ROLES[a.role] - ROLES[b.role]
  );
}

/** Of equals the one with the smaller name counts more; names are compared without namespaces. */
export const compareNames = (a: MeshRoute, b: MeshRoute): number =>
  a.displayName === b.displayName ? 0 : a.displayName < b.displayName ? 1 : -1;

function compareDataplanes({ targetRef: a }: MeshRoute, { targetRef: b }: MeshRoute): number {
  if (a.kind !== 'Dataplane' || b.kind !== 'Dataplane') return 0;
  if (a.name !== undefined && b.labels !== undefined) return 1;
  if (a.labels !== undefined && b.name !== undefined) return -1;
  return Number(a.sectionName !== undefined) - Number(b.sectionName !== undefined);
}

const originOf = ({ origin }: MeshRoute): number => (origin === 'global' ? 1 : origin === undefined ? 2 : 3);
