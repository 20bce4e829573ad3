import { ClusterError, type PodRef } from '@heddle/core';
import type { Place } from '../transport/failures.js';

export interface PortTarget {
  readonly pod: PodRef;
  readonly port: number;
}

/** What the kubelet or the container runtime says on the error channel, with a reason that can be acted on. */
export function portRefused(words: string, { pod, port }: PortTarget): ClusterError {
  const name = `${pod.namespace}/${pod.name}`;
  const refuse = (reason: string, next: readonly string[]) =>
    new ClusterError({
      reason,
      status: 0,
      message: `cannot reach port ${port} of pod ${name}: ${words}`,
      ref: { apiVersion: 'v1', kind: 'Pod', namespace: pod.namespace, name: pod.name },
      next,
    });
  const look = `see the pod: kubectl describe pod -n ${pod.namespace} ${pod.name}`;
  if (/connection refused/i.test(words)) return refuse('ConnectionRefused', [`see that a program in the pod listens on port ${port}`]);
  if (/not found|no such (pod|container)|does not exist/i.test(words))
    return refuse('NotFound', ['the pod was deleted or replaced: repeat the command']);
  if (/not running|network namespace .*closed|not ready|sandbox/i.test(words)) return refuse('PodNotRunning', [look]);
  return refuse('PortForward', [look]);
}

export function portLost(words: string, { pod, port }: PortTarget, place: Place): ClusterError {
  return new ClusterError({
    reason: 'Unreachable',
    status: 0,
    message: `the connection to port ${port} of pod ${pod.namespace}/${pod.name} through ${place.server} (context "${place.context}") broke: ${words}`,
    next: ['see whether the VPN is up and the pod is still there'],
  });
}
