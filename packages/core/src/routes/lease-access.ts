import type { AccessCheck } from '../contracts/cluster.js';

/** What a standing route needs besides the mesh's objects: its record. */
export function leaseAccess(namespace: string): readonly AccessCheck[] {
  return ['get', 'list', 'create', 'update', 'delete'].map((verb) => ({
    group: 'coordination.k8s.io',
    resource: 'leases',
    namespace,
    verb,
  }));
}
