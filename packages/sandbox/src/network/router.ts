import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import * as core from '@heddle/core';
import type { Store } from '../store/index.js';
import type { Chance } from './chance.js';
import { mirroredAuthority } from './mirrored.js';
import { endpointsOf, podAt, serviceOf, targetPort } from './services.js';

/** Who calls, and in which namespace a bare name is looked up. */
export interface Caller {
  readonly client: core.Client;
  readonly namespace: string;
}

/** What the proxy itself answers; `closed`: the connection ends without an answer. */
export interface Refusal {
  readonly status: number | 'closed';
  readonly text: string;
  readonly location?: string;
  /** What the rule does to headers of responses. */
  readonly response?: core.HeaderChange | undefined;
}

/** A connection to a pod, and the authority that the pod sees. */
interface Way {
  readonly connect: () => Promise<Duplex>;
  readonly authority: string;
}

/** Where a request goes, and what becomes of it on the way. */
export interface Hop extends Way {
  readonly path: string;
  /** Where copies of it go; nobody waits for their answers. */
  readonly copies?: readonly Way[];
  readonly request?: core.HeaderChange | undefined;
  readonly response?: core.HeaderChange | undefined;
  readonly timeoutMs?: number | undefined;
}

export interface RouterOptions {
  readonly store: Store;
  readonly mesh: core.MeshContext;
  readonly connect: (pod: core.PodRef, port: number) => Promise<Duplex>;
  readonly chance: Chance;
  /** See `Scenario.mirrorSuffix`. */
  readonly mirrorSuffix: string;
}

interface Found {
  readonly answer: core.Answer;
  readonly rule: core.Rule | undefined;
}

/** Decides requests from the live mesh objects, with the adapter and core's evaluator. */
export class Router {
  readonly #options: RouterOptions;
  #decoded = { revision: -1, targets: new Map<string, Promise<core.Decoded>>() };

  constructor(options: RouterOptions) {
    this.#options = options;
  }

  async decide(caller: Caller, request: core.Request): Promise<Hop | Refusal> {
    const found = await this.#find(caller, request);
    if ('gap' in found) return { status: 501, text: `the sandbox cannot tell where this request goes: ${found.gap}` };
    const { answer, rule } = found;
    const { request: asked, response } = rule?.headers ?? {};
    const refuse = (status: number | undefined, text: string, more: Partial<Refusal> = { response }) => ({
      status: answer.protocol === 'tcp' || status === undefined ? ('closed' as const) : status,
      text,
      ...more,
    });
    // The fault filter stands before the router, which alone mirrors and changes headers.
    const abort = await this.#sampleFaults(answer);
    if (abort !== undefined) return refuse(abort, 'fault filter abort', {});
    if (answer.redirect !== undefined) return refuse(answer.redirect.code, '', { location: answer.redirect.location, response });
    const outcome = this.#pick(answer.outcomes);
    if (outcome === undefined) return refuse(answer.status, answer.body ?? `no route (${answer.route ?? 'none'})`);
    if (outcome.host === 'PassthroughCluster') return this.#unrouted(caller, request);
    if ((outcome.pods ?? []).length === 0)
      return refuse(outcome.status ?? 503, outcome.reason === 'NC' ? 'no such cluster' : 'no healthy upstream');
    const seen = { path: request.path, authority: request.authority, ...answer.seen };
    const way = this.#wayTo(outcome, request, seen.authority);
    if (way === undefined) return refuse(503, `no port ${outcome.port ?? request.port} at ${outcome.host}`);
    const copies = this.#copies(answer, request, seen.authority);
    return { ...seen, ...way, copies, request: asked, response, timeoutMs: rule?.timeoutMs };
  }

  /** Where a connection goes that the proxy treats as bytes; `undefined` when it reads HTTP on that port. */
  async decideBytes(caller: Caller, host: string, port: number): Promise<Hop | Refusal | undefined> {
    const probe: core.Request = { method: 'GET', scheme: 'http', host, port, authority: `${host}:${port}`, path: '/', headers: [] };
    if (caller.client.kind === 'none') return this.#unrouted(caller, probe);
    const found = await this.#find(caller, probe);
    return 'answer' in found && found.answer.protocol === 'tcp' ? await this.decide(caller, probe) : undefined;
  }

  async #find({ client }: Caller, request: core.Request): Promise<Found | { readonly gap: string }> {
    const { envoy } = this.#options.mesh.env;
    const { tables, gaps } = client.kind === 'none' ? { tables: [], gaps: [] } : await this.#decode(request);
    if (gaps.length > 0) return { gap: gaps.map(({ message }) => message).join('; ') };
    const answer = core.answer(tables, client, request, envoy === undefined ? {} : { envoy });
    // The trace has a step for each rule that was tried, and ends with the one that decides.
    const tried = answer.decidedBy === undefined ? 0 : answer.trace.length;
    return { answer, rule: core.select(tables, client, request)?.rules[tried - 1] };
  }

  /** Decodes once per target and state of the store. */
  #decode(request: core.Request): Promise<core.Decoded> {
    const { store, mesh } = this.#options;
    if (this.#decoded.revision !== store.revision) this.#decoded = { revision: store.revision, targets: new Map() };
    const { targets } = this.#decoded;
    // Not by the Service: what cannot be read of its other ports, or of what leads to it, is no matter of this request.
    const target = { services: [], hosts: core.requestHosts(request) };
    const key = JSON.stringify(target);
    const decoding = targets.get(key) ?? core.decodeTarget(mesh, target).then(({ decoded }) => decoded);
    targets.set(key, decoding);
    return decoding;
  }

  /** To a pod of an outcome; `undefined` where it has no such port. */
  #wayTo(place: Pick<core.Outcome, 'host' | 'port' | 'pods'>, { port: dialled }: core.Request, authority: string): Way | undefined {
    const { store, connect } = this.#options;
    const pod = this.#one(place.pods ?? []);
    const service = serviceOf(store, place.host, '');
    const port = pod && targetPort(store, service, place.port ?? dialled, pod);
    return pod && port ? { connect: () => connect(pod, port), authority } : undefined;
  }

  /** Each mirror is drawn on its own; a copy without a pod to take it is lost. */
  #copies({ mirrors = [] }: core.Answer, request: core.Request, authority: string): readonly Way[] {
    const as = mirroredAuthority(authority, this.#options.mirrorSuffix);
    return mirrors.flatMap((mirror) => (this.#drawn(mirror) ? (this.#wayTo(mirror, request, as) ?? []) : []));
  }

  /** What Kubernetes does without a mesh: any ready pod of the Service, or the pod at that address. */
  #unrouted({ namespace }: Caller, { host, port, path, authority }: core.Request): Hop | Refusal {
    const { store, connect } = this.#options;
    const service = serviceOf(store, host, namespace);
    const direct = podAt(store, host);
    if (service === undefined && direct === undefined) return { status: 502, text: `no such host: ${host}` };
    const pod = direct ?? this.#one(endpointsOf(store, service));
    const target = direct !== undefined ? port : pod === undefined ? undefined : targetPort(store, service, port, pod);
    if (pod === undefined || target === undefined) return { status: 503, text: `nothing listens at ${host}:${port}` };
    return { connect: () => connect(pod, target), path, authority };
  }

  /** Waits for a drawn delay; the status of a drawn abort. */
  async #sampleFaults({ faults: { delay, abort } = {} }: core.Answer): Promise<number | undefined> {
    if (delay !== undefined && this.#drawn(delay)) await sleep(delay.ms);
    return abort !== undefined && this.#drawn(abort) ? abort.status : undefined;
  }

  #drawn({ percent }: { readonly percent: number }): boolean {
    return this.#options.chance() * 100 < percent;
  }

  #one<T>(items: readonly T[]): T | undefined {
    return items.length < 2 ? items[0] : items[Math.floor(this.#options.chance() * items.length)];
  }

  #pick<T extends { readonly probability: number }>(outcomes: readonly T[]): T | undefined {
    if (outcomes.length < 2) return outcomes[0];
    let left = this.#options.chance();
    for (const outcome of outcomes) {
      left -= outcome.probability;
      if (left < 0) return outcome;
    }
    return outcomes.at(-1);
  }
}
