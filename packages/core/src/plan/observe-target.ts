import type { MeshAdapter, MeshEnvironment } from '../contracts/mesh-adapter.js';
import type { Target } from '../model/change.js';
import type { KubeObject } from '../model/object.js';
import { type Observation, type Observed, observeObjects, queryKey } from '../model/observed.js';

/** As many as core makes of a cluster. */
const ROUNDS = 5;

/** What `observe` reads for a target, of a cluster that holds exactly these objects. */
export function observeTarget(
  { adapter, env }: { readonly adapter: Pick<MeshAdapter, 'reads'>; readonly env: MeshEnvironment },
  target: Target,
  objects: readonly KubeObject[],
): Observed {
  const seen = new Map<string, Observation>();
  for (let round = 0; round < ROUNDS; round += 1) {
    const queries = adapter.reads(target, seen, env).filter((query) => !seen.has(queryKey(query)));
    if (queries.length === 0) break;
    for (const [key, observation] of observeObjects(objects, queries)) seen.set(key, observation);
  }
  return seen;
}
