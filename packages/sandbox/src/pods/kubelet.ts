import type { Duplex } from 'node:stream';
import * as core from '@heddle/core';
import { dig, digList, digRecord } from '../dig.js';
import type { Change, KindSpec, ObjectKey, Store } from '../store/index.js';
import { type PodState, podStatus } from './pod-status.js';
import { refused, startResponder } from './responder.js';

export interface KubeletOptions {
  readonly store: Store;
  readonly agents: readonly core.InProcessAgent[];
  readonly responders: core.Scenario['responders'];
  /** A connection out of a pod. */
  readonly dial: (from: core.KubeObject, host: string, port: number) => Promise<Duplex>;
}

/** A pod on this node. `missing`: the Secret that it waits for. */
interface Slot {
  readonly pod: core.KubeObject;
  readonly ip: string;
  readonly since: string;
  process?: core.PodProcess;
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
  async connect(pod: core.PodRef, port: number): Promise<Duplex> {
    const process = this.#slots.get(keyOf(pod))?.process;
    if (process === undefined) throw refused(port);
    return await process.connect(port);
  }

  /** What the pod's program wrote lately. */
  log(pod: core.PodRef): readonly string[] {
    return this.#slots.get(keyOf(pod))?.process?.log?.() ?? [];
  }

  async stop(): Promise<void> {
    this.#unsubscribe();
    for (const timer of this.#timers) clearTimeout(timer);
    for (const key of [...this.#slots.keys()]) this.#end(key);
    await Promise.all(this.#ending);
  }

  #onChange({ kind, type, object }: Change): void {
    const meta = core.metaOf(object);
    if (kind.kind === 'Secret' && type === 'added') {
      for (const slot of this.#slots.values()) if (slot.missing === keyOf(meta)) slot.starting = this.#launch(slot);
    }
    if (kind !== this.#kind) return;
    const remove = () => this.#live(object) && this.#options.store.delete(kind, meta, { now: true });
    if (type === 'added') this.#run(object);
    else if (type === 'deleted') this.#end(keyOf(meta));
    else if (meta.deletionTimestamp !== undefined) this.#end(keyOf(meta), remove);
  }

  #run(pod: core.KubeObject): void {
    this.#addresses += 1;
    const ip = `10.244.${this.#addresses >> 8}.${this.#addresses & 255}`;
    const slot: Slot = { pod, ip, since: this.#options.store.timestamp(), starting: Promise.resolve() };
    this.#slots.set(keyOf(core.metaOf(pod)), slot);
    slot.starting = this.#launch(slot);
  }

  async #launch(slot: Slot): Promise<void> {
    // As on a real node, whoever created the pod gets its answer before anything runs.
    await Promise.resolve();
    const { pod } = slot;
    const report = (state: PodState) => this.#report(slot, state);
    const waiting = (reason: string, message: string) => report({ reason, message });
    const secrets = this.#secretsOf(pod);
    slot.missing = typeof secrets === 'string' ? secrets : undefined;
    if (typeof secrets === 'string') return waiting('ContainerCreating', `MountVolume.SetUp failed: secret "${secrets}" not found`);
    const context: core.PodContext = { pod, secrets, dial: (host, port) => this.#options.dial(pod, host, port) };
    const process = await this.#program(context).catch((error: Error) => error);
    if (process instanceof Error) return waiting('CrashLoopBackOff', process.message);
    if (process === 'done') return report({ done: true });
    if (process === undefined) {
      const message = `failed to pull image "${dig(pod, 'spec.containers.0.image')}": the sandbox has no program for this pod`;
      waiting('ErrImagePull', message);
      return void this.#timers.add(setTimeout(() => waiting('ImagePullBackOff', `Back-off pulling image: ${message}`), 1000));
    }
    if (this.#slots.get(keyOf(core.metaOf(pod))) !== slot) return await process.stop();
    slot.process = process;
    const isProbed = digList(pod, 'spec.containers').some(({ readinessProbe }) => readinessProbe !== undefined);
    const reportReady = () => report({ ready: !isProbed || process.ready() });
    process.onReadyChange(reportReady);
    reportReady();
  }

  async #program(context: core.PodContext): Promise<core.PodProcess | 'done' | undefined> {
    const images = digList(context.pod, 'spec.containers').map(({ image }) => String(image));
    // A registry under .invalid is one that no name can stand for (RFC 2606): how a test asks for an image that is not there.
    if (images.some((image) => /^[^/]+\.invalid(:\d+)?\//.test(image))) return undefined;
    // No program of ours ends by itself, so one that is to run once has nothing to do.
    if (dig(context.pod, 'spec.restartPolicy') === 'Never') return 'done';
    for (const agent of this.#options.agents) {
      const process = await agent(context);
      if (process !== undefined) return process;
    }
    const found = this.#options.responders.find(({ labels }) => core.labelsMatch(labels, core.metaOf(context.pod).labels));
    return found && startResponder(context, found);
  }

  /** What the pod's Secret volumes hold, or the key of the first that is not there. */
  #secretsOf(pod: core.KubeObject): core.PodContext['secrets'] | string {
    const { store } = this.#options;
    const secrets: Record<string, Record<string, Buffer>> = {};
    for (const { secretName: name, optional } of digList(pod, 'spec.volumes').map((volume) => digRecord(volume, 'secret'))) {
      if (typeof name !== 'string') continue;
      const key = { namespace: core.metaOf(pod).namespace, name };
      const found = store.find(store.kinds.core('Secret'), key);
      if (found === undefined && optional !== true) return keyOf(key);
      const entries = Object.entries(digRecord(found, 'data'));
      secrets[name] = Object.fromEntries(entries.map(([file, value]) => [file, Buffer.from(String(value), 'base64')]));
    }
    return secrets;
  }

  /** The pod as it is stored now, if it is still the same. */
  #live(pod: core.KubeObject): core.KubeObject | undefined {
    const live = this.#options.store.find(this.#kind, core.metaOf(pod));
    return core.metaOf(live).uid === core.metaOf(pod).uid ? live : undefined;
  }

  #report({ pod, ip, since }: Slot, state: PodState): void {
    const { store } = this.#options;
    const live = this.#live(pod);
    if (live === undefined) return;
    store.update(this.#kind, { ...live, status: podStatus(live, state, ip, since, store.timestamp()) }, { part: 'status' });
  }

  #end(key: string, then: () => unknown = () => {}): void {
    const slot = this.#slots.get(key);
    this.#slots.delete(key);
    const stopped = (slot?.starting ?? Promise.resolve()).then(() => slot?.process?.stop());
    const ending = stopped.then(() => void then()).finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }
}
