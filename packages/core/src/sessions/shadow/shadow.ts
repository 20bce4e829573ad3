import type { Cluster } from '../../contracts/cluster.js';
import { clusterReason } from '../../errors/cluster-error.js';
import { UserError } from '../../errors/user-error.js';
import { describeRef, isRecord, type KubeObject, metaOf, refOf } from '../../model/object.js';
import type { PodRef } from '../../model/table.js';
import type { LeaseHolder } from '../lease/lease-holder.js';
import { SESSION_LABEL } from '../names.js';
import type { Clock } from '../types.js';
import { explainAdmission } from './admission.js';
import { podStatus } from './pod-status.js';
import { ownedByLease, type ShadowObjects } from './shadow-objects.js';
import { waitForPod } from './wait-pod.js';

export interface ShadowDeps {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly holder: LeaseHolder;
  readonly objects: ShadowObjects;
  readonly readyTimeoutMs: number;
  onProgress(message: string): void;
}

/** The shadow's Secret, Service and pod in the cluster. */
export class Shadow {
  readonly #deps: ShadowDeps;
  readonly agent: string;
  readonly pod: PodRef;

  constructor(deps: ShadowDeps) {
    this.#deps = deps;
    this.agent = agentContainer(deps.objects.pod);
    const { namespace = '', name } = metaOf(deps.objects.pod);
    this.pod = { namespace, name };
  }

  /** Creates what is missing, and writes their uids into the record. Throws when a name is taken by an object that is not this session's. */
  async create(signal: AbortSignal): Promise<void> {
    const { holder, objects } = this.#deps;
    const created: { ref: ReturnType<typeof refOf>; uid: string }[] = [];
    for (const object of [objects.secret, ...(objects.service === undefined ? [] : [objects.service]), objects.pod]) {
      signal.throwIfAborted();
      // Whoever took over has cleaned up: nothing may appear after that.
      await holder.ensureFresh();
      const stored = await this.#createOne(object, signal);
      created.push({ ref: refOf(stored), uid: metaOf(stored).uid ?? '' });
    }
    await holder.update((record) => ({ ...record, objects: created }));
  }

  /** Waits until port-forward can work. A pod that somebody deleted, or that ended (evicted, say), is made anew. */
  async ensureRunning(signal: AbortSignal): Promise<void> {
    const { cluster, objects, onProgress } = this.#deps;
    const live = await cluster.get(refOf(objects.pod));
    if (live === undefined || metaOf(live).deletionTimestamp !== undefined || podStatus(live, this.agent).failure?.code === 'pod-ended') {
      onProgress(`pod ${this.pod.name} is gone, making it anew`);
      await this.#removeEnded(live);
      await this.create(signal);
    }
    await this.#wait((status) => status.running, signal);
  }

  /** Resolves with the pod once it is ready, that is once the tunnel listens in it. */
  ready(signal: AbortSignal): Promise<KubeObject> {
    return this.#wait((status) => status.ready, signal);
  }

  #wait(enough: Parameters<typeof waitForPod>[2], signal: AbortSignal): Promise<KubeObject> {
    const { readyTimeoutMs: timeoutMs, onProgress } = this.#deps;
    return waitForPod(this.#deps, this.pod, enough, { timeoutMs, signal, agent: this.agent, onProgress });
  }

  async #createOne(object: KubeObject, signal: AbortSignal): Promise<KubeObject> {
    const { cluster, holder } = this.#deps;
    const { namespace, id } = holder.record;
    try {
      return await cluster.create(ownedByLease(object, { namespace, id, uid: holder.uid }), { signal });
    } catch (error) {
      if (clusterReason(error) !== 'AlreadyExists') throw explainAdmission(error, this.agent, namespace);
      const there = await cluster.get(refOf(object));
      if (there !== undefined && metaOf(there).labels[SESSION_LABEL] === id && metaOf(there).deletionTimestamp === undefined) return there;
      throw new UserError({
        code: 'name-taken',
        exit: 'cluster',
        message: `${describeRef(refOf(object))} exists already and is not this session's`,
        next: ['Start again with heddle mesh, which takes another name'],
        cause: error,
      });
    }
  }

  async #removeEnded(live: KubeObject | undefined): Promise<void> {
    if (live === undefined) return;
    const { uid = '', resourceVersion = '' } = metaOf(live);
    await this.#deps.cluster.delete(refOf(live), { uid, resourceVersion }, { gracePeriodSeconds: 0 });
  }
}

export function agentContainer(pod: KubeObject): string {
  const spec = isRecord(pod.spec) ? pod.spec : {};
  const first = Array.isArray(spec.containers) ? spec.containers[0] : undefined;
  return isRecord(first) && typeof first.name === 'string' ? first.name : '';
}
