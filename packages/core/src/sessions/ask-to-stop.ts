import type { Cluster } from '../contracts/cluster.js';
import { ClusterError, clusterReason } from '../errors/cluster-error.js';
import { UserError } from '../errors/user-error.js';
import { isRecord } from '../model/object.js';
import { readLease } from './lease/lease-object.js';
import { leaseRef, STOP_ANNOTATION } from './names.js';
import { standingRoute } from './standing-route.js';

const ATTEMPTS = 5;

/**
 * Sets the annotation that the session's live process watches and obeys. Throws a `UserError` of code `unknown-session`
 * when there is no such session, `standing-route` when it is none. Whether anybody obeys is seen when its Lease goes away.
 */
export async function askToStop(cluster: Cluster, session: { readonly namespace: string; readonly id: string }): Promise<void> {
  const ref = leaseRef(session.namespace, session.id);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const object = await cluster.get(ref);
    if (object === undefined) throw unknownSession(session);
    const lease = readLease(object);
    if (lease?.record?.kind === 'route') throw standingRoute(lease.record);
    if (lease?.stopAsked !== undefined) return;
    const meta = isRecord(object.metadata) ? object.metadata : {};
    const annotations = isRecord(meta.annotations) ? meta.annotations : {};
    try {
      await cluster.replace({ ...object, metadata: { ...meta, annotations: { ...annotations, [STOP_ANNOTATION]: 'asked' } } });
      return;
    } catch (error) {
      const reason = clusterReason(error);
      if (reason !== 'Conflict' && reason !== 'NotFound') throw error;
    }
  }
  throw new ClusterError({
    reason: 'Conflict',
    status: 409,
    message: `The Lease of session ${session.id} changed at each of ${ATTEMPTS} attempts to write it`,
    ref,
    next: ['Try again'],
  });
}

export function unknownSession({ namespace, id }: { readonly namespace: string; readonly id: string }): UserError {
  return new UserError({
    code: 'unknown-session',
    exit: 'usage',
    message: `There is no session ${id} in namespace ${namespace}`,
    next: ['heddle sessions list -A shows all sessions'],
  });
}
