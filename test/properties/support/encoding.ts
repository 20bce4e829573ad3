import {
  type Change,
  type KubeObject,
  type MeshAdapter,
  type MeshEnvironment,
  metaOf,
  type ObjectEdit,
  type ObjectQuery,
  type Observed,
  observeObjects,
  type Planned,
  queryKey,
  refKey,
  refOf,
  simulate,
  type Target,
} from '@heddle/core';

/** A mesh's codec and the mesh that it is for. */
export interface Mesh {
  readonly adapter: MeshAdapter;
  readonly env: MeshEnvironment;
}

const ROUNDS = 5;

/** What core would read of a cluster with these objects; `of`: as they would be, which decides what is asked for. */
export function observed(
  { adapter, env }: Mesh,
  objects: readonly KubeObject[],
  target: Target,
  edits: readonly ObjectEdit[] = [],
): Observed {
  const queries = new Map<string, ObjectQuery>();
  let seen: Observed = new Map();
  for (let round = 0; round < ROUNDS; round += 1) {
    const known = queries.size;
    for (const query of adapter.reads(target, simulate(seen, edits), env)) queries.set(queryKey(query), query);
    if (queries.size === known) break;
    seen = observeObjects(objects, [...queries.values()]);
  }
  return seen;
}

export const decoded = (mesh: Mesh, objects: readonly KubeObject[], target: Target) =>
  mesh.adapter.decode(target, observed(mesh, objects, target), mesh.env);

/** As core does it: with all that the change touches, and what its edits lead to. */
export function encoded(mesh: Mesh, objects: readonly KubeObject[], change: Change): Planned<readonly ObjectEdit[]> {
  const { adapter, env } = mesh;
  const target = adapter.affects(change, observed(mesh, objects, { services: change.services }), env);
  const wide: Target = { ...target, services: [...change.services, ...target.services] };
  const first = adapter.encode(change, observed(mesh, objects, wide), env);
  return 'refused' in first ? first : adapter.encode(change, observed(mesh, objects, wide, first.ok), env);
}

/** The objects as a server would hold them after the edits. Throws for an edit of something else than what is there. */
export function applied(objects: readonly KubeObject[], edits: readonly ObjectEdit[]): readonly KubeObject[] {
  const state = new Map(objects.map((object) => [refKey(refOf(object)), object]));
  const written = new Set<string>();
  for (const edit of edits) {
    const key = refKey(edit.ref);
    const live = state.get(key);
    if (edit.op === 'create') {
      if (live !== undefined) throw new Error(`${key} is there already`);
      state.set(key, withMeta(edit.body, { uid: `made-${key}`, resourceVersion: '1', creationTimestamp: '2026-06-01T00:00:00Z' }));
      continue;
    }
    const { uid, resourceVersion } = metaOf(live);
    // What is edited twice is edited where the first edit left it.
    if (!written.has(key) && (uid !== edit.uid || resourceVersion !== edit.resourceVersion)) throw new Error(`${key}: conflict`);
    written.add(key);
    if (edit.op === 'delete') state.delete(key);
    else state.set(key, withMeta(edit.body, { resourceVersion: `${Number(resourceVersion) + 1}` }));
  }
  return [...state.values()];
}

/** As a server holds it, if nothing is known of that yet. */
export function stored(object: KubeObject): KubeObject {
  const key = refKey(refOf(object));
  return withMeta(object, {
    uid: `uid-${key}`,
    resourceVersion: '1',
    creationTimestamp: '2026-01-01T00:00:00Z',
    ...(object.metadata as object),
  });
}

function withMeta(object: KubeObject, more: object): KubeObject {
  return { ...object, metadata: { ...(object.metadata as object), ...more } };
}
