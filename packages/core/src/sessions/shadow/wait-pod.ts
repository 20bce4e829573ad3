import type { Cluster } from '../../contracts/cluster.js';
import { UserError } from '../../errors/user-error.js';
import { type KubeObject, metaOf } from '../../model/object.js';
import type { PodRef } from '../../model/table.js';
import type { Clock } from '../types.js';
import { type PodStatus, podStatus } from './pod-status.js';

export interface WaitOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Name of the agent's container. */
  readonly agent: string;
  onProgress(message: string): void;
}

/**
 * Watches the shadow's pod until it is far enough. Throws a `UserError` as soon as waiting longer cannot help
 * (`image-pull`, `container-start`, `container-crash`, `pod-ended`), and on time-out (`unschedulable`, `pod-timeout`).
 */
export async function waitForPod(
  deps: { readonly cluster: Cluster; readonly clock: Clock },
  pod: PodRef,
  enough: (status: PodStatus) => boolean,
  options: WaitOptions,
): Promise<KubeObject> {
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, options.signal]);
  const timer = deps.clock.sleep(options.timeoutMs, signal).then(() => over.abort());
  let last: PodStatus | undefined;
  let told = '';
  try {
    for await (const event of deps.cluster.watch({ group: '', kind: 'Pod', ...pod }, signal)) {
      if (event.type === 'deleted') throw deletedMeanwhile(pod);
      if (event.object === undefined || metaOf(event.object).deletionTimestamp !== undefined) continue;
      last = podStatus(event.object, options.agent);
      if (enough(last)) return event.object;
      if (last.failure !== undefined) throw last.failure;
      const message = `waiting for pod ${pod.name} (${last.phrase})`;
      if (message !== told) options.onProgress(message);
      told = message;
    }
  } finally {
    over.abort();
    await timer;
  }
  options.signal.throwIfAborted();
  throw last?.onTimeout ?? timedOut(pod, options.timeoutMs, last);
}

function timedOut(pod: PodRef, timeoutMs: number, last: PodStatus | undefined): UserError {
  return new UserError({
    code: 'pod-timeout',
    exit: 'cluster',
    message: `Pod ${pod.name} was not ready after ${Math.round(timeoutMs / 1000)} s (${last?.phrase ?? 'it never appeared'})`,
    next: [
      `Look at what happened to it: kubectl -n ${pod.namespace} get events --field-selector involvedObject.name=${pod.name}`,
      'Wait longer: agent.readyTimeout in the configuration, in seconds',
    ],
  });
}

function deletedMeanwhile(pod: PodRef): UserError {
  return new UserError({
    code: 'pod-deleted',
    exit: 'cluster',
    message: `Pod ${pod.name} was deleted by somebody else before it was ready`,
    next: ['Start again with heddle mesh'],
  });
}
