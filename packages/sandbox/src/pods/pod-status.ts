import type { KubeObject } from '@heddle/core';
import { dig, digList } from '../dig.js';

/** What a pod's program does. */
export type PodState = { readonly ready: boolean } | { readonly reason: string; readonly message: string };

/** The status that a kubelet would write. `since`: when the pod was started. */
export function podStatus(pod: KubeObject, state: PodState, ip: string, since: string, now: string): KubeObject {
  const ready = 'ready' in state && state.ready;
  const containers = digList(pod, 'spec.containers');
  const names = containers.map(({ name }) => name).join(' ');
  const unready = { reason: 'ContainersNotReady', message: `containers with unready status: [${names}]` };
  const condition = (type: string, holds = true) => {
    const before = digList(pod, 'status.conditions').find((known) => known.type === type);
    const status = holds ? 'True' : 'False';
    const lastTransitionTime = before?.status === status ? before.lastTransitionTime : now;
    return { type, status, lastProbeTime: null, lastTransitionTime, ...(holds ? {} : unready) };
  };
  const status = ({ name, image }: KubeObject, isReady: boolean, current: KubeObject) => {
    return { name, image, imageID: '', ready: isReady, started: isReady, restartCount: 0, lastState: {}, state: current };
  };
  const running = { running: { startedAt: since } };
  const done = { terminated: { exitCode: 0, reason: 'Completed', startedAt: since, finishedAt: since } };
  const init = digList(pod, 'spec.initContainers').map((container) =>
    status(container, true, container.restartPolicy === 'Always' ? running : done),
  );
  return {
    phase: 'ready' in state ? 'Running' : 'Pending',
    conditions: [
      condition('PodReadyToStartContainers'),
      condition('Initialized'),
      condition('Ready', ready),
      condition('ContainersReady', ready),
      condition('PodScheduled'),
    ],
    hostIP: '10.0.0.1',
    podIP: ip,
    podIPs: [{ ip }],
    startTime: since,
    qosClass: dig(pod, 'status.qosClass'),
    ...(init.length === 0 ? {} : { initContainerStatuses: init }),
    containerStatuses: containers.map((container) => status(container, ready, 'ready' in state ? running : { waiting: state })),
  };
}
