import { leaseDepsOf, settling } from '../sessions/deps.js';
import { LeaseHolder } from '../sessions/lease/lease-holder.js';
import type { LeaseView } from '../sessions/lease/lease-object.js';
import type { RecordedRoute, SessionRecord } from '../sessions/lease/record.js';
import { leaseRef } from '../sessions/names.js';
import type { CleanDeps, CleanReport } from '../sessions/types.js';
import { writeRoute } from './write-route.js';

const NOTHING: CleanReport = { sessions: [], orphans: [], removed: [], left: [], kept: [] };

/** Finishes a change of standing routes that whoever began it did not. */
export async function finishRoute(deps: CleanDeps, lease: LeaseView, record: SessionRecord, route: RecordedRoute): Promise<CleanReport> {
  const { namespace, id } = lease;
  const instead = `Change it with heddle route, or take it back with heddle route clear ${record.service} -n ${namespace}`;
  const left = (why: string): CleanReport => ({ ...NOTHING, left: [{ ref: leaseRef(namespace, id), why: `${why}. ${instead}` }] });
  const mesh = deps.meshes.find(({ adapter }) => adapter.id === record.adapter);
  if (mesh === undefined) return left(`Its rules are written by the adapter ${record.adapter}, which is not at hand`);
  const guard = await LeaseHolder.takeOver(leaseDepsOf(deps), lease, record, 'routing');
  if (guard === undefined) return { ...NOTHING, kept: [{ id, namespace, why: 'somebody else has taken it just now' }] };
  const outcome = await writeRoute({
    mesh: { cluster: deps.cluster, ...mesh },
    guard,
    route,
    settle: settling(deps),
    onProgress: (message) => deps.log(message),
  });
  if ('refused' in outcome) return left(outcome.refused.map(({ message }) => message).join('; '));
  return { ...NOTHING, kept: [{ id, namespace, why: 'a change of it was begun and not finished; it is now what its record says' }] };
}
