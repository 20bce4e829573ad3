import type { Cluster } from '../contracts/cluster.js';
import type { MeshAdapter } from '../contracts/mesh-adapter.js';
import type { Observed } from '../model/observed.js';
import { ownerKey } from '../model/owner.js';
import { allObjects } from '../plan/simulate.js';
import { listLeases } from '../sessions/lease/leases.js';
import { type Finding, finding } from './finding.js';

const HARM = { session: 'nobody answers behind it', route: 'it decides where requests go, and nobody is said to want that' } as const;

/**
 * Rules of heddle's own among `seen` whose record is gone: of all owners, or of those in a namespace. Records are listed now, after the
 * objects, so that a session which is just starting is none; where there are no rules, none are. Throws `ClusterError` where they may not be.
 */
export async function lintLeftovers(
  cluster: Cluster,
  adapter: MeshAdapter,
  seen: Observed,
  namespace?: string,
): Promise<readonly Finding[]> {
  const rules = allObjects(seen)
    .flatMap((object) => adapter.owned(object))
    .filter(({ owner }) => namespace === undefined || owner.namespace === namespace);
  if (rules.length === 0) return [];
  const leases = await listLeases(cluster, namespace);
  const known = new Set(leases.map(({ namespace, id }) => `${namespace}/${id}`));
  return rules
    .filter(({ owner }) => !known.has(`${owner.namespace}/${owner.id}`))
    .map(({ owner, ref, pointer }) =>
      finding('warning', 'leftover-rule', ref, `a rule of ${ownerKey(owner)} stands, whose record is gone: ${HARM[owner.kind]}`, {
        pointer,
        fix: `heddle clean -n ${owner.namespace}`,
      }),
    );
}
