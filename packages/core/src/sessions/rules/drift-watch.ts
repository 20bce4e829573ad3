import type { Cluster } from '../../contracts/cluster.js';
import { isRecord, type KubeObject, metaOf, type ObjectQuery, refKey, refOf } from '../../model/object.js';

/** What routing is made of; pods and their kin change all the time and only say where it leads. */
const BESIDE = ['Pod', 'Node', 'Namespace', 'Endpoints', 'Secret', 'ConfigMap', 'ServiceAccount'];

/** One string for a stored state of an object: to tell our own writes from others'. */
export function versionKey(object: KubeObject): string {
  return `${refKey(refOf(object))}@${metaOf(object).resourceVersion ?? ''}`;
}

/** Who wrote an object last, by its managed fields; `unknown` where the server keeps none. */
export function lastManager(object: KubeObject): string {
  const meta = isRecord(object.metadata) ? object.metadata : {};
  const entries = Array.isArray(meta.managedFields) ? meta.managedFields.filter(isRecord) : [];
  const latest = entries.reduce<Record<string, unknown> | undefined>(
    (best, entry) => (best === undefined || String(entry.time ?? '') > String(best.time ?? '') ? entry : best),
    undefined,
  );
  return typeof latest?.manager === 'string' ? latest.manager : 'unknown';
}

export function routingQueries(queries: readonly ObjectQuery[]): readonly ObjectQuery[] {
  return queries.filter((query) => query.group !== 'discovery.k8s.io' && !(query.group === '' && BESIDE.includes(query.kind)));
}

/** Watches what routing is made of until the signal aborts, and tells every change after the first list that `isOurs` does not claim. */
export async function watchDrift(
  cluster: Cluster,
  queries: readonly ObjectQuery[],
  signal: AbortSignal,
  isOurs: (object: KubeObject) => boolean,
  onChange: (object: KubeObject) => void,
): Promise<void> {
  const one = async (query: ObjectQuery) => {
    let synced = false;
    for await (const event of cluster.watch(query, signal)) {
      if (event.type === 'synced') synced = true;
      // A deletion carries the last state that we may well have written, and is news all the same.
      else if (synced && event.object !== undefined && (event.type === 'deleted' || !isOurs(event.object))) onChange(event.object);
    }
  };
  await Promise.all(queries.map(one));
}
