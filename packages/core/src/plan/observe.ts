import type { Decoded } from '../contracts/mesh-adapter.js';
import { BugError } from '../errors/bug-error.js';
import { clusterReason } from '../errors/cluster-error.js';
import { describeService, type Target } from '../model/change.js';
import { groupOf, type KubeObject, type ObjectQuery } from '../model/object.js';
import { type Observation, type Observed, queryKey } from '../model/observed.js';
import { withAssumed } from './simulate.js';
import type { MeshContext, PlanOptions } from './types.js';

/** Rounds of `reads`: what one round shows may ask for more (delegates, root and client namespaces), but not for ever. */
const MAX_ROUNDS = 5;
/** Requests under way at once: enough to hide latency, few enough for the API server's flow control. */
const PARALLEL = 8;

/**
 * Reads what the adapter wants to see for a target, on top of `known`. A forbidden query is kept as unread 'forbidden', a kind that
 * the cluster does not serve as 'no such kind'.
 * Throws `ClusterError` for any other failure, `BugError` when the adapter still asks for more after five rounds.
 */
export async function observe(
  context: MeshContext,
  target: Target,
  options: PlanOptions & { readonly known?: Observed } = {},
): Promise<Observed> {
  let seen: Observed = options.known ?? new Map();
  for (let round = 0; ; round += 1) {
    const wanted = newQueries(context.adapter.reads(target, seen, context.env), seen);
    if (wanted.length === 0) return seen;
    if (round === MAX_ROUNDS) throw endless(context, target, wanted);
    seen = withAssumed(new Map([...seen, ...(await readAll(context, wanted))]), options.assume ?? []);
  }
}

/** What the mesh does today with requests for a target: for `route show`, `explain` and the like. */
export async function decodeTarget(context: MeshContext, target: Target): Promise<{ seen: Observed; decoded: Decoded }> {
  const seen = await observe(context, target);
  return { seen, decoded: context.adapter.decode(target, seen, context.env) };
}

function newQueries(queries: readonly ObjectQuery[], seen: Observed): readonly ObjectQuery[] {
  const wanted = new Map(queries.map((query) => [queryKey(query), query]));
  return [...wanted].filter(([key]) => !seen.has(key)).map(([, query]) => query);
}

/** Answers queries, a few at once. Throws `ClusterError` but for what is forbidden or not served, which is unread. */
export async function readAll(context: MeshContext, queries: readonly ObjectQuery[]): Promise<readonly (readonly [string, Observation])[]> {
  const results: (readonly [string, Observation])[] = [];
  const waiting = [...queries];
  const worker = async () => {
    for (let query = waiting.shift(); query !== undefined; query = waiting.shift()) {
      results.push([queryKey(query), await read(context, query)]);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  return results;
}

async function read({ cluster, env }: MeshContext, query: ObjectQuery): Promise<Observation> {
  const served = env.served[query.kind];
  const apiVersion = served !== undefined && groupOf(served) === query.group ? { apiVersion: served } : {};
  try {
    const objects: readonly KubeObject[] = await cluster.list(query, apiVersion);
    return { objects };
  } catch (error) {
    const reason = clusterReason(error);
    if (reason === 'Forbidden') return { unread: 'forbidden' };
    if (reason === 'NoSuchKind' || reason === 'NotFound') return { unread: 'no such kind' };
    throw error;
  }
}

function endless({ adapter }: MeshContext, target: Target, wanted: readonly ObjectQuery[]): BugError {
  const services = [...target.services.map(describeService), ...(target.hosts ?? [])].join(', ');
  const more = wanted.map(queryKey).join(', ');
  return new BugError(`adapter ${adapter.id} asks for more to read after ${MAX_ROUNDS} rounds for ${services}: ${more}`);
}
