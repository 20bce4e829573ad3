import { type AccessCheck, ClusterError, type KubeObject } from '@heddle/core';
import { defined } from './dig.js';
import { ApiError, qualified } from './store/index.js';

/** One request to the API server, whichever way it came. */
export interface ClusterRequest {
  /** Counted from 1, in the order of arrival. */
  readonly number: number;
  /** Who asks: the name of an in-process cluster, or the kubeconfig's user. */
  readonly client: string;
  /** As RBAC calls it: get, list, watch, create, update, patch, delete. */
  readonly verb: string;
  readonly group: string;
  /** Plural; `version` and `discovery` for what is not an object. */
  readonly resource: string;
  readonly subresource?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly dryRun?: boolean | undefined;
  readonly body?: KubeObject | undefined;
}

/** `before`: nothing has happened yet; `after`: it has, and only the answer can still be lost. */
export type Phase = 'before' | 'after';

/** Throw to reject, await to delay, never resolve to hang. */
export type FaultHook = (request: ClusterRequest, phase: Phase) => void | Promise<void>;

/** What a request does once the hooks have let it through. */
export type Apply<T> = () => T | Promise<T>;

type Denial = (check: AccessCheck, client: string) => boolean;

const KEPT = 10_000;

/** What tests put between a client and the cluster: delays, lost answers, missing rights, a dying client. */
export class Faults {
  /** The latest requests, oldest first. */
  readonly requests: ClusterRequest[] = [];
  readonly #hooks = new Set<FaultHook>();
  readonly #denials = new Set<Denial>();
  #count = 0;

  /** Returns the hook's removal. */
  add(hook: FaultHook): () => void {
    this.#hooks.add(hook);
    return () => this.#hooks.delete(hook);
  }

  /** Takes rights away: 403 for requests, `allowed: false` in access reviews. Returns the removal. */
  deny(denied: Denial): () => void {
    this.#denials.add(denied);
    return () => this.#denials.delete(denied);
  }

  allows(check: AccessCheck, client: string): boolean {
    return ![...this.#denials].some((denied) => denied(check, client));
  }

  /**
   * The client dies at its k-th request from now (1: the next one): that one is not carried out (`before`) or carried out without
   * an answer (`after`), and neither it nor any later request ever returns, as if the process had been killed.
   * `reached` resolves with that request; `revive` lets later ones through again.
   */
  crash(client: string, k: number, phase: Phase = 'before'): { readonly reached: Promise<ClusterRequest>; revive(): void } {
    let seen = 0;
    let dead = false;
    let revive = () => {};
    const reached = new Promise<ClusterRequest>((reach) => {
      revive = this.add((request, now) => {
        if (request.client !== client) return undefined;
        if (now === 'before') seen += 1;
        if (!dead && (seen < k || now !== phase)) return undefined;
        dead = true;
        reach(request);
        return new Promise<void>(() => {});
      });
    });
    return { reached, revive };
  }

  /** Carries out one request between the hooks. */
  async run<T>(request: Omit<ClusterRequest, 'number'>, apply: Apply<T>, signal?: AbortSignal): Promise<T> {
    const gaveUp = () => new ClusterError({ reason: 'Timeout', status: 0, message: 'the request was given up', cause: signal?.reason });
    if (signal?.aborted === true) throw gaveUp();
    this.#count += 1;
    const numbered = { ...request, number: this.#count };
    this.requests.push(numbered);
    if (this.requests.length > KEPT) this.requests.splice(0, KEPT / 10);
    const work = this.#carryOut(numbered, apply);
    if (signal === undefined) return await work;
    return await new Promise<T>((resolve, reject) => {
      const giveUp = () => reject(gaveUp());
      signal.addEventListener('abort', giveUp, { once: true });
      work.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
    });
  }

  async #carryOut<T>(request: ClusterRequest, apply: Apply<T>): Promise<T> {
    await this.#ask(request, 'before');
    this.#authorize(request);
    const result = await apply();
    await this.#ask(request, 'after');
    return result;
  }

  /** One after the other; what does not wait costs no turn of the event loop, however many hooks there are. */
  async #ask(request: ClusterRequest, phase: Phase): Promise<void> {
    for (const hook of [...this.#hooks]) {
      const waits = hook(request, phase);
      if (waits !== undefined) await waits;
    }
  }

  #authorize({ group, resource, subresource, namespace, name, verb, client }: ClusterRequest): void {
    if (this.allows({ group, resource, verb, ...defined({ subresource, namespace }) }, client)) return;
    const named = `${qualified(resource, group)}${name === undefined ? '' : ` "${name}"`}`;
    const full = subresource === undefined ? resource : `${resource}/${subresource}`;
    const place = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
    const message = `${named} is forbidden: User "${client}" cannot ${verb} resource "${full}" in API group "${group}" ${place}`;
    throw new ApiError(403, 'Forbidden', message, defined({ name, group: group === '' ? undefined : group, kind: resource }));
  }
}
