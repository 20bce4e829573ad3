import type { Detection, MeshAdapter, MeshEnvironment } from '@heddle/core';
import { findPart } from '../plugins/catalogue.js';
import { loadAdapter } from '../plugins/load-part.js';
import type { Connection } from './connections.js';
import { filesAmbiguous, filesWithoutMesh, meshOfDumpedPods } from './files/mesh-of-files.js';
import { type AdapterDeps, detectAll, loadAdapters } from './mesh-choice/installed-adapters.js';
import { type MeshSearch, meshAmbiguous, meshNotFound } from './mesh-choice/mesh-errors.js';
import { meshOfPods } from './mesh-choice/mesh-of-pods.js';
import { type MeshTarget, namespaceSetting, optionsFor } from './mesh-choice/mesh-setting.js';

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
  /** The mesh that a service, or the connection's namespace, is in: flag, then configuration, then detection. */
  choose(connection: Connection, service?: string): Promise<MeshChoice>;
  /** Every mesh that is there: for clean-up, which asks no questions. */
  all(connection: Connection): Promise<readonly MeshChoice[]>;
}

export interface MeshChooserDeps extends AdapterDeps {
  readonly flag?: string;
  readonly configured: string;
}

const AUTO = 'auto';

export function createMeshChooser(deps: MeshChooserDeps): MeshChooser {
  const named = async (connection: Connection, target: MeshTarget, id: string, chosenBy: 'flag' | 'config', says: string) => {
    const adapter = await loadAdapter(
      findPart(deps.catalogue, 'adapter', id, ['Let heddle look for the mesh: --mesh auto']),
      deps.importModule,
    );
    const [found] = await deps.detect(connection.cluster, [adapter]);
    if (found !== undefined) return choiceOf(found, connection, target, chosenBy);
    const { adapters, broken } = await loadAdapters(deps, id);
    const others = await detectAll(deps, connection.cluster, adapters);
    throw meshNotFound({
      ...(await searchIn(connection)),
      adapters: [adapter],
      others,
      broken: broken.length > 0,
      named: `${says} says ${id}`,
    });
  };
  const detected = async (connection: Connection, target: MeshTarget) => {
    const { cluster } = connection;
    const { adapters, broken } = await loadAdapters(deps);
    const candidates = await detectAll(deps, cluster, adapters);
    const [first, second] = candidates;
    const { files } = connection;
    if (first === undefined && files !== undefined) throw filesWithoutMesh(files, adapters);
    if (first === undefined) throw meshNotFound({ ...(await searchIn(connection)), adapters, others: [], broken: broken.length > 0 });
    if (second === undefined) return choiceOf(first, connection, target, 'detection');
    if (files !== undefined) {
      const shown = meshOfDumpedPods(files, candidates);
      if (shown === undefined) throw filesAmbiguous(files, candidates);
      return choiceOf(shown, connection, target, 'detection');
    }
    const presence = await meshOfPods(cluster, candidates, target);
    if ('unclear' in presence) throw meshAmbiguous({ connection, target, unclear: presence.unclear }, candidates);
    const choice = choiceOf(presence.candidate, connection, target, 'detection');
    return { ...choice, because: `${choice.because}; ${presence.because}` };
  };
  return {
    choose: async (connection, service) => {
      const { entry, namespace } = connection;
      const target: MeshTarget = { namespace, ...(service === undefined ? {} : { service }) };
      if (deps.flag !== undefined && deps.flag !== AUTO) return named(connection, target, deps.flag, 'flag', '--mesh');
      const setting = namespaceSetting(entry, target);
      // Files tell their mesh by what they hold; a configured default is about clusters.
      const configured = setting?.mesh ?? entry?.mesh ?? (connection.files === undefined ? deps.configured : AUTO);
      if (deps.flag === AUTO || configured === AUTO) return detected(connection, target);
      const says = setting === undefined ? 'The configuration' : `The configuration for ${setting.key}`;
      return named(connection, target, configured, 'config', says);
    },
    all: async (connection) => {
      const { adapters } = await loadAdapters(deps);
      const found = await detectAll(deps, connection.cluster, adapters);
      return found.map((each) => choiceOf(each, connection, { namespace: connection.namespace }, 'detection'));
    },
  };
}

async function searchIn({ cluster }: Connection): Promise<Pick<MeshSearch, 'cluster' | 'served'>> {
  return { cluster: cluster.name, served: (await cluster.discover()).served };
}

function choiceOf(
  { adapter, detection }: { readonly adapter: MeshAdapter; readonly detection: Detection },
  connection: Connection,
  target: MeshTarget,
  chosenBy: MeshChoice['chosenBy'],
): MeshChoice {
  const { environment, because, title } = detection;
  const env = { ...environment, settings: { ...environment.settings, ...optionsFor(connection.entry, target, adapter.id) } };
  return { adapter, env, because, title: title ?? adapter.title, chosenBy };
}
