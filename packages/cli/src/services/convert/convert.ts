import { BugError, convert, type KubeObject, type MeshAdapter, meshKind, type ObjectQuery, refKey, refOf } from '@heddle/core';
import { cliError } from '../../errors/cli-error.js';
import type { Connection, Connections } from '../connections.js';
import type { FileSource } from '../files/types.js';
import type { AdapterDeps } from '../mesh-choice/installed-adapters.js';
import { meshWithoutCluster } from '../mesh-choice/mesh-without-cluster.js';
import { type OutFolder, writeObjects } from '../write-objects/write-objects.js';
import { type ConvertDocument, convertDocument } from './convert-document.js';

export interface ConvertRequest {
  /** The id of the adapter whose objects are wanted. */
  readonly to: string;
  readonly version?: string;
  readonly settings: Readonly<Record<string, string>>;
  /** Write the objects into files of this folder. */
  readonly out?: OutFolder;
}

export interface Converter {
  /** The objects that -f names as those of another mesh. Throws what reading files throws, `unknown-adapter`, `render-unsupported` and `out-folder`. */
  convert(request: ConvertRequest): Promise<ConvertDocument>;
}

export interface ConverterDeps extends Omit<AdapterDeps, 'output'> {
  readonly connections: Connections;
  readonly adapters: () => Promise<readonly MeshAdapter[]>;
}

/** What files leave out and assuming fills in. */
const ASSUMED: readonly ObjectQuery[] = ['Service', 'Pod'].map((kind) => ({ group: '', kind }));

export function createConverter(deps: ConverterDeps): Converter {
  return {
    convert: async ({ to, version, settings, out }) => {
      const adapters = await deps.adapters();
      if (adapters.some(({ id, render }) => id === to && render === undefined)) throw cannotRender(to, adapters);
      const connection = await deps.connections.open({ gateways: true });
      const { files } = connection;
      if (files === undefined) throw new BugError('heddle convert was run without files');
      const objects = await allObjects(connection, files);
      const said = { mesh: to, settings, ...(version === undefined ? {} : { version }) };
      const target = await meshWithoutCluster(deps, said, objects);
      const sources = await Promise.all(
        adapters
          .filter((adapter) => objects.some((object) => meshKind(adapter, object) !== undefined))
          .map(async (adapter) => ({ adapter, env: await environmentIn(deps, connection, adapter) })),
      );
      if (sources.length === 0 && files.refused.length === 0) throw nothingToConvert();
      const conversion = convert({ objects, sources, target });
      const made = convertDocument({ target, sources, conversion, files });
      return out === undefined ? made : { ...made, out: writeObjects(out, conversion) };
    },
  };
}

/** Those of the files, and those that were assumed. */
async function allObjects({ cluster }: Connection, files: FileSource): Promise<readonly KubeObject[]> {
  const assumed = (await Promise.all(ASSUMED.map((query) => cluster.list(query)))).flat();
  return [...new Map([...files.objects.map(({ object }) => object), ...assumed].map((object) => [refKey(refOf(object)), object])).values()];
}

async function environmentIn({ detect }: ConverterDeps, { cluster }: Connection, adapter: MeshAdapter) {
  const [found] = await detect(cluster, [adapter]);
  return found?.detection.environment ?? { served: {}, settings: {} };
}

function nothingToConvert() {
  return cliError('file-object', 'There is no object of a mesh that an installed adapter knows in what -f names.', [
    'Name the files or the folder with the rules too: -f may be repeated.',
  ]);
}

function cannotRender(to: string, adapters: readonly MeshAdapter[]) {
  const able = adapters.filter(({ render }) => render !== undefined).map(({ id }) => id);
  return cliError('render-unsupported', `The adapter ${to} writes no objects from a routing, so nothing can be converted to its mesh.`, [
    `These can: ${able.join(', ') || 'none that is installed'}`,
  ]);
}
