import { createObjectCluster } from '@heddle/conformance';
import {
  type Cluster,
  groupOf,
  type KubeObject,
  type MeshAdapter,
  type MeshEnvironment,
  metaOf,
  type ObjectEdit,
  refOf,
} from '@heddle/core';

/** What says nothing of its age is as old as all others that say nothing, as recorded cases have it. */
const THEN = '2025-01-01T00:00:00Z';
/** When a plan is written: after everything in a case. */
const NOW = '2030-01-01T00:00:00Z';

export const clusterOf = (objects: readonly KubeObject[]): Cluster => createObjectCluster(objects.map((object) => aged(object, THEN)));

function aged(object: KubeObject, creationTimestamp: string): KubeObject {
  return metaOf(object).creationTimestamp === undefined
    ? { ...object, metadata: { ...(object.metadata as object), creationTimestamp } }
    : object;
}

/** Writes a plan's edits. Throws where the adapter makes an object that its own `validate` refuses. */
export async function writePlanned(
  cluster: Cluster,
  edits: readonly ObjectEdit[],
  adapter: Pick<MeshAdapter, 'validate'>,
  env: MeshEnvironment,
): Promise<void> {
  for (const edit of edits) {
    if (edit.op === 'delete') {
      await cluster.delete(edit.ref, edit);
      continue;
    }
    const [problem] = adapter.validate?.(edit.body, env) ?? [];
    if (problem !== undefined) throw new Error(`${edit.ref.kind} ${edit.ref.name} as it was planned: ${problem.message}`);
    if (edit.op === 'create') await cluster.create(aged(edit.body, NOW));
    else await cluster.replace(edit.body);
  }
}

/** All objects of the kinds that there were and that a plan makes, without what the server set apart from ages, which decide. */
export async function objectsIn(cluster: Cluster, given: readonly KubeObject[]): Promise<readonly KubeObject[]> {
  const made = ['VirtualService', 'DestinationRule'].map((kind) => ({ kind, group: 'networking.istio.io' }));
  const kinds = new Map(
    [...given.map((object) => ({ kind: refOf(object).kind, group: groupOf(refOf(object).apiVersion) })), ...made].map((one) => [
      `${one.group}/${one.kind}`,
      one,
    ]),
  );
  const lists = await Promise.all([...kinds.values()].map((query) => cluster.list(query)));
  return lists.flat().map(asWritten);
}

function asWritten(object: KubeObject): KubeObject {
  const { uid: _, resourceVersion: __, ...metadata } = object.metadata as Record<string, unknown>;
  return { ...object, metadata };
}
