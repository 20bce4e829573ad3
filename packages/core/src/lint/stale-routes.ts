import { clusterReason } from '../errors/cluster-error.js';
import type { Observed } from '../model/observed.js';
import { allObjects } from '../plan/simulate.js';
import type { MeshContext } from '../plan/types.js';
import { driftAmong } from '../routes/drift.js';
import { staleWords } from '../routes/drift-problems.js';
import { listRoutes } from '../routes/list-routes.js';
import { leaseRef } from '../sessions/names.js';
import { type Finding, finding } from './finding.js';

/**
 * Standing routes of a namespace, or of all, that are copies of rules which others have changed since. Nothing is read where none of the
 * rules among `seen` is a standing route's, and nothing is said where records may not be listed.
 */
export async function lintStaleRoutes(
  mesh: MeshContext,
  seen: Observed,
  scope: { readonly namespace?: string },
): Promise<readonly Finding[]> {
  const rules = allObjects(seen).flatMap((object) => mesh.adapter.owned(object));
  if (!rules.some(({ owner }) => owner.kind === 'route')) return [];
  const routes = await listRoutes(mesh.cluster, scope).catch((error: unknown) => {
    if (clusterReason(error) === 'Forbidden') return [];
    throw error;
  });
  return [...(await driftAmong(mesh, routes))].flatMap(([route, { stale }]) => {
    const { message, fix } = staleWords(route);
    return stale ? [finding('warning', 'copied-from-changed', leaseRef(route.namespace, route.id), message, { fix })] : [];
  });
}
