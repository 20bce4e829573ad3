import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import * as core from '@heddle/core';
import type { Store } from '../store/index.js';
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
}

/** Where a request goes, and its path and authority there. */
export interface Hop {
  readonly connect: () => Promise<Duplex>;
  readonly path: string;
  readonly authority: string;
}

type Connect = (pod: core.PodRef, port: number) => Promise<Duplex>;

/** Decides requests from the live mesh objects, with the adapter and core's evaluator. Mirrors and header changes are not carried out. */
export class Router {
  readonly #store: Store;
  readonly #mesh: core.MeshContext;
  readonly #connect: Connect;
  #decoded = { revision: -1, targets: new Map<string, Promise<core.Decoded>>() };

  constructor(store: Store, mesh: core.MeshContext, connect: Connect) {
    this.#store = store;
    this.#mesh = mesh;
    this.#connect = connect;
  }

  async decide(caller: Caller, request: core.Request): Promise<Hop | Refusal> {
    const found = await this.#answer(caller, request);
    if ('gap' in found) return { status: 501, text: `the sandbox cannot tell where this request goes: ${found.gap}` };
    const refuse = (status: number | undefined, text: string) => ({
      status: found.protocol === 'tcp' || status === undefined ? ('closed' as const) : status,
      text,
    });
    const abort = await sampleFaults(found);
    if (abort !== undefined) return refuse(abort, 'fault filter abort');
    if (found.redirect !== undefined) return { status: found.redirect.code, text: '', location: found.redirect.location };
    const outcome = pick(found.outcomes);
    if (outcome === undefined) return refuse(found.status, found.body ?? `no route (${found.route ?? 'none'})`);
    if (outcome.host === 'PassthroughCluster') return this.#unrouted(caller, request);
    const pod = pickOne(outcome.pods ?? []);
    if (pod === undefined) return refuse(outcome.status ?? 503, outcome.reason === 'NC' ? 'no such cluster' : 'no healthy upstream');
    const port = targetPort(this.#store, serviceOf(this.#store, outcome.host, ''), outcome.port ?? request.port, pod);
    if (port === undefined) return refuse(503, `no port ${outcome.port ?? request.port} at ${outcome.host}`);
    return { path: request.path, authority: request.authority, ...found.seen, connect: () => this.#connect(pod, port) };
  }

  /** Where a connection goes that the proxy treats as bytes; `undefined` when it reads HTTP on that port. */
  async decideBytes(caller: Caller, host: string, port: number): Promise<Hop | Refusal | undefined> {
    const probe: core.Request = { method: 'GET', scheme: 'http', host, port, authority: `${host}:${port}`, path: '/', headers: [] };
    if (caller.client.kind === 'none') return this.#unrouted(caller, probe);
    const found = await this.#answer(caller, probe);
    return 'protocol' in found && found.protocol === 'tcp' ? await this.decide(caller, probe) : undefined;
  }

  async #answer({ client }: Caller, request: core.Request): Promise<core.Answer | { readonly gap: string }> {
    const { envoy } = this.#mesh.env;
    const { tables, gaps } = client.kind === 'none' ? { tables: [], gaps: [] } : await this.#decode(request);
    if (gaps.length > 0) return { gap: gaps.map(({ message }) => message).join('; ') };
    return core.answer(tables, client, request, envoy === undefined ? {} : { envoy });
  }

  /** Decodes once per target and state of the store. */
  #decode(request: core.Request): Promise<core.Decoded> {
    if (this.#decoded.revision !== this.#store.revision) this.#decoded = { revision: this.#store.revision, targets: new Map() };
    const { targets } = this.#decoded;
    // Not by the Service: what cannot be read of its other ports, or of what leads to it, is no matter of this request.
    const target = { services: [], hosts: core.requestHosts(request) };
    const key = JSON.stringify(target);
    const decoding = targets.get(key) ?? core.decodeTarget(this.#mesh, target).then(({ decoded }) => decoded);
    targets.set(key, decoding);
    return decoding;
  }

  /** What Kubernetes does without a mesh: any ready pod of the Service, or the pod at that address. */
  #unrouted({ namespace }: Caller, { host, port, path, authority }: core.Request): Hop | Refusal {
    const service = serviceOf(this.#store, host, namespace);
    const direct = podAt(this.#store, host);
    if (service === undefined && direct === undefined) return { status: 502, text: `no such host: ${host}` };
    const pod = direct ?? pickOne(endpointsOf(this.#store, service));
    const target = direct !== undefined ? port : pod === undefined ? undefined : targetPort(this.#store, service, port, pod);
    if (pod === undefined || target === undefined) return { status: 503, text: `nothing listens at ${host}:${port}` };
    return { connect: () => this.#connect(pod, target), path, authority };
  }
}

const pickOne = <T>(items: readonly T[]): T | undefined => items[Math.floor(Math.random() * items.length)];

function pick<T extends { readonly probability: number }>(outcomes: readonly T[]): T | undefined {
  let left = Math.random();
  for (const outcome of outcomes) {
    left -= outcome.probability;
    if (left < 0) return outcome;
  }
  return outcomes.at(-1);
}

/** Waits for a drawn delay; the status of a drawn abort. */
async function sampleFaults({ faults: { delay, abort } = {} }: core.Answer): Promise<number | undefined> {
  const drawn = (fault: { readonly percent: number }) => Math.random() * 100 < fault.percent;
  if (delay !== undefined && drawn(delay)) await sleep(delay.ms);
  return abort !== undefined && drawn(abort) ? abort.status : undefined;
}
