import { EventEmitter, on } from 'node:events';
import type { Duplex } from 'node:stream';
import * as core from '@heddle/core';
import { defined } from './dig.js';
import type { Apply, ClusterRequest, Faults } from './faults.js';
import { apiVersionOf, inVersion, type KindSpec, noSuchResource, type Store, type WatchedChange } from './store/index.js';

/** What `/version` says. */
export const SERVER_VERSION = 'v1.36.3';

export interface InProcessOptions {
  /** The cluster's name, and how requests name their client. */
  readonly name: string;
  readonly store: Store;
  readonly faults: Faults;
  /** Reaches a pod's port; without it there are no pods to reach. */
  readonly openPort?: (pod: core.PodRef, port: number) => Promise<Duplex>;
}

type Ref = Omit<core.ObjectRef, 'apiVersion' | 'kind'> & { readonly apiVersion?: unknown; readonly kind?: unknown };

/** `Cluster` straight on a store, without HTTP. Every method is one request through the fault hooks; `watch` is two (list, watch). */
export function createInProcessCluster({ name: client, store, faults, openPort }: InProcessOptions): core.Cluster {
  const closed = new AbortController();
  const kindOf = (group: string, kind: string, apiVersion?: string): KindSpec => {
    const spec = store.kinds.byKind(group, kind);
    const served = apiVersion === undefined || spec?.versions.some((version) => apiVersionOf(spec, version) === apiVersion);
    if (spec === undefined || !served) throw noSuchResource();
    return spec;
  };
  const kindOfRef = ({ apiVersion, kind }: Ref) => kindOf(core.groupOf(String(apiVersion)), String(kind), String(apiVersion));
  const keyOf = (kind: KindSpec, { name, namespace = 'default' }: Ref) => ({ name, ...(kind.namespaced ? { namespace } : {}) });
  const out = (object: core.KubeObject, apiVersion: unknown) => structuredClone(inVersion(object, String(apiVersion)));

  type Detail = Pick<ClusterRequest, 'namespace' | 'name' | 'subresource' | 'dryRun' | 'body'>;
  type Resource = Pick<KindSpec, 'group' | 'plural'>;
  async function request<T>(verb: string, of: Resource, detail: Detail, apply: Apply<T>, signal?: AbortSignal): Promise<T> {
    const message = `the connection to ${client} is closed`;
    if (closed.signal.aborted) throw new core.ClusterError({ reason: 'Unreachable', status: 0, message });
    return await faults.run({ client, verb, group: of.group, resource: of.plural, ...detail }, apply, signal);
  }

  async function list({ group, kind: kindName, namespace, name, labelSelector }: core.ObjectQuery, apiVersion?: string) {
    const kind = kindOf(group, kindName, apiVersion);
    const version = apiVersion ?? apiVersionOf(kind);
    const filter = { namespace, labelSelector, fieldSelector: name === undefined ? undefined : `metadata.name=${name}` };
    const read = () => ({ found: store.list(kind, filter), revision: store.revision });
    const { found, revision } = await request('list', kind, { namespace, name }, read);
    return { kind, filter, version, revision, objects: found.map((object) => out(object, version)) };
  }

  async function observe(query: core.ObjectQuery): Promise<core.Observation> {
    try {
      return { objects: (await list(query)).objects };
    } catch (error) {
      const unread = { NotFound: 'no such kind', Forbidden: 'forbidden' }[String(core.clusterReason(error))];
      if (unread === undefined) throw error;
      return { unread };
    }
  }

  async function write(verb: 'create' | 'update', object: core.KubeObject, { dryRun, signal }: core.WriteOptions = {}) {
    const { name, namespace } = core.metaOf(object);
    const kind = kindOfRef({ ...object, name });
    const apply = () => out(store[verb](kind, object, { dryRun }), object.apiVersion);
    return await request(verb, kind, { name, namespace, dryRun, body: object }, apply, signal);
  }

  return {
    name: client,
    async discover(queries = []) {
      const kinds = () =>
        store.kinds.all.map(({ group, versions, kind, plural, namespaced }) => ({ group, versions, kind, plural, namespaced }));
      const served = await request('get', { group: '', plural: 'discovery' }, {}, kinds);
      const seen = new Map<string, core.Observation>();
      for (const query of queries) seen.set(core.queryKey(query), await observe(query));
      return { version: SERVER_VERSION, served, seen };
    },
    async get(ref) {
      const kind = kindOfRef(ref);
      const key = keyOf(kind, ref);
      const found = await request('get', kind, key, () => store.find(kind, key));
      return found === undefined ? undefined : out(found, ref.apiVersion);
    },
    list: async (query, options) => (await list(query, options?.apiVersion)).objects,
    async *watch(query, signal) {
      const ends = AbortSignal.any([signal, closed.signal]);
      if (signal.aborted) return;
      const { kind, filter, version, revision, objects } = await list(query);
      for (const object of objects) yield { type: 'added', object };
      yield { type: 'synced' };
      if (ends.aborted) return;
      const emitter = new EventEmitter();
      const changes = on(emitter, 'change', { signal: ends }) as AsyncIterable<WatchedChange[]>;
      const start = () => store.history.watch(kind, filter, revision, (change) => emitter.emit('change', change));
      const stop = await request('watch', kind, defined({ namespace: query.namespace, name: query.name }), start);
      try {
        for await (const [change] of changes) if (change !== undefined) yield { ...change, object: out(change.object, version) };
      } catch (error) {
        if (!ends.aborted) throw error;
      } finally {
        stop();
      }
    },
    create: (object, options) => write('create', object, options),
    replace: (object, options) => write('update', object, options),
    async delete(ref, { uid, resourceVersion }, { dryRun, gracePeriodSeconds, signal } = {}) {
      const kind = kindOfRef(ref);
      const key = keyOf(kind, ref);
      const apply = () => store.delete(kind, key, { uid, resourceVersion, dryRun, now: gracePeriodSeconds === 0 });
      try {
        await request('delete', kind, { ...key, dryRun }, apply, signal);
        return true;
      } catch (error) {
        if (core.clusterReason(error) === 'NotFound') return false;
        throw error;
      }
    },
    // The Date header counts whole seconds.
    serverTime: () => request('get', { group: '', plural: 'version' }, {}, () => Math.floor(store.now() / 1000) * 1000),
    openPort(pod, port, signal) {
      const open = async () => {
        store.get(store.kinds.core('Pod'), pod);
        const opened = await openPort?.(pod, port).catch((error: Error) => error);
        if (opened !== undefined && !(opened instanceof Error)) return opened;
        const message = `cannot reach port ${port} of pod ${pod.namespace}/${pod.name}: ${opened?.message ?? 'connection refused'}`;
        throw new core.ClusterError({ reason: 'ConnectionRefused', status: 0, message });
      };
      return request('create', { group: '', plural: 'pods' }, { ...pod, subresource: 'portforward' }, open, signal);
    },
    can(checks) {
      const review = () => ({ checks: checks.map((check) => ({ ...check, allowed: faults.allows(check, client) })) });
      return request('create', { group: 'authorization.k8s.io', plural: 'selfsubjectaccessreviews' }, {}, review);
    },
    close: async () => closed.abort(),
  };
}
