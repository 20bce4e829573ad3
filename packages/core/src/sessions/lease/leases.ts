import type { Cluster } from '../../contracts/cluster.js';
import { MANAGED_SELECTOR } from '../names.js';
import type { LeaseView } from './lease-object.js';
import { readLease } from './lease-object.js';

/** All Leases of ours in a namespace, or everywhere; the oldest session first. */
export async function listLeases(cluster: Cluster, namespace: string | undefined): Promise<readonly LeaseView[]> {
  const objects = await cluster.list({
    group: 'coordination.k8s.io',
    kind: 'Lease',
    labelSelector: MANAGED_SELECTOR,
    ...(namespace === undefined ? {} : { namespace }),
  });
  return objects
    .map(readLease)
    .filter((lease) => lease !== undefined)
    .sort((a, b) => (`${a.id} ${a.namespace}` < `${b.id} ${b.namespace}` ? -1 : 1));
}
