import type { Cluster } from '../../contracts/cluster.js';
import { leaseRef } from '../names.js';
import type { LeaseHolder } from './lease-holder.js';
import { readLease } from './lease-object.js';

/** What a session learns from its Lease. */
export interface LeaseNews {
  onLost(): void;
  /** The annotation `heddle.dev/stop` was set; `by` is its value. */
  onStopAsked(by: string): void;
}

/** Watches the session's Lease until the signal aborts: deleted, recreated, taken, or asked to stop. */
export async function watchLease(cluster: Cluster, holder: LeaseHolder, signal: AbortSignal, news: LeaseNews): Promise<void> {
  const { namespace, id } = holder.record;
  const { name } = leaseRef(namespace, id);
  let there = false;
  for await (const event of cluster.watch({ group: 'coordination.k8s.io', kind: 'Lease', namespace, name }, signal)) {
    if (event.type === 'synced') {
      if (!there) holder.saw(undefined);
    } else {
      there = event.type !== 'deleted';
      holder.saw(event.type === 'deleted' ? undefined : event.object);
      const asked = there && event.object !== undefined ? readLease(event.object)?.stopAsked : undefined;
      if (asked !== undefined && holder.lost === undefined) news.onStopAsked(asked);
    }
    if (holder.lost !== undefined) return news.onLost();
  }
}
