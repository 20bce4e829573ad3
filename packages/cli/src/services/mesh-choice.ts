import type { Cluster, Detection, MeshAdapter, MeshEnvironment, UserError } from '@heddle/core';
import { cliError } from '../errors/cli-error.js';
import { type Catalogue, findPart, partsOf } from '../plugins/catalogue.js';
import { type ImportModule, loadAdapter } from '../plugins/load-part.js';
import type { Output } from '../terminal/output.js';
import type { Connection } from './connections.js';

export interface MeshChoice {
  readonly adapter: MeshAdapter;
  readonly env: MeshEnvironment;
  /** What gave the mesh away. */
  readonly because: string;
  readonly title: string;
  /** Who decided. */
  readonly chosenBy: 'flag' | 'config' | 'detection';
}

export interface MeshChooser {
  /** The mesh to work on: flag, then configuration, then detection. */
  choose(connection: Connection): Promise<MeshChoice>;
  /** Every mesh that is there: for clean-up, which asks no questions. */
  all(connection: Connection): Promise<readonly MeshChoice[]>;
}

export type DetectMeshes = (
  cluster: Cluster,
  adapters: readonly MeshAdapter[],
) => Promise<readonly { readonly adapter: MeshAdapter; readonly detection: Detection }[]>;

export interface MeshChooserDeps {
  readonly flag?: string;
  readonly configured: string;
  readonly catalogue: Catalogue;
  readonly importModule: ImportModule;
  readonly detect: DetectMeshes;
  readonly output: Output;
}

const AUTO = 'auto';

export function createMeshChooser(deps: MeshChooserDeps): MeshChooser {
  const detectOne = async (connection: Connection, id: string, chosenBy: 'flag' | 'config') => {
    const adapter = await loadAdapter(findPart(deps.catalogue, 'adapter', id), deps.importModule);
    const [found] = await deps.detect(connection.cluster, [adapter]);
    if (found === undefined)
      throw notFound(connection, [adapter], [], `${chosenBy === 'flag' ? '--mesh' : 'The configuration'} says ${id}`);
    return choiceOf(found, connection, chosenBy);
  };
  return {
    choose: async (connection) => {
      if (deps.flag !== undefined && deps.flag !== AUTO) return detectOne(connection, deps.flag, 'flag');
      const configured = deps.flag === AUTO ? AUTO : (connection.entry?.mesh ?? deps.configured);
      if (configured !== AUTO) return detectOne(connection, configured, 'config');
      const { adapters, broken } = await loadAll(deps);
      const [first, second] = await deps.detect(connection.cluster, adapters);
      if (first === undefined) throw notFound(connection, adapters, broken);
      if (second !== undefined) throw ambiguous(connection, first, second);
      return choiceOf(first, connection, 'detection');
    },
    all: async (connection) => {
      const { adapters } = await loadAll(deps);
      const found = await deps.detect(connection.cluster, adapters);
      return found.map((each) => choiceOf(each, connection, 'detection'));
    },
  };
}

/** Loads every adapter; one that does not load is warned of and left out. Two packages with one id stop everything. */
async function loadAll(deps: MeshChooserDeps): Promise<{ adapters: readonly MeshAdapter[]; broken: readonly UserError[] }> {
  const parts = partsOf(deps.catalogue, 'adapter');
  for (const part of parts) findPart(deps.catalogue, 'adapter', part.id);
  const adapters: MeshAdapter[] = [];
  const broken: UserError[] = [];
  for (const part of parts) {
    try {
      adapters.push(await loadAdapter(part, deps.importModule));
    } catch (error) {
      const known = error as UserError;
      broken.push(known);
      deps.output.warn(known.message);
    }
  }
  return { adapters, broken };
}

function choiceOf(
  { adapter, detection }: { adapter: MeshAdapter; detection: Detection },
  connection: Connection,
  chosenBy: MeshChoice['chosenBy'],
): MeshChoice {
  const { environment, because, title } = detection;
  const env = { ...environment, settings: { ...environment.settings, ...connection.entry?.options } };
  return { adapter, env, because, title: title ?? adapter.title, chosenBy };
}

function notFound(connection: Connection, adapters: readonly MeshAdapter[], broken: readonly UserError[], who?: string): UserError {
  const looked = adapters.map((adapter) => `${adapter.title} (${kindsOf(adapter)})`).join('; ') || 'nothing, since no adapter is installed';
  const message =
    who === undefined
      ? `No mesh that an installed adapter knows was found in cluster ${connection.cluster.name}; looked for ${looked}.`
      : `${who}, but that mesh was not found in cluster ${connection.cluster.name}; looked for ${looked}.`;
  return cliError('mesh-not-found', message, [
    'Check that it is the right cluster: heddle clusters',
    who === undefined ? 'See which adapters are installed: heddle adapters' : 'Let heddle look for the mesh: --mesh auto',
    ...(broken.length === 0 ? [] : ['Repair the adapter that the warning names.']),
  ]);
}

function ambiguous(connection: Connection, first: { adapter: MeshAdapter; detection: Detection }, second: typeof first): UserError {
  const describe = ({ adapter, detection }: typeof first) => `${adapter.id} (${detection.because})`;
  return cliError('mesh-ambiguous', `Cluster ${connection.cluster.name} runs two meshes: ${describe(first)} and ${describe(second)}.`, [
    `Say which: --mesh ${first.adapter.id} or --mesh ${second.adapter.id}`,
    `Say it in the configuration: clusters: {…: {context: ${connection.context}, mesh: ${first.adapter.id}}}`,
  ]);
}

function kindsOf(adapter: MeshAdapter): string {
  const kinds = adapter.kinds.filter(({ group }) => group.includes('.') && !group.endsWith('.k8s.io'));
  return kinds.map(({ kind, group }) => `${kind}.${group}`).join(', ') || adapter.kinds.map(({ kind }) => kind).join(', ');
}
