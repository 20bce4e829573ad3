import type { ObjectQuery } from '../model/object.js';
import { isKeptBack, type Observed, queryKey } from '../model/observed.js';
import { readAll } from '../plan/observe.js';
import type { MeshContext } from '../plan/types.js';
import { lintQueries } from './lint-mesh.js';

/**
 * Reads what `lintMesh` looks at. A forbidden query is kept as unread; where all namespaces may not be listed, those objects of `namespace`
 * are read that may be, under a query of their own. Throws `ClusterError` for any other failure.
 */
export async function observeForLint(context: MeshContext, namespace?: string): Promise<Observed> {
  const queries = lintQueries(context.adapter, context.env);
  const seen = new Map(await readAll(context, queries));
  if (namespace === undefined) return seen;
  const within = queries.filter((query) => isWide(context, query) && keptBack(query, seen)).map((query) => ({ ...query, namespace }));
  return new Map([...seen, ...(await readAll(context, within))]);
}

/** A kind that `lintMesh` looks at and that could not be listed as far as it wants. */
export interface UnreadKind {
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  /** The one namespace whose objects were read all the same. */
  readonly onlyIn?: string;
}

/** What `observeForLint` was refused. */
export function unreadKinds(
  { adapter, env }: Pick<MeshContext, 'adapter' | 'env'>,
  seen: Observed,
  namespace?: string,
): readonly UnreadKind[] {
  return lintQueries(adapter, env).flatMap((query) => {
    if (!keptBack(query, seen)) return [];
    const { group, kind } = query;
    const plural = adapter.kinds.find((one) => one.group === group && one.kind === kind)?.plural ?? `${kind.toLowerCase()}s`;
    const within = namespace === undefined ? undefined : seen.get(queryKey({ ...query, namespace }));
    return [
      { group, kind, plural, ...(namespace !== undefined && within !== undefined && 'objects' in within ? { onlyIn: namespace } : {}) },
    ];
  });
}

function keptBack(query: ObjectQuery, seen: Observed): boolean {
  const one = seen.get(queryKey(query));
  return one !== undefined && isKeptBack(one);
}

/** Asked for in all namespaces, of a kind that belongs to one. */
const isWide = ({ adapter }: MeshContext, { group, kind, namespace, name }: ObjectQuery): boolean =>
  namespace === undefined && name === undefined && adapter.kinds.some((one) => one.group === group && one.kind === kind && one.namespaced);
