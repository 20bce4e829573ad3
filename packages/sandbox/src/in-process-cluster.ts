import { EventEmitter, on } from 'node:events';
import type { Duplex } from 'node:stream';
import {
  type Cluster,
  ClusterError,
  clusterReason,
  groupOf,
  type KubeObject,
  metaOf,
  type ObjectQuery,
  type ObjectRef,
  type Observation,
  type PodRef,
  queryKey,
  type WriteOptions,
} from '@heddle/core';
import type { ClusterRequest, Faults } from './faults.js';
import { ApiError, apiVersionOf, inVersion, type KindSpec, noSuchResource, type Store, type WatchedChange } from './store/index.js';

/** What `/version` says. */
export const SERVER_VERSION = 'v1.36.3';

export interface InProcessOptions {
  /** The cluster's name, and how requests name their client. */
  readonly name: string;
  readonly store: Store;
  readonly faults: Faults;
  /** Reaches a pod's port; without it there are no pods to reach. */
  readonly openPort?: (pod: PodRef, port: number) => Promise<Duplex>;
}

/** `Cluster` straight on a store, without HTTP. Every method is one request through the fault hooks; `watch` is two (list, watch). */
export function createInProcessCluster({ name, store, faults, openPort }: InProcessOptions): Cluster {
  const closed = new AbortController();
  const kindOf = (group: string, kind: string, apiVersion?: string): KindSpec => {
    const spec = store.kinds.byKind(group, kind);
    const served = apiVersion === undefined || spec?.versions.some((version) => apiVersionOf(spec, version) === apiVersion);
    if (spec === undefined || !served) throw noSuchResource();
    return spec;
  };
  const kindOfRef = ({ apiVersion, kind }: Pick<ObjectRef, 'apiVersion' | 'kind'>) => kindOf(groupOf(apiVersion), kind, apiVersion);
  const out = (object: KubeObject, apiVersion: unknown) => structuredClone(inVersion(object, String(apiVersion)));

  type Detail = Omit<ClusterRequest, 'number' | 'client' | 'verb' | 'group' | 'resource'>;
  async function request<T>(
    verb: string,
    kind: Pick<KindSpec, 'group' | 'plural'>,
    detail: Detail,
    apply: () => T | Promise<T>,
    signal?: AbortSignal,
  ) {
    if (closed.signal.aborted) throw new ClusterError({ reason: 'Unreachable', status: 0, message: `the connection to ${name} is closed` });
    return await faults.run({ client: name, verb, group: kind.group, resource: kind.plural, ...detail }, apply, signal);
  }

  async function list(query: ObjectQuery, apiVersion?: string) {
    const kind = kindOf(query.group, query.kind, apiVersion);
    const { namespace, labelSelector, name: called } = query;
    const filter = { namespace, labelSelector, fieldSelector: called === undefined ? undefined : `metadata.name=${called}` };
    const read = () => ({ objects: store.list(kind, filter), revision: store.revision });
    const { objects, revision } = await request('list', kind, { namespace, name: called }, read);
    const version = apiVersion ?? apiVersionOf(kind);
    return { kind, filter, version, revision, objects: objects.map((object) => out(object, version)) };
  }

  async function observe(query: ObjectQuery): Promise<Observation> {
    try {
      return { objects: (await list(query)).objects };
    } catch (error) {
      if (clusterReason(error) === 'NotFound') return { unread: 'no such kind' };
      if (clusterReason(error) === 'Forbidden') return { unread: 'forbidden' };
      throw error;
    }
  }

  async function write(verb: 'create' | 'update', object: KubeObject, { dryRun, signal }: WriteOptions): Promise<KubeObject> {
    const kind = kindOfRef(object as unknown as ObjectRef);
    const { name: called, namespace } = metaOf(object);
    const apply = () => out(store[verb](kind, object, { dryRun }), object.apiVersion);
    return await request(verb, kind, { name: called, namespace, dryRun, body: object }, apply, signal);
  }

  return {
    name,
    async discover(queries = []) {
      const served = await request('get', { group: '', plural: 'discovery' }, {}, () =>
        store.kinds.all.map(({ group, versions, kind, plural, namespaced }) => ({ group, versions, kind, plural, namespaced })),
      );
      const seen = new Map<string, Observation>();
      for (const query of queries) seen.set(queryKey(query), await observe(query));
      return { version: SERVER_VERSION, served, seen };
    },
    async get(ref) {
      const kind = kindOfRef(ref);
      const { namespace = kind.namespaced ? 'default' : undefined, name: called } = ref;
      const found = await request('get', kind, { namespace, name: called }, () => store.find(kind, { namespace, name: called }));
      return found === undefined ? undefined : out(found, ref.apiVersion);
    },
    list: async (query, options) => (await list(query, options?.apiVersion)).objects,
    async *watch(query, signal) {
      if (signal.aborted) return;
      const { kind, filter, version, revision, objects } = await list(query);
      for (const object of objects) yield { type: 'added', object };
      yield { type: 'synced' };
      const ends = AbortSignal.any([signal, closed.signal]);
      if (ends.aborted) return;
      const emitter = new EventEmitter();
      const changes = on(emitter, 'change', { signal: ends });
      const start = () => store.watch(kind, filter, revision, (change) => emitter.emit('change', change));
      const stop = await request('watch', kind, { namespace: query.namespace, name: query.name }, start);
      try {
        for await (const [{ type, object }] of changes as AsyncIterable<[WatchedChange]>) yield { type, object: out(object, version) };
      } catch (error) {
        if (!ends.aborted) throw error;
      } finally {
        stop();
      }
    },
    create: (object, options = {}) => write('create', object, options),
    replace: (object, options = {}) => write('update', object, options),
    async delete(ref, { uid, resourceVersion }, options = {}) {
      const kind = kindOfRef(ref);
      const { namespace = kind.namespaced ? 'default' : undefined, name: called } = ref;
      const flags = { uid, resourceVersion, dryRun: options.dryRun, now: options.gracePeriodSeconds === 0 };
      const apply = () => store.delete(kind, { namespace, name: called }, flags);
      try {
        await request('delete', kind, { namespace, name: called, dryRun: options.dryRun }, apply, options.signal);
        return true;
      } catch (error) {
        if (clusterReason(error) === 'NotFound') return false;
        throw error;
      }
    },
    // The Date header counts whole seconds.
    serverTime: () => request('get', { group: '', plural: 'version' }, {}, () => Math.floor(store.now() / 1000) * 1000),
    openPort(pod, port, signal) {
      const refuse = () => Promise.reject(new ApiError(404, 'NotFound', `pods "${pod.name}" not found`));
      const open = () => openPort?.(pod, port) ?? refuse();
      return request('create', { group: '', plural: 'pods' }, { ...pod, subresource: 'portforward' }, open, signal);
    },
    can(checks) {
      const review = () => ({ checks: checks.map((check) => ({ ...check, allowed: faults.allows(check, name) })) });
      return request('create', { group: 'authorization.k8s.io', plural: 'selfsubjectaccessreviews' }, {}, review);
    },
    close: async () => closed.abort(),
  };
}
