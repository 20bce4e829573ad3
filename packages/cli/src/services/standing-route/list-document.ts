import { type Cluster, clusterReason, type MeshContext, type StandingRoutes as Owner } from '@heddle/core';
import { type EntryDocument, entryDocument } from './change-document.js';

/** A standing route as `heddle route list` shows it; schemas/route-list.json. */
export type ListedRoute = Omit<EntryDocument, 'does'> & {
  readonly namespace: string;
  readonly service: string;
  readonly ports: readonly number[];
  readonly id: string;
  readonly adapter: string;
  readonly does: string;
  /** `stale`: it is a copy of rules that others have changed since. `unfinished`: a change of it has not come to its end. */
  readonly state: 'stands' | 'stale' | 'unfinished';
};

export interface RouteListDocument {
  readonly routes: readonly ListedRoute[];
  /** Records that cannot be read. */
  readonly unreadable: readonly { readonly namespace: string; readonly id: string; readonly problem: string }[];
  /** By the API server's clock, RFC 3339. */
  readonly now: string;
}

export function listDocument(owners: readonly Owner[], stale: ReadonlySet<Owner>, now: number): RouteListDocument {
  return {
    routes: owners.flatMap((owner) =>
      owner.entries.map((entry) => ({
        namespace: owner.namespace,
        service: owner.service,
        ports: owner.ports,
        id: owner.id,
        adapter: owner.adapter,
        ...entryDocument(entry),
        state: owner.state === 'stands' && stale.has(owner) ? 'stale' : owner.state,
      })),
    ),
    unreadable: owners.flatMap(({ namespace, id, problem }) => (problem === undefined ? [] : [{ namespace, id, problem }])),
    now: new Date(now).toISOString(),
  };
}

/** Owners whose rules are copies of rules that were changed since; none of those that cannot be looked at. */
export async function findStale(
  staleAmong: (mesh: MeshContext, owners: readonly Owner[]) => Promise<readonly Owner[]>,
  cluster: Cluster,
  meshes: readonly Pick<MeshContext, 'adapter' | 'env'>[],
  owners: readonly Owner[],
): Promise<ReadonlySet<Owner>> {
  const found: Owner[] = [];
  for (const { adapter, env } of meshes) {
    const stale = await staleAmong({ cluster, adapter, env }, owners).catch((error: unknown) => {
      if (clusterReason(error) === 'Forbidden') return [];
      throw error;
    });
    found.push(...stale);
  }
  return new Set(found);
}
