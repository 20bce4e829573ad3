import { type Cluster, isUserError, type MeshAdapter, messageOf, type UserError } from '@heddle/core';
import { type Catalogue, partsOf } from '../../plugins/catalogue.js';
import { type ImportModule, loadAdapter } from '../../plugins/load-part.js';
import type { Output } from '../../terminal/output.js';
import type { Candidate } from './mesh-of-pods.js';

export type DetectMeshes = (cluster: Cluster, adapters: readonly MeshAdapter[]) => Promise<readonly Candidate[]>;

export interface AdapterDeps {
  readonly catalogue: Catalogue;
  readonly importModule: ImportModule;
  readonly detect: DetectMeshes;
  readonly output: Output;
}

/** Loads every adapter that may be used; one that does not load is warned of and left out, and so is an id that two plugins claim. */
export async function loadAdapters(
  { catalogue, importModule, output }: Omit<AdapterDeps, 'detect'>,
  except?: string,
): Promise<{ readonly adapters: readonly MeshAdapter[]; readonly broken: readonly UserError[] }> {
  const usable = partsOf(catalogue, 'adapter');
  const disputed = catalogue.parts.filter(
    ({ kind, id, refused }) => kind === 'adapter' && refused !== undefined && !usable.some((part) => part.id === id),
  );
  for (const message of new Set(disputed.flatMap(({ refused }) => refused ?? []))) output.warn(`${message} Neither is used.`);
  const adapters: MeshAdapter[] = [];
  const broken: UserError[] = [];
  for (const part of usable.filter(({ id }) => id !== except)) {
    try {
      adapters.push(await loadAdapter(part, importModule));
    } catch (error) {
      if (!isUserError(error)) throw error;
      broken.push(error);
      output.warn(error.message);
    }
  }
  return { adapters, broken };
}

/** Asks all; where one throws, asks each alone, so that an adapter with a bug is warned of and keeps no other from working. */
export async function detectAll(
  { detect, output }: Pick<AdapterDeps, 'detect' | 'output'>,
  cluster: Cluster,
  adapters: readonly MeshAdapter[],
): Promise<readonly Candidate[]> {
  try {
    return await detect(cluster, adapters);
  } catch (error) {
    if (isUserError(error) || adapters.length < 2) throw error;
  }
  const found: Candidate[] = [];
  for (const adapter of adapters) {
    try {
      found.push(...(await detect(cluster, [adapter])));
    } catch (error) {
      if (isUserError(error)) throw error;
      output.warn(`The adapter ${adapter.id} fails to look for its mesh: ${messageOf(error)}`);
    }
  }
  return found;
}
