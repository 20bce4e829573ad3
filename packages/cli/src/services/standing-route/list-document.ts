import { type Cluster, clusterReason, type MeshContext, type StandingRoutes as Owner, type RouteDrift } from '@heddle/core';
import { type EntryDocument, entryDocument } from './change-document.js';

/**
 * How a standing route stands. `edited`: somebody changed rules of its service's routes by hand. `missing`: such rules are gone. `stale`: it
 * is a copy of rules that others have changed since. `outdated`: what it names is called otherwise now, such as a port of its service.
 * `partial`: its service has ports that have come since. `unfinished`: a change of it has not come to its end. `unknown`: objects of its
 * mesh may not be read, or its adapter is not at hand.
 */
export type RouteState = 'stands' | 'edited' | 'missing' | 'stale' | 'outdated' | 'partial' | 'unfinished' | 'unknown';

/** A standing route as `heddle route list` shows it; schemas/route-list.json. */
export type ListedRoute = Omit<EntryDocument, 'does'> & {
  readonly namespace: string;
  readonly service: string;
  readonly ports: readonly number[];
  readonly id: string;
  readonly adapter: string;
  readonly does: string;
  readonly state: RouteState;
  /** Where the edited rules are, and which objects do not have theirs any more: of all routes of the service together. */
  readonly edited?: RouteDrift['edited'];
  readonly missing?: RouteDrift['missing'];
  /** Objects that would be written otherwise now. */
  readonly outdated?: RouteDrift['outdated'];
  /** Ports that carry HTTP, for which it does not hold yet. */
  readonly uncovered?: RouteDrift['uncovered'];
};

export interface RouteListDocument {
  readonly routes: readonly ListedRoute[];
  /** Records that cannot be read. */
  readonly unreadable: readonly { readonly namespace: string; readonly id: string; readonly problem: string }[];
  /** Rules that stand though their record is gone. */
  readonly withoutRecord: readonly { readonly namespace: string; readonly id: string; readonly service: string }[];
  /** By the API server's clock, RFC 3339. */
  readonly now: string;
}

export interface ListedRoutes {
  readonly owners: readonly Owner[];
  /** Of those that could be looked at. */
  readonly drift: ReadonlyMap<Owner, RouteDrift>;
  readonly withoutRecord: RouteListDocument['withoutRecord'];
  readonly now: number;
}

export function listDocument({ owners, drift, withoutRecord, now }: ListedRoutes): RouteListDocument {
  return {
    routes: owners.flatMap((owner) => owner.entries.map((entry) => listedRoute(owner, entry, drift.get(owner)))),
    unreadable: owners.flatMap(({ namespace, id, problem }) => (problem === undefined ? [] : [{ namespace, id, problem }])),
    withoutRecord,
    now: new Date(now).toISOString(),
  };
}

function listedRoute(owner: Owner, entry: Owner['entries'][number], drift: RouteDrift | undefined): ListedRoute {
  const { edited = [], missing = [], outdated = [], uncovered = [] } = drift ?? {};
  return {
    namespace: owner.namespace,
    service: owner.service,
    ports: owner.ports,
    id: owner.id,
    adapter: owner.adapter,
    ...entryDocument(entry),
    state: stateOf(owner, drift),
    ...(edited.length === 0 ? {} : { edited }),
    ...(missing.length === 0 ? {} : { missing }),
    ...(outdated.length === 0 ? {} : { outdated }),
    ...(uncovered.length === 0 ? {} : { uncovered }),
  };
}

/** What keeps heddle from mending it comes first. */
function stateOf({ state }: Owner, drift: RouteDrift | undefined): RouteState {
  if (state === 'unfinished') return 'unfinished';
  if (drift === undefined) return 'unknown';
  if (drift.edited.length > 0) return 'edited';
  if (drift.missing.length > 0) return 'missing';
  if (drift.stale) return 'stale';
  if (drift.outdated.length > 0) return 'outdated';
  return drift.uncovered.length > 0 ? 'partial' : 'stands';
}

/** What others did to routes since they were written; of those that can be looked at. */
export async function findDrift(
  driftAmong: (mesh: MeshContext, owners: readonly Owner[]) => Promise<ReadonlyMap<Owner, RouteDrift>>,
  cluster: Cluster,
  meshes: readonly Pick<MeshContext, 'adapter' | 'env'>[],
  owners: readonly Owner[],
): Promise<ReadonlyMap<Owner, RouteDrift>> {
  const found: (readonly [Owner, RouteDrift])[] = [];
  for (const { adapter, env } of meshes) {
    const drift = await driftAmong({ cluster, adapter, env }, owners).catch((error: unknown) => {
      if (clusterReason(error) === 'Forbidden') return new Map<Owner, RouteDrift>();
      throw error;
    });
    found.push(...drift);
  }
  return new Map(found);
}
