import { type Cluster, clusterReason, isRecord, type KubeObject, metaOf, type ObjectRef, refOf } from '@heddle/core';
import { PULL_LABEL } from './pull-pod.js';

const ATTEMPTS = 8;

/** Deletes the pod of that name if it is one of these and, where a uid is given, that one. The kubelet may write its status meanwhile. */
export async function removePod(cluster: Cluster, ref: ObjectRef, uid?: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const live = metaOf(await cluster.get(ref));
    const mine = live.labels[PULL_LABEL] === ref.name && (uid === undefined || live.uid === uid);
    if (live.uid === undefined || live.resourceVersion === undefined || live.deletionTimestamp !== undefined || !mine) return;
    try {
      await cluster.delete(ref, { uid: live.uid, resourceVersion: live.resourceVersion }, { gracePeriodSeconds: 1 });
      return;
    } catch (error) {
      if (clusterReason(error) !== 'Conflict' || attempt === ATTEMPTS) throw error;
    }
  }
}

/** What a `heddle doctor --pull` that was killed has left: pods that ended, and those that no node took while their time ran out. */
export async function listLeftPods(cluster: Cluster, namespace: string | undefined): Promise<readonly KubeObject[]> {
  const where = namespace === undefined ? {} : { namespace };
  const pods = await cluster.list({ group: '', kind: 'Pod', labelSelector: PULL_LABEL, ...where });
  if (pods.length === 0) return [];
  const now = await cluster.serverTime();
  return pods.filter((pod) => metaOf(pod).deletionTimestamp === undefined && (hasEnded(pod) || isPastItsTime(pod, now)));
}

export async function removeLeftPods(cluster: Cluster, namespace: string | undefined): Promise<void> {
  for (const pod of await listLeftPods(cluster, namespace)) await removePod(cluster, refOf(pod), metaOf(pod).uid);
}

function hasEnded({ status }: KubeObject): boolean {
  const phase = isRecord(status) ? status.phase : undefined;
  return phase === 'Failed' || phase === 'Succeeded';
}

/** The kubelet would have ended it by now, had it come to one. */
function isPastItsTime(pod: KubeObject, now: number): boolean {
  const seconds = isRecord(pod.spec) ? pod.spec.activeDeadlineSeconds : undefined;
  const created = Date.parse(metaOf(pod).creationTimestamp ?? '');
  return typeof seconds === 'number' && created + seconds * 1000 < now;
}
