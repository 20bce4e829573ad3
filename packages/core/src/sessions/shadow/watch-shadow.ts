import type { Cluster } from '../../contracts/cluster.js';
import { type KubeObject, metaOf } from '../../model/object.js';
import type { PodRef } from '../../model/table.js';
import { podStatus } from './pod-status.js';

/**
 * Tells each time that the shadow's pod stops being one that callers may be sent to, until the signal aborts. A tunnel says nothing of
 * that: it goes past the mesh's proxy, and a pod that is to go is no endpoint any more while its containers still run.
 */
export async function watchShadow(
  cluster: Cluster,
  pod: PodRef,
  agent: string,
  signal: AbortSignal,
  onDown: (why: string) => void,
): Promise<void> {
  let isUp = true;
  for await (const { type, object } of cluster.watch({ group: '', kind: 'Pod', ...pod }, signal)) {
    if (object === undefined && type !== 'deleted') continue;
    const why = type === 'deleted' ? 'the pod of the shadow was deleted' : whyDown(object, agent);
    if (why !== undefined && isUp) onDown(why);
    isUp = why === undefined;
  }
}

function whyDown(pod: KubeObject | undefined, agent: string): string | undefined {
  if (pod === undefined || metaOf(pod).deletionTimestamp !== undefined) return 'the pod of the shadow is being deleted';
  const { ready, phrase } = podStatus(pod, agent);
  return ready ? undefined : `the pod of the shadow is not ready (${phrase})`;
}
