import type { ObjectEdit, Refusal } from '../model/change.js';
import { editAccess, refuseMissingRights } from '../sessions/access.js';
import type { RouteDeps } from './types.js';

type RightsDeps = Pick<RouteDeps, 'cluster' | 'adapter' | 'showing'>;

const READ = ['get', 'list'];
const WRITE = ['create', 'update', 'delete'];

/** One refusal (`missing-rights`) that names what somebody may not do with a namespace's records. */
export async function refuseRecordRights({ cluster, showing }: RightsDeps, namespace: string): Promise<readonly Refusal[]> {
  const verbs = showing === true ? READ : [...READ, ...WRITE];
  const needed = verbs.map((verb) => ({ group: 'coordination.k8s.io', resource: 'leases', namespace, verb }));
  return await refuseMissingRights(cluster, needed);
}

/** The same for the objects that a plan changes: none where it is only shown. */
export async function refuseEditRights(
  { cluster, adapter, showing }: RightsDeps,
  edits: readonly ObjectEdit[],
): Promise<readonly Refusal[]> {
  return showing === true ? [] : await refuseMissingRights(cluster, editAccess(adapter, edits));
}
