import type { Cluster } from '../../contracts/cluster.js';
import { isRecord, type KubeObject, metaOf, type ObjectQuery, type ObjectRef, refKey, refOf } from '../../model/object.js';
import { type Observed, queryKey } from '../../model/observed.js';
import { contentHash } from '../../plan/content-hash.js';

/** What routing is made of; pods and their kin change all the time and only say where it leads. */
const BESIDE = ['Pod', 'Node', 'Namespace', 'Endpoints', 'Secret', 'ConfigMap', 'ServiceAccount'];

const UNKNOWN = 'somebody';

export interface ForeignChange {
  readonly ref: ObjectRef;
  /** The field manager. */
  readonly by: string;
}

/** One string for a stored state of an object: to tell our own writes from others'. */
export function versionKey(object: KubeObject): string {
  return `${refKey(refOf(object))}@${metaOf(object).resourceVersion ?? ''}`;
}

/** Who wrote an object last, by its managed fields; where the server keeps none, as for a deletion, nobody can tell. */
export function lastManager(object: KubeObject): string {
  const meta = isRecord(object.metadata) ? object.metadata : {};
  const entries = Array.isArray(meta.managedFields) ? meta.managedFields.filter(isRecord) : [];
  const latest = entries.reduce<Record<string, unknown> | undefined>(
    (best, entry) => (best === undefined || String(entry.time ?? '') > String(best.time ?? '') ? entry : best),
    undefined,
  );
  return typeof latest?.manager === 'string' ? latest.manager : UNKNOWN;
}

/** What routing can depend on: status and the server's own bookkeeping are left out. */
function essence(object: KubeObject): unknown {
  const { status: _status, metadata: _metadata, ...content } = object;
  const { labels, annotations, deletionTimestamp } = metaOf(object);
  return { ...content, labels, annotations, deletionTimestamp };
}

export function routingQueries(queries: readonly ObjectQuery[]): readonly ObjectQuery[] {
  return queries.filter((query) => query.group !== 'discovery.k8s.io' && !(query.group === '' && BESIDE.includes(query.kind)));
}

/**
 * Watches what routing is made of until the signal aborts, and tells every change that `isOurs` does not claim: since `known` was seen, so
 * that none is missed before the first list has come.
 */
export async function watchDrift(
  cluster: Cluster,
  queries: readonly ObjectQuery[],
  signal: AbortSignal,
  known: Observed,
  isOurs: (object: KubeObject) => boolean,
  onChange: (change: ForeignChange) => void,
): Promise<void> {
  const one = async (query: ObjectQuery) => {
    const contents = new Map<string, string>();
    const unlisted = new Map<string, ObjectRef>();
    for (const object of objectsMatching(known, query)) {
      contents.set(refKey(refOf(object)), contentHash(essence(object)));
      unlisted.set(refKey(refOf(object)), refOf(object));
    }
    for await (const { type, object } of cluster.watch(query, signal)) {
      if (type === 'synced') {
        for (const ref of unlisted.values()) onChange({ ref, by: UNKNOWN });
        unlisted.clear();
      }
      if (object === undefined) continue;
      const key = refKey(refOf(object));
      unlisted.delete(key);
      const content = type === 'deleted' ? undefined : contentHash(essence(object));
      const same = contents.get(key) === content;
      if (content === undefined) contents.delete(key);
      else contents.set(key, content);
      // A relist tells everything again, and a deletion carries a state that we may well have written ourselves.
      if (!same && (type === 'deleted' || !isOurs(object)))
        onChange({ ref: refOf(object), by: type === 'deleted' ? UNKNOWN : lastManager(object) });
    }
  };
  await Promise.all(queries.map(one));
}

function objectsMatching(seen: Observed, query: ObjectQuery): readonly KubeObject[] {
  const found = seen.get(queryKey(query));
  return found !== undefined && 'objects' in found ? found.objects : [];
}
