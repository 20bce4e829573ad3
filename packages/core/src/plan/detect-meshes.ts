import type { Cluster } from '../contracts/cluster.js';
import type { Detection, MeshAdapter } from '../contracts/mesh-adapter.js';
import type { ObjectQuery } from '../model/object.js';
import { queryKey } from '../model/observed.js';

/**
 * Which meshes run in a cluster, with what gave each away; in the adapters' order, all of them: which one to use is the caller's
 * question. One discovery for all adapters. Throws `ClusterError` when the cluster cannot be asked.
 */
export async function detectMeshes(
  cluster: Cluster,
  adapters: readonly MeshAdapter[],
): Promise<readonly { readonly adapter: MeshAdapter; readonly detection: Detection }[]> {
  const queries = new Map<string, ObjectQuery>(adapters.flatMap(({ facts }) => facts.map((query) => [queryKey(query), query] as const)));
  const facts = await cluster.discover([...queries.values()]);
  return adapters.flatMap((adapter) => {
    const detection = adapter.detect(facts);
    return detection === undefined ? [] : [{ adapter, detection }];
  });
}
