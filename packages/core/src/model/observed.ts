import { groupOf, isRecord, type KubeObject, metaOf, type ObjectQuery, refKey, refOf } from './object.js';

/** The result of one query: its objects, or why there are none to look at. */
export type Observation = { readonly objects: readonly KubeObject[] } | { readonly unread: string };

/**
 * What was seen of a cluster, keyed by `queryKey(query)`. An `unread` answer ('forbidden', 'no such kind',
 * or a reason in words) must become a gap or a refusal, never an empty list.
 */
export type Observed = ReadonlyMap<string, Observation>;

export function queryKey(query: ObjectQuery): string {
  return [query.group, query.kind, query.namespace ?? '*', query.name ?? '*', query.labelSelector ?? ''].join('|');
}

/** What `queryKey` was made of. */
function queryOf(key: string): ObjectQuery {
  const [group = '', kind = '', namespace = '*', name = '*', labelSelector = ''] = key.split('|');
  return {
    ...{ group, kind },
    ...(namespace === '*' ? {} : { namespace }),
    ...(name === '*' ? {} : { name }),
    ...(labelSelector === '' ? {} : { labelSelector }),
  };
}

/** What was asked for of kinds that the cluster has, answered or not. */
export function queriesIn(seen: Observed): readonly ObjectQuery[] {
  return [...seen].filter(([, one]) => 'objects' in one || isKeptBack(one)).map(([key]) => queryOf(key));
}

/** All seen objects of a kind, each once, whichever query brought it. */
export function objectsOf(seen: Observed, group: string, kind: string): readonly KubeObject[] {
  const found = new Map<string, KubeObject>();
  for (const observation of seen.values()) {
    if (!('objects' in observation)) continue;
    for (const object of observation.objects) {
      if (object.kind !== kind) continue;
      const ref = refOf(object);
      if (groupOf(ref.apiVersion) === group) found.set(refKey(ref), object);
    }
  }
  return [...found.values()];
}

/**
 * Whether every query for a kind was answered, or the cluster has no such kind: where rights were missing, what is not there may exist all
 * the same.
 */
export function wasRead(seen: Observed, group: string, kind: string): boolean {
  return [...seen].every(([key, one]) => !key.startsWith(`${group}|${kind}|`) || !isKeptBack(one));
}

/** Whether an answer was kept back, and not because the cluster has no such kind. */
export const isKeptBack = (one: Observation): boolean => 'unread' in one && one.unread !== 'no such kind';

/** Why a query brought nothing: `undefined` when it was answered, 'not asked' when it never was made. */
export function unreadReason(seen: Observed, query: ObjectQuery): string | undefined {
  const observation = seen.get(queryKey(query));
  if (observation === undefined) return 'not asked';
  return 'unread' in observation ? observation.unread : undefined;
}

/** Whether an object belongs to a query's result (label selectors of the form `a=b,c=d`). */
export function matchesQuery(object: unknown, query: ObjectQuery): boolean {
  if (!isRecord(object)) return false;
  const ref = refOf(object);
  if (ref.kind !== query.kind || groupOf(ref.apiVersion) !== query.group) return false;
  if (query.namespace !== undefined && ref.namespace !== query.namespace) return false;
  if (query.name !== undefined && ref.name !== query.name) return false;
  if (query.labelSelector === undefined || query.labelSelector === '') return true;
  const { labels } = metaOf(object);
  return query.labelSelector.split(',').every((term) => {
    const [key = '', value] = term.split('=');
    return value === undefined ? key in labels : labels[key] === value;
  });
}

/** Answers queries from a fixed set of objects, as a cluster that holds exactly these would. */
export function observeObjects(objects: readonly KubeObject[], queries: readonly ObjectQuery[]): Observed {
  return new Map(queries.map((query) => [queryKey(query), { objects: objects.filter((object) => matchesQuery(object, query)) }]));
}
