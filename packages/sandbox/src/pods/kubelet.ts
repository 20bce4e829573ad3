import type { Duplex } from 'node:stream';
import {
  type InProcessAgent,
  type KubeObject,
  labelsMatch,
  metaOf,
  type PodContext,
  type PodProcess,
  type PodRef,
  type Scenario,
} from '@heddle/core';
import { dig, digList, digRecord } from '../dig.js';
import type { Change, KindSpec, ObjectKey, Store } from '../store/index.js';
import { type PodState, podStatus } from './pod-status.js';
import { refused, startResponder } from './responder.js';

export interface KubeletOptions {
  readonly store: Store;
  readonly agents: readonly InProcessAgent[];
  readonly responders: Scenario['responders'];
  /** A connection out of a pod. */
  readonly dial: (from: KubeObject, host: string, port: number) => Promise<Duplex>;
}

/** A pod on this node. */
interface Slot {
  readonly pod: KubeObject;
  readonly ip: string;
  readonly since: string;
  process?: PodProcess;
  /** The Secret that it waits for. */
  missing?: string | undefined;
  starting: Promise<void>;
}

const keyOf = ({ namespace, name }: ObjectKey) => `${namespace}/${name}`;

/** Runs the store's pods as programs in this process, and writes their status. */
export class Kubelet {
  readonly #options: KubeletOptions;
  readonly #kind: KindSpec;
  readonly #slots = new Map<string, Slot>();
  readonly #ending = new Set<Promise<void>>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #unsubscribe: () => void = () => {};
  #addresses = 0;

  constructor(options: KubeletOptions) {
    this.#options = options;
    this.#kind = options.store.kinds.core('Pod');
  }

  /** Starts the pods that are there; resolves when they run. */
  async start(): Promise<void> {
    const { store } = this.#options;
    this.#unsubscribe = store.history.listen((change) => this.#onChange(change));
    for (const pod of store.list(this.#kind)) this.#run(pod);
    await Promise.all([...this.#slots.values()].map((slot) => slot.starting));
  }

  /** Connects to a port of a running pod; rejects with code ECONNREFUSED when nothing listens there. */
  async connect(pod: PodRef, port: number): Promise<Duplex> {
    const process = this.#slots.get(keyOf(pod))?.process;
    if (process === undefined) throw refused(port);
    return await process.connect(port);
  }

  async stop(): Promise<void> {
    this.#unsubscribe();
    for (const timer of this.#timers) clearTimeout(timer);
    for (const key of [...this.#slots.keys()]) this.#end(key);
    await Promise.all(this.#ending);
  }

  #onChange({ kind, type, object }: Change): void {
    const { namespace, name, deletionTimestamp } = metaOf(object);
    const key = keyOf({ namespace, name });
    if (kind.kind === 'Secret' && type === 'added') {
      const waiting = [...this.#slots.values()].filter((slot) => slot.missing === key);
      for (const slot of waiting) slot.starting = this.#launch(slot);
    }
    if (kind !== this.#kind) return;
    if (type === 'added') this.#run(object);
    else if (type === 'deleted') this.#end(key);
    else if (deletionTimestamp !== undefined)
      this.#end(key, () => this.#live(object) && this.#options.store.delete(kind, { namespace, name }, { now: true }));
  }

  #run(pod: KubeObject): void {
    this.#addresses += 1;
    const ip = `10.244.${this.#addresses >> 8}.${this.#addresses & 255}`;
    const slot: Slot = { pod, ip, since: this.#options.store.timestamp(), starting: Promise.resolve() };
    this.#slots.set(keyOf(metaOf(pod)), slot);
    slot.starting = this.#launch(slot);
  }

  async #launch(slot: Slot): Promise<void> {
    // As on a real node, whoever created the pod gets its answer before anything runs.
    await Promise.resolve();
    const { pod } = slot;
    const report = (state: PodState) => this.#report(slot, state);
    const secrets = this.#secretsOf(pod);
    slot.missing = typeof secrets === 'string' ? secrets : undefined;
    if (typeof secrets === 'string') {
      return report({ reason: 'ContainerCreating', message: `MountVolume.SetUp failed for volume: secret "${secrets}" not found` });
    }
    const dial: PodContext['dial'] = (host, port) => this.#options.dial(pod, host, port);
    const process = await this.#program({ pod, secrets, dial }).catch((error: Error) => error);
    if (process instanceof Error) return report({ reason: 'CrashLoopBackOff', message: process.message });
    if (process === undefined) {
      const message = `failed to pull image "${dig(pod, 'spec.containers.0.image')}": the sandbox has no program for pod ${metaOf(pod).name}`;
      report({ reason: 'ErrImagePull', message });
      this.#timers.add(setTimeout(() => report({ reason: 'ImagePullBackOff', message: `Back-off pulling image: ${message}` }), 1000));
      return;
    }
    if (this.#slots.get(keyOf(metaOf(pod))) !== slot) return await process.stop();
    slot.process = process;
    process.onReadyChange(() => report({ ready: process.ready() }));
    report({ ready: process.ready() });
  }

  async #program(context: PodContext): Promise<PodProcess | undefined> {
    const images = digList(context.pod, 'spec.containers').map(({ image }) => String(image));
    // A registry under .invalid is one that no name can stand for (RFC 2606): how a test asks for an image that is not there.
    if (images.some((image) => /^[^/]+\.invalid(:\d+)?\//.test(image))) return undefined;
    for (const agent of this.#options.agents) {
      const process = await agent(context);
      if (process !== undefined) return process;
    }
    const found = this.#options.responders.find(({ labels }) => labelsMatch(labels, metaOf(context.pod).labels));
    return found === undefined ? undefined : startResponder(context.pod, found.body);
  }

  /** What the pod's Secret volumes hold, or the key of the first that is not there. */
  #secretsOf(pod: KubeObject): PodContext['secrets'] | string {
    const { store } = this.#options;
    const secrets: Record<string, Record<string, Buffer>> = {};
    for (const volume of digList(pod, 'spec.volumes')) {
      const { secretName: name, optional } = digRecord(volume, 'secret');
      if (typeof name !== 'string') continue;
      const key = { namespace: metaOf(pod).namespace, name };
      const found = store.find(store.kinds.core('Secret'), key);
      if (found === undefined && optional !== true) return keyOf(key);
      const entries = Object.entries(digRecord(found, 'data'));
      secrets[name] = Object.fromEntries(entries.map(([file, value]) => [file, Buffer.from(String(value), 'base64')]));
    }
    return secrets;
  }

  /** The pod as it is stored now, if it is still the same. */
  #live(pod: KubeObject): KubeObject | undefined {
    const live = this.#options.store.find(this.#kind, metaOf(pod));
    return metaOf(live).uid === metaOf(pod).uid ? live : undefined;
  }

  #report({ pod, ip, since }: Slot, state: PodState): void {
    const { store } = this.#options;
    const live = this.#live(pod);
    if (live !== undefined)
      store.update(this.#kind, { ...live, status: podStatus(live, state, ip, since, store.timestamp()) }, { part: 'status' });
  }

  #end(key: string, then: () => unknown = () => {}): void {
    const slot = this.#slots.get(key);
    this.#slots.delete(key);
    const ending = (slot?.starting ?? Promise.resolve()).then(() => slot?.process?.stop()).then(() => void then());
    this.#ending.add(ending);
    void ending.finally(() => this.#ending.delete(ending));
  }
}
