import { closest, type KubeObject, type MeshAdapter, type MeshEnvironment } from '@heddle/core';
import { cliInputError } from '../../errors/cli-error.js';
import { findPart } from '../../plugins/catalogue.js';
import { loadAdapter } from '../../plugins/load-part.js';
import { fileCluster } from '../files/file-cluster.js';
import type { AdapterDeps } from './installed-adapters.js';

/** A mesh that runs in no cluster that is asked: what its user says of it. */
export interface SaidOfMesh {
  /** The adapter's id. */
  readonly mesh: string;
  readonly version?: string;
  /** The adapter's own settings; they count before what objects show. */
  readonly settings: Readonly<Record<string, string>>;
}

export interface MeshWithoutCluster {
  readonly adapter: MeshAdapter;
  readonly env: MeshEnvironment;
  readonly title: string;
}

/**
 * The mesh that is named, with the environment of a cluster that serves all of its kinds and holds just these objects: they show how it
 * is set up as far as they do. Throws `unknown-adapter`, `usage` for a setting that the adapter does not know, and what loading it throws.
 */
export async function meshWithoutCluster(
  deps: Omit<AdapterDeps, 'output'>,
  said: SaidOfMesh,
  objects: readonly KubeObject[] = [],
): Promise<MeshWithoutCluster> {
  const adapter = await loadAdapter(findPart(deps.catalogue, 'adapter', said.mesh), deps.importModule);
  checkSettings(adapter, said.settings);
  const cluster = fileCluster(objects, adapter.kinds, (group) => adapter.kinds.some((kind) => kind.group === group));
  const [found] = await deps.detect(cluster, [adapter]);
  const { served = {}, settings = {}, ...shown } = found?.detection.environment ?? {};
  const version = said.version === undefined ? {} : { version: said.version };
  return {
    adapter,
    env: { ...shown, ...version, served, settings: { ...settings, ...said.settings } },
    title: found?.detection.title ?? adapter.title,
  };
}

function checkSettings({ title, settings: known }: MeshAdapter, given: Readonly<Record<string, string>>): void {
  if (known === undefined) return;
  for (const [key, value] of Object.entries(given)) {
    const values = Object.hasOwn(known, key) ? known[key] : undefined;
    if (values === 'text' || values?.includes(value) === true) continue;
    const near = closest(key, Object.keys(known));
    const expected =
      values === undefined ? `a setting of ${title}: ${Object.keys(known).join(', ')}` : `${key}=${values.join(`, or ${key}=`)}`;
    throw cliInputError(
      'usage',
      { path: '--set', expected, received: `${key}=${value}` },
      values === undefined && near !== undefined ? [`Did you mean ${near}?`] : [],
    );
  }
}
