import type { Observed } from '../model/observed.js';
import { readAll } from '../plan/observe.js';
import type { MeshContext } from '../plan/types.js';
import { lintQueries } from './lint-mesh.js';

/** Reads what `lintMesh` looks at. A forbidden query is kept as unread; throws `ClusterError` for any other failure. */
export async function observeForLint(context: MeshContext): Promise<Observed> {
  return new Map(await readAll(context, lintQueries(context.adapter, context.env)));
}
