import type { Cluster } from '../../contracts/cluster.js';
import { ClusterError, clusterReason } from '../../errors/cluster-error.js';
import { describeRef, type KubeObject, metaOf, type ObjectRef, refOf } from '../../model/object.js';
import { SESSION_LABEL } from '../names.js';

const ATTEMPTS = 8;
/** The agent has nothing to finish: its rules are gone. */
const POD_GRACE_SECONDS = 1;
const KINDS = ['Pod', 'Service', 'Secret'] as const;

/** The pods, Services and Secrets of a session, or of all sessions, in the order in which they are removed. */
export async function listShadows(cluster: Cluster, namespace: string | undefined, selector: string): Promise<readonly KubeObject[]> {
  const found: KubeObject[] = [];
  for (const kind of KINDS) {
    found.push(...(await cluster.list({ group: '', kind, labelSelector: selector, ...(namespace === undefined ? {} : { namespace }) })));
  }
  return found;
}

export function shadowSelector(id: string): string {
  return `${SESSION_LABEL}=${id}`;
}

/** Deletes what was seen, and nothing that took its name since: uid and resourceVersion go with every attempt. False: it was gone already. */
export async function removeObject(cluster: Cluster, seen: KubeObject): Promise<boolean> {
  const ref = refOf(seen);
  const { uid } = metaOf(seen);
  let live: KubeObject | undefined = seen;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const meta = metaOf(live);
    if (live === undefined || meta.uid !== uid || meta.deletionTimestamp !== undefined) return attempt > 0;
    try {
      const grace = ref.kind === 'Pod' ? { gracePeriodSeconds: POD_GRACE_SECONDS } : {};
      return await cluster.delete(ref, { uid: meta.uid ?? '', resourceVersion: meta.resourceVersion ?? '' }, grace);
    } catch (error) {
      if (clusterReason(error) !== 'Conflict') throw error;
      live = await cluster.get(ref);
    }
  }
  throw stillChanging(ref);
}

function stillChanging(ref: ObjectRef): ClusterError {
  return new ClusterError({
    reason: 'Conflict',
    status: 409,
    message: `${describeRef(ref)} was changed by somebody else at each of ${ATTEMPTS} attempts to delete it`,
    ref,
    next: ['Run heddle clean'],
  });
}
