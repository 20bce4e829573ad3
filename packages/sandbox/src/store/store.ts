import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { type KubeObject, metaOf, type ObjectMeta } from '@heddle/core';
import { defined, dig, digRecord } from '../dig.js';
import { ApiError, alreadyExists, conflict, invalid, notFound, type ObjectKey } from './api-error.js';
import { applyDefaults } from './defaults.js';
import { deepFreeze, type PrunedFields, pruneFields } from './fields.js';
import { type Collectable, collectGarbage, isDangling } from './garbage.js';
import { type Change, History } from './history.js';
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
  /** Whether a deletion only marks pods, and whoever runs them removes them. */
  readonly gracefulPods?: boolean;
  /** How many changes a watch can look back. 2000 by default. */
  readonly history?: number;
}

export interface WriteFlags {
  readonly dryRun?: boolean | undefined;
  /** `status`: only the status is written. Any other write leaves it alone, unless it is to store `all`. */
  readonly part?: 'status' | 'all';
}

/** Preconditions are checked where given. `orphan`: dependants stay; `now`: without grace. */
export interface DeleteFlags {
  readonly uid?: string | undefined;
  readonly resourceVersion?: string | undefined;
  readonly dryRun?: boolean | undefined;
  readonly orphan?: boolean;
  readonly now?: boolean;
}

/** The objects of a cluster: what etcd and the API server's storage layer are to a real one. Objects are frozen. */
export class Store implements Collectable {
  readonly kinds: Kinds;
  readonly history: History;
  readonly now: () => number;
  readonly #options: StoreOptions;
  readonly #objects = new Map<string, KubeObject>();
  /** Grows with every change: the resourceVersion of a list. */
  revision = 1;

  constructor(options: StoreOptions = {}) {
    this.#options = options;
    this.kinds = new Kinds(options.kinds ?? []);
    this.history = new History(options.history ?? 2000);
    this.now = options.now ?? Date.now;
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
    const test = compileFilter(filter);
    const found = [...this.#objects].filter(([key, object]) => key.startsWith(`${kind.group}/${kind.kind}/`) && test(object));
    return found.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
  }

  create(kind: KindSpec, { status, ...input }: KubeObject, flags: WriteFlags = {}): KubeObject {
    const { uid: _uid, resourceVersion = '', deletionTimestamp: _deleted, ...given } = digRecord(input, 'metadata');
    if (resourceVersion !== '') throw new ApiError(500, 'InternalError', 'resourceVersion should not be set on objects to be created');
    const made = given.generateName === undefined ? '' : `${given.generateName}${randomUUID().slice(0, 5)}`;
    const key = { name: String(given.name ?? made), namespace: kind.namespaced ? String(given.namespace ?? 'default') : undefined };
    if (key.namespace !== undefined) this.get(this.kinds.core('Namespace'), { name: key.namespace });
    const generation = kind.generation ? 1 : undefined;
    const metadata = defined({ ...given, ...key, uid: randomUUID(), creationTimestamp: this.timestamp(), generation });
    const body = { ...input, kind: kind.kind, metadata, ...defined({ status: flags.part === 'all' ? status : undefined }) };
    const object = this.#complete(kind, this.#options.admit?.(kind, body) ?? body);
    if (this.find(kind, key) !== undefined) throw alreadyExists(kind, key);
    if (flags.dryRun === true) return object;
    const stored = this.#commit('added', kind, object);
    // The real collector needs a moment for an object whose owners are all gone; so does this one.
    if (metaOf(stored).ownerReferences.length > 0) queueMicrotask(() => this.#dropDangling(kind, stored));
    return stored;
  }

  update(kind: KindSpec, input: KubeObject, { dryRun, part }: WriteFlags = {}): KubeObject {
    const meta = metaOf(input);
    const key = { name: meta.name, namespace: kind.namespaced ? (meta.namespace ?? 'default') : undefined };
    const live = this.get(kind, key);
    checkPrecondition(kind, key, live, meta);
    const { labels: _l, annotations: _a, ownerReferences: _o, finalizers: _f, ...server } = digRecord(live, 'metadata');
    const changed = { ...input, metadata: { ...digRecord(input, 'metadata'), ...server } };
    const body = part === 'status' ? { ...live, status: input.status } : { ...changed, status: live.status };
    let object = this.#complete(kind, defined(body), live);
    if (isDeepStrictEqual({ ...object, apiVersion: '' }, { ...live, apiVersion: '' })) return live;
    if (kind.generation && !isDeepStrictEqual(essence(object), essence(live))) {
      object = { ...object, metadata: { ...digRecord(object, 'metadata'), generation: Number(server.generation ?? 0) + 1 } };
    }
    if (dryRun === true) return object;
    if (server.deletionTimestamp !== undefined && !hasFinalizers(object)) return this.#remove(kind, object, false);
    return this.#commit('modified', kind, object, live);
  }

  /** Returns the object as it was last, marked with a deletionTimestamp when it is still there. */
  delete(kind: KindSpec, key: ObjectKey, flags: DeleteFlags = {}): KubeObject {
    const live = this.get(kind, key);
    const { uid, resourceVersion, deletionTimestamp } = metaOf(live);
    const check = (what: string, wanted: string | undefined, has: string | undefined, hint: string) => {
      if (wanted === undefined || wanted === has) return;
      const why = `the ${what} in the precondition (${wanted}) does not match the ${what} in record (${has}). The object might have been ${hint}`;
      throw conflict(kind, key, why, kind.custom ? kind.kind : kind.plural);
    };
    check('UID', flags.uid, uid, 'deleted and then recreated');
    check('ResourceVersion', flags.resourceVersion, resourceVersion, 'modified');
    if (flags.dryRun === true) return live;
    const graceful = this.#options.gracefulPods === true && flags.now !== true && kind === this.kinds.core('Pod');
    if (!graceful && !hasFinalizers(live)) return this.#remove(kind, live, flags.orphan === true);
    if (deletionTimestamp !== undefined) return live;
    const metadata = { ...digRecord(live, 'metadata'), deletionTimestamp: this.timestamp(), deletionGracePeriodSeconds: 30 };
    return this.#commit('modified', kind, { ...live, metadata }, live);
  }

  #complete(kind: KindSpec, object: KubeObject, live?: KubeObject): KubeObject {
    validateMeta(kind, object);
    const pruned = pruneFields(object, kind.group, this.#options.pruned ?? []);
    return deepFreeze(structuredClone(applyDefaults(kind, pruned, this.revision, live)));
  }

  #commit(type: Change['type'], kind: KindSpec, object: KubeObject, previous?: KubeObject): KubeObject {
    this.revision += 1;
    const stored = deepFreeze({ ...object, metadata: { ...digRecord(object, 'metadata'), resourceVersion: String(this.revision) } });
    if (type === 'deleted') this.#objects.delete(keyOf(kind, metaOf(stored)));
    else this.#objects.set(keyOf(kind, metaOf(stored)), stored);
    this.history.push({ revision: this.revision, type, kind, object: stored, previous });
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

/** A PUT names the version that it was made from. */
function checkPrecondition(kind: KindSpec, key: ObjectKey, live: KubeObject, given: ObjectMeta): void {
  const { uid, resourceVersion } = metaOf(live);
  if (given.uid !== undefined && given.uid !== uid) {
    const path = ['/registry', kind.group, kind.plural, key.namespace, key.name].filter(Boolean).join('/');
    const why = `AdditionalErrorMsg: Precondition failed: UID in precondition: ${given.uid}, UID in object meta: ${uid}`;
    throw conflict(kind, key, `StorageError: invalid object, Code: 4, Key: ${path}, ResourceVersion: 0, ${why}`);
  }
  if (given.resourceVersion === resourceVersion || (!given.resourceVersion && kind.unconditionalUpdate)) return;
  if (given.resourceVersion)
    throw conflict(kind, key, 'the object has been modified; please apply your changes to the latest version and try again');
  throw invalid(kind, key, 'metadata.resourceVersion', 'Invalid value: 0: must be specified for an update', kind.plural);
}
