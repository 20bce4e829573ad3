import type { Cluster } from '../../contracts/cluster.js';
import type { OwnedRule } from '../../contracts/mesh-adapter.js';
import { clusterReason } from '../../errors/cluster-error.js';
import { groupOf, type KubeObject, type ResourceKind } from '../../model/object.js';
import type { CleanDeps } from '../types.js';

export type Mesh = CleanDeps['meshes'][number];

/** A rule of ours found in a mesh object, whatever the records say. */
export interface FoundRule {
  readonly mesh: Mesh;
  readonly rule: OwnedRule;
}

/**
 * Every rule that names one of us as its owner. With a namespace: those whose owner's record is kept there, wherever the rule stands;
 * where other namespaces may not be read, in that namespace alone.
 */
export async function scanRules(
  deps: Pick<CleanDeps, 'cluster' | 'meshes' | 'log'>,
  namespace: string | undefined,
): Promise<readonly FoundRule[]> {
  const found: FoundRule[] = [];
  for (const mesh of deps.meshes) {
    for (const kind of mesh.adapter.kinds.filter(isWritten)) {
      for (const object of await listKind(deps, mesh, kind, namespace)) {
        for (const rule of mesh.adapter.owned(object)) {
          if (namespace === undefined || rule.owner.namespace === namespace) found.push({ mesh, rule });
        }
      }
    }
  }
  return found;
}

/** Whether objects of the kind may hold rules of ours. */
export function isWritten(kind: ResourceKind): boolean {
  return kind.verbs.includes('update') || kind.verbs.includes('delete');
}

async function listKind(
  { cluster, log }: { readonly cluster: Cluster; readonly log: CleanDeps['log'] },
  mesh: Mesh,
  kind: ResourceKind,
  namespace: string | undefined,
): Promise<readonly KubeObject[]> {
  const served = mesh.env.served[kind.kind];
  const version = served !== undefined && groupOf(served) === kind.group ? { apiVersion: served } : {};
  const query = { group: kind.group, kind: kind.kind };
  try {
    return await cluster.list(query, version);
  } catch (error) {
    const reason = clusterReason(error);
    if (reason === 'NotFound') return [];
    if (reason !== 'Forbidden' || namespace === undefined || !kind.namespaced) throw error;
    log('Only one namespace is searched for rules of ours: the others may not be read', { kind: kind.kind, namespace });
    return await cluster.list({ ...query, namespace }, version);
  }
}
