import {
  type Cluster,
  isSupported,
  type KubeObject,
  type MeshAdapter,
  type MeshEnvironment,
  type ObjectQuery,
  type Problem,
  queryKey,
  refKey,
  refOf,
  type TestRequest,
} from '@heddle/core';
import { cliInputError } from '../../errors/cli-error.js';
import type { Connection, Connections } from '../connections.js';
import { podsOfWorkloads } from '../files/assume/workload-pods.js';
import { fileCluster } from '../files/file-cluster.js';
import { distinctKinds, keysOf, refusedOf } from '../files/open-files.js';
import type { SourcedObject } from '../files/types.js';
import type { DetectMeshes } from '../mesh-choice/installed-adapters.js';
import type { MeshChooser } from '../mesh-choice.js';
import { type CaseObjects, createCaseObjects } from './case-objects.js';
import { type Decoding, decodeRequests } from './decode-requests.js';
import type { LoadedCase } from './types.js';

/** Objects and the mesh that routes by them: what the requests of a case are asked of. */
export interface World {
  readonly connection: Connection;
  readonly adapter: MeshAdapter;
  readonly env: MeshEnvironment;
  readonly mesh: string;
  /** What labels of outcomes say in a record. */
  readonly labels: 'subset' | 'pods';
  /** Whether Pods go by the same names next time: not those of a cluster, and not those that stand for a workload. */
  readonly lastingPods: boolean;
  readonly refused: readonly Problem[];
  /** What is decoded once, for all requests that are asked of it; absent where it is of one case. */
  readonly whole?: () => Promise<Decoding>;
}

export interface WorldDeps {
  readonly connections: Connections;
  readonly meshes: MeshChooser;
  readonly adapters: () => Promise<readonly MeshAdapter[]>;
  readonly detect: DetectMeshes;
  /** `--mesh`: for cases that do not say. */
  readonly mesh?: string;
  readonly namespace?: string;
  /** Whether -f was given: its objects are part of every case's. */
  readonly shared: boolean;
}

/** The worlds of a run's cases; what several cases have in common is read once. Throws user errors about a case's objects or mesh. */
export function createWorlds(deps: WorldDeps, cases: readonly LoadedCase[]): (file: string, one: LoadedCase) => Promise<World> {
  const known = new Map<string, Promise<World>>();
  const asked = cases.filter((one) => !bringsObjects(one)).flatMap(({ test }) => test.requests);
  const once = (key: string, make: () => Promise<World>) => {
    const world = known.get(key) ?? make().then((made) => decodedOnce(made, asked));
    known.set(key, world);
    return world;
  };
  let reader: CaseObjects | undefined;
  return async (file, one) => {
    const { test } = one;
    const mesh = test.mesh ?? deps.mesh;
    const own = bringsObjects(one);
    if (!own && !deps.shared) return once(`cluster ${mesh}`, () => liveWorld(deps, mesh));
    const adapters = await deps.adapters();
    reader ??= createCaseObjects(distinctKinds(adapters), deps.namespace ?? 'default');
    const read = reader;
    const make = async () => {
      const shared = deps.shared ? await deps.connections.open() : undefined;
      return fileWorld(deps, adapters, mesh, shared, own ? read(file, one) : []);
    };
    return own ? make() : once(`files ${mesh}`, make);
  };
}

const bringsObjects = ({ test }: LoadedCase): boolean => test.objects !== undefined || test.files.length > 0;

function decodedOnce(world: World, requests: readonly TestRequest[]): World {
  let decoding: Promise<Decoding> | undefined;
  return {
    ...world,
    whole: () => {
      decoding ??= decodeRequests(world, requests);
      return decoding;
    },
  };
}

async function liveWorld(deps: WorldDeps, mesh: string | undefined): Promise<World> {
  const connection = await deps.connections.open();
  const chosen =
    mesh === undefined || mesh === 'auto'
      ? await deps.meshes.choose(connection)
      : (await deps.meshes.all(connection)).find(({ adapter }) => adapter.id === mesh);
  if (chosen === undefined) throw meshNotThere(mesh ?? '', connection.cluster.name);
  const { adapter, env, title } = chosen;
  const reading = { ...connection, cluster: readOnce(connection.cluster) };
  return { connection: reading, adapter, env, mesh: title, labels: labelsIn(adapter, env), lastingPods: false, refused: [] };
}

/** Objects are complete as they stand; workloads stand for their Pods. What the mesh would refuse is left out. */
async function fileWorld(
  deps: WorldDeps,
  adapters: readonly MeshAdapter[],
  mesh: string | undefined,
  shared: Connection | undefined,
  own: readonly SourcedObject[],
): Promise<World> {
  const named = mesh === undefined || mesh === 'auto' ? undefined : adapters.find(({ id }) => id === mesh);
  if (named === undefined && mesh !== undefined && mesh !== 'auto') throw unknownMesh(mesh, adapters);
  const refused = refusedOf(own, adapters);
  const kept = new Map([...(shared?.files?.objects ?? []), ...own].map(({ object }) => [refKey(refOf(object)), object]));
  for (const key of keysOf(refused)) kept.delete(key);
  const objects: readonly KubeObject[] = [...kept.values()];
  const pods = podsOfWorkloads(objects).objects;
  const cluster = fileCluster(
    [...objects, ...pods],
    distinctKinds(adapters),
    (group) => named?.kinds.some((kind) => kind.group === group) === true,
  );
  const found = await deps.detect(cluster, named === undefined ? adapters : [named]);
  const [first, second] = found;
  if (first === undefined || second !== undefined)
    throw unclearMesh(
      found.map(({ adapter }) => adapter.id),
      adapters,
    );
  const { adapter, detection } = first;
  return {
    connection: { cluster, context: 'files', namespace: deps.namespace ?? shared?.namespace ?? 'default', flags: shared?.flags ?? '' },
    adapter,
    env: detection.environment,
    mesh: detection.title ?? adapter.title,
    labels: labelsIn(adapter, detection.environment),
    lastingPods: pods.length === 0,
    refused: [...(shared?.files?.refused ?? []), ...refused],
  };
}

/** Where versions are subsets these have labels of their own; elsewhere the Pods' tell the version. */
function labelsIn(adapter: MeshAdapter, env: MeshEnvironment): World['labels'] {
  return isSupported(adapter.capabilities(env), 'to.subset') ? 'subset' : 'pods';
}

/** Cases ask for the same things again and again; during a run they are taken not to change. */
function readOnce(cluster: Cluster): Cluster {
  const known = new Map<string, Promise<readonly KubeObject[]>>();
  return {
    ...cluster,
    list: (query: ObjectQuery, options) => {
      const key = `${queryKey(query)}|${options?.apiVersion ?? ''}`;
      const answer = known.get(key) ?? cluster.list(query, options);
      known.set(key, answer);
      return answer;
    },
  };
}

function unknownMesh(mesh: string, adapters: readonly MeshAdapter[]) {
  const ids = adapters.map(({ id }) => id).join(', ');
  return cliInputError('test-mesh', { path: 'mesh', expected: `one of ${ids}`, received: mesh });
}

function unclearMesh(found: readonly string[], adapters: readonly MeshAdapter[]) {
  const ids = adapters.map(({ id }) => id).join(' or ');
  const received = found.length === 0 ? 'objects of no mesh' : `objects of ${found.join(' and ')}`;
  return cliInputError('test-mesh', { path: 'mesh', expected: `which mesh it is (mesh: ${ids}), where the objects do not tell`, received });
}

function meshNotThere(mesh: string, cluster: string) {
  return cliInputError('test-mesh', { path: 'mesh', expected: `a mesh that cluster ${cluster} runs`, received: mesh });
}
