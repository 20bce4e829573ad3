import { describeRef, type MeshAdapter, refOf, type UserError } from '@heddle/core';
import { cliError } from '../../errors/cli-error.js';
import type { Candidate } from '../mesh-choice/mesh-of-pods.js';
import { listed } from './assume/ready-pod.js';
import { type FileSource, placeText } from './types.js';

/** The mesh whose proxy Pods in the files show; `undefined` where none does, or several. */
export function meshOfDumpedPods({ objects }: FileSource, candidates: readonly Candidate[]): Candidate | undefined {
  const pods = objects.filter(({ object }) => object.kind === 'Pod').map(({ object }) => object);
  const [only, ...others] = candidates.filter(({ adapter }) => pods.some((pod) => adapter.inMesh(pod)));
  return others.length === 0 ? only : undefined;
}

/** Files with objects of several meshes: an example of each, and how to say which one is meant. */
export function filesAmbiguous(files: FileSource, candidates: readonly Candidate[]): UserError {
  const found = candidates.map(({ adapter }) => `${adapter.title} (${exampleOf(files, adapter)})`);
  return cliError(
    'mesh-ambiguous',
    `The files hold objects of ${found.length === 2 ? 'two' : found.length} meshes, ${found.join(' and ')}, and nothing says which one is meant.`,
    [`Say which: ${candidates.map(({ adapter }) => `--mesh ${adapter.id}`).join(' or ')}`],
  );
}

function exampleOf({ objects }: FileSource, adapter: MeshAdapter): string {
  const one = objects.find(({ object }) => isOf(object, adapter));
  return one === undefined ? 'named by --mesh' : `${describeRef(refOf(one.object))} in ${placeText(one.place)}`;
}

const isOf = (object: unknown, { kinds }: MeshAdapter): boolean => {
  const { apiVersion, kind } = refOf(object);
  return kinds.some((one) => one.group !== '' && one.kind === kind && apiVersion.startsWith(`${one.group}/`));
};

/** No object of a mesh that is known: what the files hold instead. */
export function filesWithoutMesh({ objects }: FileSource, adapters: readonly MeshAdapter[]): UserError {
  const counts = new Map<string, number>();
  for (const { object } of objects) {
    const { kind, apiVersion } = refOf(object);
    const name = apiVersion.includes('.') ? `${kind} (${apiVersion})` : kind;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const there = [...counts].map(([kind, count]) => (count === 1 ? kind : `${count} ${kind}`));
  return cliError('mesh-not-found', `The files hold no object of a mesh that an installed adapter knows; they hold ${listed(there)}.`, [
    adapters.length === 0
      ? 'See which adapters are installed: heddle adapters'
      : `Say which mesh the service is in: ${adapters.map(({ id }) => `--mesh ${id}`).join(' or ')}`,
    'Name the files or the folder with its rules too: -f may be repeated.',
  ]);
}
