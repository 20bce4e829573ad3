import { closest, isRoutesFileName, ROUTES_FILE_NAME, type StandingRoutes, UserError } from '@heddle/core';
import { cliInputError } from '../../errors/cli-error.js';
import type { Connection } from '../connections.js';
import type { PlacedRoutesFile } from './place-files.js';

/** A routes file by its name alone, with no route any more. Throws `usage` where that is no such name. */
export function fileThatIsGone(name: string, namespace: string): PlacedRoutesFile {
  if (!isRoutesFileName(name)) {
    const at = { path: '--kept-by', expected: ROUTES_FILE_NAME, received: name === '' ? 'nothing' : name };
    throw cliInputError('usage', at, [
      'It is metadata.name in the file, and heddle route list shows it. For a file that is there: -f FILE',
    ]);
  }
  return { file: { name, services: [], routes: [] }, namespace, placeOf: () => name };
}

/** That no standing route is kept by files, and which files keep some there. */
export async function nothingKept(
  core: { listRoutes(cluster: Connection['cluster'], scope: { readonly namespace?: string }): Promise<readonly StandingRoutes[]> },
  { cluster, flags }: Connection,
  files: readonly PlacedRoutesFile[],
): Promise<UserError> {
  const [first] = files;
  const namespace = first?.namespace ?? '';
  const names = [...new Set(files.map(({ file }) => file.name))];
  const standing = await core.listRoutes(cluster, { namespace });
  const keepers = [...new Set(standing.flatMap(({ entries }) => entries.flatMap(({ file }) => file ?? [])))].sort();
  const [only = '', ...more] = names;
  const guess = more.length === 0 ? closest(only, keepers) : undefined;
  return new UserError({
    code: 'unknown-route',
    exit: 'usage',
    message: `No standing route in namespace ${namespace} is kept by the routes ${more.length === 0 ? 'file' : 'files'} ${names.join(', ')}`,
    next: [
      ...(guess === undefined ? [] : [`Did you mean ${guess}?`]),
      keepers.length === 0
        ? `No file keeps any there; of all namespaces: heddle route list -A${flags}`
        : `Files that keep some there: ${keepers.join(', ')}`,
    ],
  });
}
