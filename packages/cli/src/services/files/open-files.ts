import { groupOf, type KubeObject, type MeshAdapter, type ObjectRef, type Problem, type ResourceKind, refKey, refOf } from '@heddle/core';
import { cliError } from '../../errors/cli-error.js';
import type { Connection } from '../connections.js';
import { assumed } from './assume/assume.js';
import { fileCluster } from './file-cluster.js';
import { objectsIn } from './objects.js';
import { readSources } from './sources.js';
import type { Assume, FileSource, SourcedObject } from './types.js';

export interface OpenFilesDeps {
  readonly files: readonly string[];
  readonly namespace?: string;
  /** The mesh that --mesh names: it is taken to be there, whatever the files hold. */
  readonly mesh?: string;
  readonly readStdin: () => Promise<string>;
  readonly adapters: () => Promise<readonly MeshAdapter[]>;
  /** Fill in what the files leave out; without it they are taken to be complete. */
  readonly assume?: Assume;
}

/**
 * A connection to what files hold. What a mesh would refuse is left out of its cluster, and reported. Throws `file-unreadable`,
 * `file-syntax`, and `file-object` where there is no object at all.
 */
export async function openFiles(deps: OpenFilesDeps): Promise<Connection> {
  const adapters = await deps.adapters();
  const kinds = distinctKinds(adapters);
  const namespace = deps.namespace ?? 'default';
  const { objects, notes } = objectsIn(await readSources(deps.files, deps.readStdin), namespace, kinds);
  if (objects.length === 0) throw nothingThere(notes);
  const named = adapters.find(({ id }) => id === deps.mesh);
  const refused = refusedOf(objects, adapters);
  const out = keysOf(refused);
  const isOut = ({ object }: SourcedObject) => out.has(refKey(refOf(object)));
  const kept = objects.filter((one) => !isOut(one));
  const leftOut = objects.filter(isOut).map(({ object }) => object);
  const here = kept.map(({ object }) => object);
  const filled = deps.assume === undefined ? { objects: [], notes: [] } : assumed(here, adapters, deps.assume);
  const source: FileSource = { objects: kept, notes: [...notes, ...filled.notes], refused, leftOut, placeOf: placesOf(objects) };
  const all: readonly KubeObject[] = [...here, ...filled.objects];
  // An object that is refused shows all the same which mesh the files are for.
  const groups = new Set(objects.map(({ object }) => groupOf(refOf(object).apiVersion)));
  const serves = (group: string) => groups.has(group) || named?.kinds.some((kind) => kind.group === group) === true;
  const cluster = fileCluster(all, kinds, serves);
  return { cluster, context: 'files', namespace, flags: deps.files.map((file) => ` -f ${file}`).join(''), files: source };
}

/** An empty answer would be taken for a good one: a pipe whose first half failed is empty too. */
function nothingThere(notes: readonly string[]) {
  const [first] = notes;
  return cliError(
    'file-object',
    `There is no Kubernetes object in what -f names${first === undefined ? '' : ` (${first.replace(/\.$/, '')})`}.`,
    ['Name files of Kubernetes objects, as kubectl apply -f takes them; with -f -, see what the command before the pipe prints.'],
  );
}

function placesOf(objects: readonly SourcedObject[]): FileSource['placeOf'] {
  let byKey: ReadonlyMap<string, SourcedObject> | undefined;
  return (ref: ObjectRef, pointer?: string) => {
    byKey ??= new Map(objects.map((one) => [refKey(refOf(one.object)), one]));
    const one = byKey.get(refKey(ref));
    return pointer === undefined || pointer === '' ? one?.place : (one?.placeOf?.(pointer) ?? one?.place);
  };
}

/** Each adapter judges its own kinds, as it would know a mesh that has just these objects. */
export function refusedOf(objects: readonly SourcedObject[], adapters: readonly MeshAdapter[]) {
  const env = { served: {}, settings: {} };
  return adapters.flatMap((adapter) =>
    objects.flatMap(({ object }) =>
      (adapter.validate?.(object, env) ?? []).map((problem) => ({ ...problem, ref: problem.ref ?? refOf(object) })),
    ),
  );
}

/** The objects that problems are about, as `refKey` names them. */
export function keysOf(problems: readonly Problem[]): ReadonlySet<string> {
  return new Set(problems.flatMap(({ ref }) => (ref === undefined ? [] : [refKey(ref)])));
}

export function distinctKinds(adapters: readonly MeshAdapter[]): readonly ResourceKind[] {
  const found = new Map<string, ResourceKind>();
  for (const kind of adapters.flatMap((adapter) => adapter.kinds)) found.set(`${kind.group}|${kind.kind}`, kind);
  return [...found.values()];
}
