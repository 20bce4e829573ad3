import type { Note } from '../model/change.js';
import type { Observed } from '../model/observed.js';
import { allObjects } from '../plan/simulate.js';
import type { MeshContext } from '../plan/types.js';
import type { LeaseView } from './lease/lease-object.js';
import { listLeases } from './lease/leases.js';

/**
 * Ids of sessions of a namespace whose rules stand where a new session looks, though they have no Lease: nobody answers behind them, and since
 * they are older they would win. The objects were listed before: only a Lease that is not there afterwards is none.
 */
export async function orphanedSessions(
  { cluster, adapter }: MeshContext,
  namespace: string,
  seen: Observed,
  leases: readonly LeaseView[],
): Promise<readonly string[]> {
  const ids = new Set<string>();
  for (const { owner } of allObjects(seen).flatMap((object) => adapter.owned(object))) {
    if (owner.kind === 'session' && owner.namespace === namespace) ids.add(owner.id);
  }
  const without = (known: readonly LeaseView[]) => [...ids].filter((id) => known.every((lease) => lease.id !== id));
  return without(leases).length === 0 ? [] : without(await listLeases(cluster, namespace));
}

export function orphanNotes(ids: readonly string[]): readonly Note[] {
  return ids.map((id) => ({
    code: 'cleaned-first',
    message: `Rules of session ${id} stand, though its record is gone and nobody answers behind them; they are removed before this session starts`,
  }));
}
