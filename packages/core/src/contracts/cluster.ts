import type { Duplex } from 'node:stream';
import type { KubeObject, ObjectQuery, ObjectRef, Verb } from '../model/object.js';
import type { Observed } from '../model/observed.js';
import type { PodRef } from '../model/table.js';

export interface ServedKind {
  readonly group: string;
  /** All served versions, the server's preferred one first. */
  readonly versions: readonly string[];
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

/** What discovery found, and the objects that the adapters' `facts` asked for. */
export interface ClusterFacts {
  /** `v1.36.3` */
  readonly version: string;
  readonly served: readonly ServedKind[];
  readonly seen: Observed;
}

export interface AccessCheck {
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly verb: Verb | string;
}

export interface AccessReport {
  readonly checks: readonly (AccessCheck & { readonly allowed: boolean; readonly reason?: string })[];
}

export interface WatchEvent {
  /** `synced`: the initial list has been delivered as `added`. `deleted` carries the last state. */
  readonly type: 'added' | 'modified' | 'deleted' | 'synced';
  readonly object?: KubeObject;
}

/** A write. `dryRun` asks the server to check and default it without storing. */
export interface WriteOptions {
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
}

/** Both are checked by the server; a mismatch is a `ClusterError` with reason `Conflict`. */
export interface Precondition {
  readonly uid: string;
  readonly resourceVersion: string;
}

/**
 * The port through which core reaches a cluster. Objects are untyped and carry the apiVersion that they were read in.
 * Every method throws `ClusterError` for what the server or the connection refuses.
 * A kind or version that is not served is reason `NotFound`, from `list` and `watch` (which an absent object never is) and from `get`.
 */
export interface Cluster {
  /** How messages name the cluster: the context's name. */
  readonly name: string;
  /** Server version and served kinds (cached), with the answers to `queries`; a forbidden query is `unread`. */
  discover(queries?: readonly ObjectQuery[]): Promise<ClusterFacts>;
  /** `undefined` when there is no such object. */
  get(ref: ObjectRef): Promise<KubeObject | undefined>;
  /** In the version the server prefers unless `apiVersion` says another. Follows `continue` to the end. */
  list(query: ObjectQuery, options?: { readonly apiVersion?: string }): Promise<readonly KubeObject[]>;
  /** Lists, then watches; reconnects by itself and relists after 410. Ends when the signal aborts. */
  watch(query: ObjectQuery, signal: AbortSignal): AsyncIterable<WatchEvent>;
  /** Throws reason `AlreadyExists` when the name is taken. Returns the stored object. */
  create(object: KubeObject, options?: WriteOptions): Promise<KubeObject>;
  /** A PUT with the object's own uid and resourceVersion; throws reason `Conflict` (409) when it changed. */
  replace(object: KubeObject, options?: WriteOptions): Promise<KubeObject>;
  /** Throws `Conflict` when the precondition does not hold; resolves to false when the object is gone already. */
  delete(ref: ObjectRef, precondition: Precondition, options?: WriteOptions & { readonly gracePeriodSeconds?: number }): Promise<boolean>;
  /** The API server's time (its `Date` header), from a request made now. Milliseconds since the epoch. */
  serverTime(): Promise<number>;
  /** A stream to a port of a pod, through the API server's port-forward. */
  openPort(pod: PodRef, port: number, signal?: AbortSignal): Promise<Duplex>;
  can(checks: readonly AccessCheck[]): Promise<AccessReport>;
  close(): Promise<void>;
}
