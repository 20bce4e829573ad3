import { type MeshAdapter, type ObjectRef, type ResourceKind, refKey, refOf } from '@heddle/core';
import type { Connection } from '../connections.js';
import { fileCluster } from './file-cluster.js';
import { objectsIn } from './objects.js';
import { readSources } from './sources.js';
import type { FileSource, SourcedObject } from './types.js';

export interface OpenFilesDeps {
  readonly files: readonly string[];
  readonly namespace?: string;
  /** The mesh that --mesh names: it is taken to be there, whatever the files hold. */
  readonly mesh?: string;
  readonly readStdin: () => string;
  readonly adapters: () => Promise<readonly MeshAdapter[]>;
}

/** A connection to what files hold. What a mesh would refuse is left out of its cluster, and reported. */
export async function openFiles(deps: OpenFilesDeps): Promise<Connection> {
  const adapters = await deps.adapters();
  const kinds = distinctKinds(adapters);
  const namespace = deps.namespace ?? 'default';
  const { objects, notes } = objectsIn(readSources(deps.files, deps.readStdin), namespace, kinds);
  const named = adapters.find(({ id }) => id === deps.mesh);
  const refused = refusedOf(objects, adapters);
  const out = new Set(refused.flatMap(({ ref }) => (ref === undefined ? [] : [refKey(ref)])));
  const kept = objects.filter(({ object }) => !out.has(refKey(refOf(object))));
  const places = new Map(objects.map(({ object, place }) => [refKey(refOf(object)), place]));
  const source: FileSource = { objects: kept, notes, refused, placeOf: (ref: ObjectRef) => places.get(refKey(ref)) };
  const cluster = fileCluster(
    kept.map(({ object }) => object),
    kinds,
    (group) => named?.kinds.some((kind) => kind.group === group) === true,
  );
  return { cluster, context: 'files', namespace, flags: deps.files.map((file) => ` -f ${file}`).join(''), files: source };
}

/** Each adapter judges its own kinds, as it would know a mesh that has just these objects. */
function refusedOf(objects: readonly SourcedObject[], adapters: readonly MeshAdapter[]) {
  const env = { served: {}, settings: {} };
  return adapters.flatMap((adapter) =>
    objects.flatMap(({ object }) =>
      (adapter.validate?.(object, env) ?? []).map((problem) => ({ ...problem, ref: problem.ref ?? refOf(object) })),
    ),
  );
}

function distinctKinds(adapters: readonly MeshAdapter[]): readonly ResourceKind[] {
  const found = new Map<string, ResourceKind>();
  for (const kind of adapters.flatMap((adapter) => adapter.kinds)) found.set(`${kind.group}|${kind.kind}`, kind);
  return [...found.values()];
}
