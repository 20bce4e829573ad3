import { randomBytes } from 'node:crypto';
import type { Clock, Cluster, ObjectRef } from '@heddle/core';
import type { AgentConfig } from '../../config/types.js';
import type { Connection } from '../connections.js';
import type { MeshChoice } from '../mesh-choice.js';
import type { EndSignal, ProcessControl } from '../signals.js';
import { pullPod, withoutProxy } from './pull-pod.js';
import { type PullStatus, pullStatus } from './pull-status.js';
import { removeLeftPods, removePod } from './remove-pod.js';

/** How a try ended; `waiting`: the time was up. */
export type PullOutcome = PullStatus | { readonly is: 'interrupted'; readonly signal: EndSignal } | { readonly is: 'deleted' };

export interface Pull {
  readonly outcome: PullOutcome;
  readonly seconds: number;
  /** The pod, where it could not be deleted, and why. */
  readonly left?: { readonly ref: ObjectRef; readonly why: string };
}

export interface TryPullDeps {
  readonly clock: Clock;
  readonly control: ProcessControl;
  readonly say: (message: string) => void;
}

/** Beyond the time that it is watched: so long a pod whose heddle was killed goes on waiting. */
const SPARE_SECONDS = 60;

/**
 * Lets a node pull the agent's image: makes a pod that needs it, watches how far its node comes, and deletes it in every case.
 * Throws what the API server says against the pod.
 */
export async function tryPull(
  { clock, control, say }: TryPullDeps,
  { cluster, namespace }: Pick<Connection, 'cluster' | 'namespace'>,
  mesh: Pick<MeshChoice, 'adapter' | 'env'> | undefined,
  agent: AgentConfig,
): Promise<Pull> {
  const name = `heddle-pull-${randomBytes(4).toString('hex')}`;
  const ref: ObjectRef = { apiVersion: 'v1', kind: 'Pod', namespace, name };
  const pod = pullPod({
    namespace,
    name,
    agent,
    mesh: withoutProxy(mesh, { namespace, name }),
    lifeSeconds: agent.readyTimeout + SPARE_SECONDS,
  });
  await removeLeftPods(cluster, namespace);
  const interrupted = new AbortController();
  const off = control.onSignal((signal) => {
    if (interrupted.signal.aborted) {
      say(`Pod ${name} may still be there. Delete it: kubectl delete pod ${name} -n ${namespace}`);
      control.exit(5);
      return;
    }
    say(`${signal}: deleting pod ${name}. Once more ends heddle at once.`);
    interrupted.abort(signal);
  });
  try {
    say(`Making pod ${name}, which needs ${agent.image}, and deleting it again.`);
    const began = clock.monotonic();
    const watching = { cluster, ref, clock, say, signal: interrupted.signal, timeoutMs: agent.readyTimeout * 1000 };
    // Not given the signal: were it cut off, the pod might be made all the same, and later than it is looked for.
    const ended = await cluster
      .create(pod)
      .then(async () => ({ outcome: await watchPull(watching), seconds: (clock.monotonic() - began) / 1000 }))
      .catch((error: unknown) => ({ error }));
    // After an error too: the answer may have been lost, and the pod be there.
    const left = await removePod(cluster, ref).then(
      () => ({}),
      (error: unknown) => ({ left: { ref, why: error instanceof Error ? error.message : String(error) } }),
    );
    if ('error' in ended) throw ended.error;
    return { ...ended, ...left };
  } finally {
    off();
  }
}

interface Watching extends Pick<TryPullDeps, 'clock' | 'say'> {
  readonly cluster: Cluster;
  readonly ref: ObjectRef;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

async function watchPull({ cluster, ref, clock, say, signal, timeoutMs }: Watching): Promise<PullOutcome> {
  const over = new AbortController();
  const end = AbortSignal.any([over.signal, signal]);
  const timer = clock.sleep(timeoutMs, end).then(() => over.abort());
  let last: PullStatus = { is: 'waiting', phrase: 'the pod was never seen' };
  let told = '';
  try {
    for await (const { type, object } of cluster.watch({ group: '', kind: 'Pod', ...placeOf(ref) }, end)) {
      if (type === 'deleted') return { is: 'deleted' };
      if (object === undefined) continue;
      last = pullStatus(object);
      if (last.is !== 'waiting') return last;
      if (last.phrase !== told) say(`Waiting for the image: ${last.phrase}`);
      told = last.phrase;
    }
  } catch (error) {
    if (!end.aborted) throw error;
  } finally {
    over.abort();
    await timer;
  }
  return signal.aborted ? { is: 'interrupted', signal: signal.reason as EndSignal } : last;
}

function placeOf({ namespace, name }: ObjectRef): { readonly name: string; readonly namespace?: string } {
  return { name, ...(namespace === undefined ? {} : { namespace }) };
}
