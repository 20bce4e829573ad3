import {
  type Cluster,
  type ClusterFacts,
  groupOf,
  type KubeObject,
  matchesQuery,
  type ObjectQuery,
  queryKey,
  type ResourceKind,
  refKey,
  refOf,
} from '@heddle/core';
import { cliError } from '../../errors/cli-error.js';

/**
 * Objects from files as a cluster to be read: it holds exactly these, whatever the kind. A mesh's kinds are served where an object of
 * their group is there, or where `serves` says so. Whatever would change it or reach into it throws `files-only`.
 */
export function fileCluster(objects: readonly KubeObject[], kinds: readonly ResourceKind[], serves: (group: string) => boolean): Cluster {
  const byKind = new Map<string, KubeObject[]>();
  const byRef = new Map<string, KubeObject>();
  for (const object of objects) {
    const ref = refOf(object);
    const key = `${groupOf(ref.apiVersion)}|${ref.kind}`;
    const same = byKind.get(key);
    if (same === undefined) byKind.set(key, [object]);
    else same.push(object);
    byRef.set(refKey(ref), object);
  }
  const groups = new Set(['', ...objects.map((object) => groupOf(refOf(object).apiVersion))]);
  const list = (query: ObjectQuery) => (byKind.get(`${query.group}|${query.kind}`) ?? []).filter((object) => matchesQuery(object, query));
  const never = async () => {
    throw cliError('files-only', 'These objects come from files: there is no cluster to change or to reach.', ['Leave -f away.']);
  };
  return {
    name: 'files',
    discover: async (queries = []): Promise<ClusterFacts> => ({
      version: '',
      served: kinds.filter(({ group }) => groups.has(group) || serves(group)),
      seen: new Map(queries.map((query) => [queryKey(query), { objects: list(query) }])),
    }),
    get: async (ref) => byRef.get(refKey(ref)),
    list: async (query) => list(query),
    // biome-ignore lint/correctness/useYield: files do not change, so nothing is ever watched
    watch: async function* () {
      await never();
    },
    create: never,
    replace: never,
    delete: never,
    serverTime: async () => Date.now(),
    openPort: never,
    can: never,
    close: async () => {},
  };
}
