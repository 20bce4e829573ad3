import type { KubeObject } from '@heddle/core';
import { dig, digList } from '../dig.js';

/** What a pod's program does; `done`: it has ended. */
export type PodState = { readonly ready: boolean } | { readonly reason: string; readonly message: string } | { readonly done: true };

/** The status that a kubelet would write. `since`: when the pod was started. */
export function podStatus(pod: KubeObject, state: PodState, ip: string, since: string, now: string): KubeObject {
  const isReady = 'ready' in state && state.ready;
  const containers = digList(pod, 'spec.containers');
  const message = `containers with unready status: [${containers.map(({ name }) => name).join(' ')}]`;
  const condition = (type: string, holds = true) => {
    const status = holds ? 'True' : 'False';
    const before = digList(pod, 'status.conditions').find((known) => known.type === type && known.status === status);
    const why = holds ? {} : { reason: 'ContainersNotReady', message };
    return { type, status, lastTransitionTime: before?.lastTransitionTime ?? now, ...why };
  };
  const status = ({ name, image }: KubeObject, ready: boolean, current: object) => {
    return { name, image, imageID: '', ready, started: ready, restartCount: 0, lastState: {}, state: current };
  };
  const running = { running: { startedAt: since } };
  const done = { terminated: { exitCode: 0, reason: 'Completed', startedAt: since, finishedAt: since } };
  const [phase, current] =
    'ready' in state ? ['Running', running] : 'done' in state ? ['Succeeded', done] : ['Pending', { waiting: state }];
  const ready = [condition('Ready', isReady), condition('ContainersReady', isReady)];
  return {
    phase,
    conditions: [condition('PodScheduled'), condition('PodReadyToStartContainers'), condition('Initialized'), ...ready],
    ...{ hostIP: '10.0.0.1', podIP: ip, podIPs: [{ ip }], startTime: since, qosClass: dig(pod, 'status.qosClass') },
    // An init container that restarts is a sidecar.
    initContainerStatuses: digList(pod, 'spec.initContainers').map((container) =>
      status(container, true, container.restartPolicy === 'Always' ? running : done),
    ),
    containerStatuses: containers.map((container) => status(container, isReady, current)),
  };
}
