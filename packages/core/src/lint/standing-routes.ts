import type { Problem } from '../contracts/mesh-adapter.js';
import { clusterReason } from '../errors/cluster-error.js';
import type { MeshContext } from '../plan/types.js';
import { driftAmong } from '../routes/drift.js';
import { driftProblems } from '../routes/drift-problems.js';
import { listRoutes } from '../routes/list-routes.js';
import type { StandingRoutes } from '../routes/types.js';
import { leaseRef } from '../sessions/names.js';
import { type Finding, finding } from './finding.js';

/**
 * What others did to the standing routes of a namespace, or of all. It begins with the records, since the rules themselves may be gone: where
 * there are none, nothing else is read, and nothing is said where they may not be listed.
 */
export async function lintStandingRoutes(mesh: MeshContext, scope: { readonly namespace?: string }): Promise<readonly Finding[]> {
  const routes = await listRoutes(mesh.cluster, scope).catch((error: unknown) => {
    if (clusterReason(error) === 'Forbidden') return [];
    throw error;
  });
  return [...(await driftAmong(mesh, routes))].flatMap(([route, drift]) =>
    driftProblems(route, drift).map((problem) => findingOf(route, problem)),
  );
}

/** Told of the route's record where its object is in another namespace than its service, which is all that may be asked about. */
function findingOf({ namespace, id }: StandingRoutes, { code, message, ref, pointer, fix }: Problem): Finding {
  const isNear = ref !== undefined && (ref.namespace === undefined || ref.namespace === namespace);
  const of = isNear ? ref : leaseRef(namespace, id);
  return finding('warning', code, of, message, {
    ...(isNear && pointer !== undefined ? { pointer } : {}),
    ...(fix === undefined ? {} : { fix }),
  });
}
