import { randomUUID } from 'node:crypto';
import { type KubeObject, metaOf, type ObjectMeta } from '@heddle/core';
import { defined, dig, digRecord } from '../dig.js';
import { ApiError, alreadyExists, conflict, invalid, notFound, type ObjectKey } from './api-error.js';
import { applyDefaults } from './defaults.js';
import { deepEqual, deepFreeze, type PrunedFields, pruneFields } from './fields.js';
import { collectGarbage, isDangling } from './garbage.js';
import { type Change, History, type WatchedChange } from './history.js';
import { type KindInput, type KindSpec, Kinds } from './kinds.js';
import { compileFilter, type Filter } from './selector.js';
import { validateMeta } from './validate.js';

export interface StoreOptions {
  /** Kinds beside the built-in ones. */
  readonly kinds?: readonly KindInput[];
  /** The server's clock. Ms since the epoch; the system's by default. */
  readonly now?: () => number;
  readonly pruned?: readonly PrunedFields[];
  /** Admission of new objects: what is stored instead; throws to refuse. */
  readonly admit?: (kind: KindSpec, object: KubeObject) => KubeObject;
  /** Whether a deletion only marks the object, and whoever runs it removes it (pods with a kubelet). */
  readonly graceful?: (kind: KindSpec, object: KubeObject) => boolean;
  /** How many changes a watch can look back. 2000 by default. */
  readonly history?: number;
}

export interface WriteFlags {
  readonly dryRun?: boolean | undefined;
  /** `status`: only the status is written. Any other write leaves it alone, unless it is to store `all`. */
  readonly part?: 'status' | 'all';
}

export interface DeleteFlags {
  readonly uid?: string | undefined;
  readonly resourceVersion?: string | undefined;
  readonly dryRun?: boolean | undefined;
  /** Dependants lose their ownerReference instead of being deleted. */
  readonly orphan?: boolean;
  /** Remove now, whatever `graceful` says. */
  readonly now?: boolean;
}

/** The objects of a cluster: what etcd and the API server's storage layer are to a real one. Objects are frozen. */
export class Store {
  readonly kinds: Kinds;
  readonly history: History;
  readonly now: () => number;
  readonly #options: StoreOptions;
  readonly #objects = new Map<string, KubeObject>();
  #revision = 1;

  constructor(options: StoreOptions = {}) {
    this.#options = options;
    this.kinds = new Kinds(options.kinds ?? []);
    this.history = new History(options.history ?? 2000);
    this.now = options.now ?? Date.now;
  }

  /** Grows with every change: the resourceVersion of a list. */
  get revision(): number {
    return this.#revision;
  }

  timestamp(): string {
    return `${new Date(this.now()).toISOString().slice(0, 19)}Z`;
  }

  find(kind: KindSpec, key: ObjectKey): KubeObject | undefined {
    return this.#objects.get(keyOf(kind, key));
  }

  get(kind: KindSpec, key: ObjectKey): KubeObject {
    const object = this.find(kind, key);
    if (object === undefined) throw notFound(kind, key);
    return object;
  }

  /** Sorted by namespace and name. */
  list(kind: KindSpec, filter: Filter = {}): readonly KubeObject[] {
    const prefix = `${kind.group}/${kind.kind}/`;
    const test = compileFilter(filter);
    const found = [...this.#objects].filter(([key, object]) => key.startsWith(prefix) && test(object));
    return found.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
  }

  all(): readonly KubeObject[] {
    return [...this.#objects.values()];
  }

  watch(kind: KindSpec, filter: Filter, since: number, listener: (change: WatchedChange) => void): () => void {
    return this.history.watch(kind, filter, since, listener);
  }

  create(kind: KindSpec, input: KubeObject, flags: WriteFlags = {}): KubeObject {
    const { uid: _uid, resourceVersion, deletionTimestamp: _deleted, ...given } = digRecord(input, 'metadata');
    if ((resourceVersion ?? '') !== '')
      throw new ApiError(500, 'InternalError', 'resourceVersion should not be set on objects to be created');
    const name = String(given.name ?? (given.generateName === undefined ? '' : `${given.generateName}${randomUUID().slice(0, 5)}`));
    const namespace = kind.namespaced ? String(given.namespace ?? 'default') : undefined;
    if (namespace !== undefined) this.get(this.kinds.core('Namespace'), { name: namespace });
    const server = defined({
      name,
      namespace,
      uid: randomUUID(),
      creationTimestamp: this.timestamp(),
      generation: kind.generation ? 1 : undefined,
    });
    const { status, ...content } = input;
    const body = {
      ...content,
      kind: kind.kind,
      metadata: { ...given, ...server },
      ...defined({ status: flags.part === 'all' ? status : undefined }),
    };
    const object = this.#check(kind, this.#options.admit?.(kind, body) ?? body);
    if (this.find(kind, { name, namespace }) !== undefined) throw alreadyExists(kind, { name, namespace });
    if (flags.dryRun === true) return object;
    const stored = this.#commit('added', kind, object);
    // The real collector needs a moment for an object whose owners are all gone; so does this one.
    if (metaOf(stored).ownerReferences.length > 0) queueMicrotask(() => this.#dropDangling(kind, stored));
    return stored;
  }

  update(kind: KindSpec, input: KubeObject, flags: WriteFlags = {}): KubeObject {
    const meta = metaOf(input);
    const key = { name: meta.name, namespace: kind.namespaced ? (meta.namespace ?? 'default') : undefined };
    const live = this.get(kind, key);
    checkPrecondition(kind, key, live, meta);
    const { uid, creationTimestamp, generation, deletionTimestamp, deletionGracePeriodSeconds, resourceVersion } = digRecord(
      live,
      'metadata',
    );
    const server = { uid, creationTimestamp, generation, deletionTimestamp, deletionGracePeriodSeconds, resourceVersion, ...key };
    const { status: _status, ...content } = input;
    const changed = { ...content, metadata: defined({ ...digRecord(input, 'metadata'), ...server }) };
    const body =
      flags.part === 'status' ? { ...live, ...defined({ status: input.status }) } : { ...changed, ...defined({ status: live.status }) };
    let object = this.#check(kind, body, live);
    if (deepEqual({ ...object, apiVersion: '' }, { ...live, apiVersion: '' })) return live;
    if (kind.generation && !deepEqual(essence(object), essence(live))) {
      object = { ...object, metadata: { ...digRecord(object, 'metadata'), generation: Number(generation ?? 0) + 1 } };
    }
    if (flags.dryRun === true) return object;
    if (deletionTimestamp !== undefined && !hasFinalizers(object)) return this.#remove(kind, object, false);
    return this.#commit('modified', kind, object, live);
  }

  /** Returns the object as it was last, marked with a deletionTimestamp when it is still there. */
  delete(kind: KindSpec, key: ObjectKey, flags: DeleteFlags = {}): KubeObject {
    const live = this.get(kind, key);
    const { uid, resourceVersion, deletionTimestamp } = metaOf(live);
    const refuse = (why: string) => conflict(kind, key, why, kind.custom ? kind.kind : kind.plural);
    if (flags.uid !== undefined && flags.uid !== uid) {
      throw refuse(
        `the UID in the precondition (${flags.uid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`,
      );
    }
    if (flags.resourceVersion !== undefined && flags.resourceVersion !== resourceVersion) {
      throw refuse(
        `the ResourceVersion in the precondition (${flags.resourceVersion}) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`,
      );
    }
    if (flags.dryRun === true) return live;
    const graceful = flags.now !== true && this.#options.graceful?.(kind, live) === true;
    if (!graceful && !hasFinalizers(live)) return this.#remove(kind, live, flags.orphan === true);
    if (deletionTimestamp !== undefined) return live;
    const metadata = { ...digRecord(live, 'metadata'), deletionTimestamp: this.timestamp(), deletionGracePeriodSeconds: 30 };
    return this.#commit('modified', kind, { ...live, metadata }, live);
  }

  #check(kind: KindSpec, object: KubeObject, live?: KubeObject): KubeObject {
    validateMeta(kind, object);
    const pruned = pruneFields(object, kind.group, this.#options.pruned ?? []);
    return deepFreeze(structuredClone(applyDefaults(kind, pruned, this.#revision, live)));
  }

  #commit(type: Change['type'], kind: KindSpec, object: KubeObject, previous?: KubeObject): KubeObject {
    this.#revision += 1;
    const stored = deepFreeze({ ...object, metadata: { ...digRecord(object, 'metadata'), resourceVersion: String(this.#revision) } });
    if (type === 'deleted') this.#objects.delete(keyOf(kind, metaOf(stored)));
    else this.#objects.set(keyOf(kind, metaOf(stored)), stored);
    this.history.push({ revision: this.#revision, type, kind, object: stored, ...(previous === undefined ? {} : { previous }) });
    return stored;
  }

  #remove(kind: KindSpec, live: KubeObject, orphan: boolean): KubeObject {
    const removed = this.#commit('deleted', kind, live, live);
    collectGarbage(this, removed, orphan);
    return removed;
  }

  #dropDangling(kind: KindSpec, object: KubeObject): void {
    if (this.find(kind, metaOf(object)) === object && isDangling(this, object)) this.delete(kind, metaOf(object));
  }
}

const keyOf = (kind: KindSpec, key: ObjectKey) => `${kind.group}/${kind.kind}/${kind.namespaced ? key.namespace : ''}/${key.name}`;
const essence = ({ metadata: _m, status: _s, apiVersion: _v, ...rest }: KubeObject) => rest;
const hasFinalizers = (object: KubeObject) => dig(object, 'metadata.finalizers.0') !== undefined;

function checkPrecondition(kind: KindSpec, key: ObjectKey, live: KubeObject, given: ObjectMeta): void {
  const { uid, resourceVersion } = metaOf(live);
  if (given.uid !== undefined && given.uid !== uid) {
    const path = [kind.group, kind.plural, key.namespace, key.name].filter((part) => (part ?? '') !== '').join('/');
    const why = `Precondition failed: UID in precondition: ${given.uid}, UID in object meta: ${uid}`;
    throw conflict(
      kind,
      key,
      `StorageError: invalid object, Code: 4, Key: /registry/${path}, ResourceVersion: 0, AdditionalErrorMsg: ${why}`,
    );
  }
  if ((given.resourceVersion ?? '') === '') {
    if (kind.unconditionalUpdate) return;
    throw invalid(kind, key, 'metadata.resourceVersion', 'Invalid value: 0: must be specified for an update', kind.plural);
  }
  if (given.resourceVersion === resourceVersion) return;
  throw conflict(kind, key, 'the object has been modified; please apply your changes to the latest version and try again');
}
