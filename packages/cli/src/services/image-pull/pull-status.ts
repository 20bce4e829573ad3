import { isRecord, type KubeObject } from '@heddle/core';
import { PULL_CONTAINER } from './pull-pod.js';

/** How far a node is with the image. */
export type PullStatus =
  /** `phrase`: what the pod waits for, for progress. `unschedulable`: the scheduler's words, where it found no node. */
  | { readonly is: 'waiting'; readonly phrase: string; readonly unschedulable?: string }
  /** `broken`: why a container of the image could not be started. */
  | { readonly is: 'there'; readonly node: string; readonly broken?: string }
  /** The kubelet's word and its sentence. */
  | { readonly is: 'refused'; readonly reason: string; readonly message: string }
  /** The pod ended before a container did: evicted, or its time was up. */
  | { readonly is: 'ended'; readonly why: string };

/** The kubelet's reasons for a container that waits for its image (kubernetes, pkg/kubelet/images/types.go, 1.36). */
const REFUSED = [
  'ErrImagePull',
  'ImagePullBackOff',
  'ErrImageNeverPull',
  'InvalidImageName',
  'RegistryUnavailable',
  'ImageInspectError',
  'SignatureValidationFailed',
];
/** And those of one that is not as far yet. */
const BEFORE = ['', 'ContainerCreating', 'PodInitializing'];

export function pullStatus(pod: KubeObject): PullStatus {
  const status = isRecord(pod.status) ? pod.status : {};
  const node = isRecord(pod.spec) ? text(pod.spec.nodeName) : '';
  const state = recordIn(listIn(status.containerStatuses).find(({ name }) => name === PULL_CONTAINER)?.state);
  const terminated = isRecord(state.terminated) ? state.terminated : undefined;
  if (terminated !== undefined) {
    const failed = terminated.exitCode !== 0;
    return { is: 'there', node, ...(failed ? { broken: phraseOf(terminated) } : {}) };
  }
  if (isRecord(state.running)) return { is: 'there', node };
  const waiting = recordIn(state.waiting);
  const reason = text(waiting.reason);
  if (REFUSED.includes(reason)) return { is: 'refused', reason, message: text(waiting.message) };
  if (!BEFORE.includes(reason)) return { is: 'there', node, broken: phraseOf(waiting) };
  if (status.phase === 'Failed' || status.phase === 'Succeeded') return { is: 'ended', why: phraseOf(status) || text(status.phase) };
  const scheduled = listIn(status.conditions).find(({ type }) => type === 'PodScheduled');
  if (scheduled?.status === 'False') {
    const words = text(scheduled.message) || text(scheduled.reason);
    return { is: 'waiting', phrase: 'no node has taken the pod', unschedulable: words };
  }
  return { is: 'waiting', phrase: reason === '' ? 'a node is being found' : reason };
}

function phraseOf({ reason, message }: Record<string, unknown>): string {
  return [text(reason), text(message)].filter((part) => part !== '').join(': ');
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function recordIn(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

function listIn(value: unknown): readonly Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
