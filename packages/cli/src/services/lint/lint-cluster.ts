import {
  type Cluster,
  clusterReason,
  type KubeObject,
  lintLeftovers,
  lintMesh,
  lintServices,
  lintStandingRoutes,
  type MeshContext,
  type Observed,
  observeForLint,
  observeObjects,
  type Problem,
  type UnreadKind,
  unreadKinds,
} from '@heddle/core';
import type { MeshChoice } from '../mesh-choice.js';

export const SERVICES_AND_PODS = ['Service', 'Pod'].map((kind) => ({ group: '', kind }));

/** What was found in a cluster, as far as it may be read. */
export interface FoundInCluster {
  readonly problems: readonly Problem[];
  /** How many were looked at. */
  readonly objects: number;
  /** What may not be read, for each kind once. */
  readonly unread: readonly UnreadKind[];
}

/** Looks at everything of each mesh; where `namespace` is set and all may not be read, at that one's objects. Without a mesh at Services. Throws `ClusterError`. */
export async function lintCluster(
  cluster: Cluster,
  choices: readonly Pick<MeshChoice, 'adapter' | 'env'>[],
  namespace: string | undefined,
): Promise<FoundInCluster> {
  if (choices.length === 0) return await lintServicesOf(cluster);
  const parts = await Promise.all(choices.map(({ adapter, env }) => lintMeshOf({ cluster, adapter, env }, namespace)));
  const unread = parts.flatMap((part) => part.unread);
  return {
    problems: parts.flatMap(({ problems }) => problems),
    objects: Math.max(0, ...parts.map(({ objects }) => objects)),
    unread: [...new Map(unread.map((one) => [`${one.group}|${one.kind}`, one])).values()],
  };
}

async function lintServicesOf(cluster: Cluster): Promise<FoundInCluster> {
  const objects = (await Promise.all(SERVICES_AND_PODS.map((query) => cluster.list(query)))).flat();
  return { problems: lintServices(observeObjects(objects, SERVICES_AND_PODS)), objects: objects.length, unread: [] };
}

async function lintMeshOf(mesh: MeshContext, namespace: string | undefined): Promise<FoundInCluster> {
  const { adapter, env } = mesh;
  const seen = await observeForLint(mesh, namespace);
  const objects = objectsIn(seen);
  const leftovers = await leftoversOf(mesh, seen, namespace);
  const problems = [
    ...objects.flatMap((object) => adapter.validate?.(object, env) ?? []),
    ...lintMesh(adapter, seen, env),
    ...lintServices(seen),
    ...leftovers.problems,
    ...(await lintStandingRoutes(mesh, namespace === undefined ? {} : { namespace })),
  ];
  return { problems, objects: objects.length, unread: [...unreadKinds(mesh, seen, namespace), ...leftovers.unread] };
}

const LEASE = { group: 'coordination.k8s.io', kind: 'Lease', plural: 'leases' };

/** Rules without a record: where records of all namespaces may not be listed, those of the one. */
async function leftoversOf(
  { cluster, adapter }: MeshContext,
  seen: Observed,
  namespace: string | undefined,
): Promise<Pick<FoundInCluster, 'problems' | 'unread'>> {
  const of = (scope?: string) => lintLeftovers(cluster, adapter, seen, scope).catch(undefinedWhereForbidden);
  const problems = await of();
  if (problems !== undefined) return { problems, unread: [] };
  const own = namespace === undefined ? undefined : await of(namespace);
  if (namespace === undefined || own === undefined) return { problems: [], unread: [LEASE] };
  return { problems: own, unread: [{ ...LEASE, onlyIn: namespace }] };
}

function undefinedWhereForbidden(error: unknown): undefined {
  if (clusterReason(error) !== 'Forbidden') throw error;
}

const objectsIn = (seen: Observed): readonly KubeObject[] => [...seen.values()].flatMap((one) => ('objects' in one ? one.objects : []));
