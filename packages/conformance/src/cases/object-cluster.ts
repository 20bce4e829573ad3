import {
  BugError,
  type Cluster,
  ClusterError,
  type KubeObject,
  matchesQuery,
  metaOf,
  type ObjectRef,
  type Precondition,
  queryKey,
  refKey,
  refOf,
  type WriteOptions,
} from '@heddle/core';

/**
 * Nothing but objects, with compare-and-swap: enough to plan and apply on what a case lists, for adapter authors without any cluster.
 * It serves whatever kinds it is given, each in the version that is asked for; it has no pods to reach and no rights, and a watch ends after what is there.
 */
export function createObjectCluster(objects: readonly KubeObject[]): Cluster {
  const stored = new Map<string, KubeObject>();
  let revision = 0;
  const next = (object: KubeObject, meta: Record<string, unknown>): KubeObject => {
    revision += 1;
    return { ...object, metadata: { ...(object.metadata as object), ...meta, resourceVersion: String(revision) } };
  };
  const current = (ref: ObjectRef): KubeObject => {
    const object = stored.get(refKey(ref));
    if (object === undefined) throw failure('NotFound', 404, ref);
    return object;
  };
  const check = (ref: ObjectRef, { uid, resourceVersion }: Precondition): void => {
    const meta = metaOf(current(ref));
    if (meta.uid !== uid || meta.resourceVersion !== resourceVersion) throw failure('Conflict', 409, ref);
  };
  const store = (object: KubeObject, { dryRun }: WriteOptions = {}): KubeObject => {
    if (dryRun !== true) stored.set(refKey(refOf(object)), object);
    return structuredClone(object);
  };
  const create = (object: KubeObject, options?: WriteOptions): KubeObject => {
    const ref = refOf(object);
    if (stored.has(refKey(ref))) throw failure('AlreadyExists', 409, ref);
    const { creationTimestamp } = metaOf(object);
    return store(
      next(object, { uid: `uid-${revision + 1}`, creationTimestamp: creationTimestamp ?? new Date(revision).toISOString() }),
      options,
    );
  };
  for (const object of objects) create(object);

  return {
    name: 'objects',
    async discover(queries = []) {
      const seen = new Map(
        queries.map((query) => [queryKey(query), { objects: [...stored.values()].filter((one) => matchesQuery(one, query)) }]),
      );
      return { version: 'v1.36.0', served: [], seen };
    },
    get: async (ref) => inVersion(stored.get(refKey(ref)), ref.apiVersion),
    async list(query, { apiVersion } = {}) {
      const found = [...stored.values()].filter((object) => matchesQuery(object, query));
      return found.map((object) => ({ ...structuredClone(object), ...(apiVersion === undefined ? {} : { apiVersion }) }));
    },
    async *watch(query) {
      for (const object of [...stored.values()].filter((one) => matchesQuery(one, query))) yield { type: 'added' as const, object };
      yield { type: 'synced' as const };
    },
    create: async (object, options) => create(object, options),
    async replace(object, options) {
      const { uid = '', resourceVersion = '' } = metaOf(object);
      check(refOf(object), { uid, resourceVersion });
      return store(next(object, {}), options);
    },
    async delete(ref, precondition, options = {}) {
      if (!stored.has(refKey(ref))) return false;
      check(ref, precondition);
      if (options.dryRun !== true) stored.delete(refKey(ref));
      return true;
    },
    serverTime: async () => Date.now(),
    openPort: async () => {
      throw new BugError('a cluster of objects has no pods');
    },
    can: async (checks) => ({ checks: checks.map((one) => ({ ...one, allowed: true })) }),
    close: async () => {},
  };
}

function inVersion(object: KubeObject | undefined, apiVersion: string): KubeObject | undefined {
  return object === undefined ? undefined : { ...structuredClone(object), apiVersion };
}

function failure(reason: 'NotFound' | 'Conflict' | 'AlreadyExists', status: number, ref: ObjectRef): ClusterError {
  return new ClusterError({ reason, status, message: `${ref.kind} ${ref.namespace ?? ''}/${ref.name}: ${reason}`, ref });
}
