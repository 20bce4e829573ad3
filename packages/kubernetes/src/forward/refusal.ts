import { ClusterError, type PodRef } from '@heddle/core';
import type { Place } from '../transport/failures.js';

export interface PortTarget {
  readonly pod: PodRef;
  readonly port: number;
}

/** What the API server, the kubelet or the container runtime says, with a reason that can be acted on. */
export function portRefused(words: string, target: PortTarget, status = 0): ClusterError {
  const { pod, port } = target;
  const look = `See how the pod is: kubectl describe pod -n ${pod.namespace} ${pod.name}`;
  const reason = portReason(words);
  return new ClusterError({
    reason,
    status,
    message: `cannot reach port ${port} of pod ${pod.namespace}/${pod.name}: ${words}`,
    ref: { apiVersion: 'v1', kind: 'Pod', namespace: pod.namespace, name: pod.name },
    next: reason === 'ConnectionRefused' ? [`Check that a program in the pod listens on port ${port}.`] : [look],
  });
}

/**
 * Words of Kubernetes 1.36 and containerd. "pod not found" is what the kubelet says of a pod that it does not run (any more);
 * a pod that is not in the cluster at all is a 404 of the API server.
 */
function portReason(words: string): 'ConnectionRefused' | 'PodNotRunning' | 'PortForward' {
  if (/connection refused|ECONNREFUSED/i.test(words)) return 'ConnectionRefused';
  const gone = /not found|not running|does not have a host assigned|network namespace .*closed|sandbox|no such container/i;
  return gone.test(words) ? 'PodNotRunning' : 'PortForward';
}

export function portLost(words: string, { pod, port }: PortTarget, place: Place): ClusterError {
  return new ClusterError({
    reason: 'Unreachable',
    status: 0,
    message: `the connection to port ${port} of pod ${pod.namespace}/${pod.name} through ${place.server} (context "${place.context}") broke: ${words}`,
    next: ['Check that the VPN is up and the pod is still there.'],
  });
}
