import type { PlacedFile } from '@heddle/core';
import { cliInputError } from '../../errors/cli-error.js';
import type { LoadedRoutesFile } from './read-routes-files.js';

export type PlacedRoutesFile = LoadedRoutesFile & PlacedFile;

/**
 * Each file with its namespace: what it says itself, else `-n`, else `otherwise`. Throws `routes-file` where both are said and differ, and
 * where two are one by name.
 */
export function placeFiles(
  files: readonly LoadedRoutesFile[],
  { asked, otherwise }: { readonly asked?: string; readonly otherwise: string },
): readonly PlacedRoutesFile[] {
  const placed = files.map((one): PlacedRoutesFile => {
    const own = one.file.namespace;
    if (own !== undefined && asked !== undefined && own !== asked) {
      const path = `${one.placeOf(['metadata', 'namespace'])}: metadata.namespace`;
      throw cliInputError('routes-file', { path, expected: `${asked}, which -n or HEDDLE_NAMESPACE asks for`, received: own }, [
        'Leave -n away.',
      ]);
    }
    return { ...one, namespace: own ?? asked ?? otherwise };
  });
  placed.forEach((one, index) => {
    const twin = placed.slice(0, index).find((other) => other.namespace === one.namespace && other.file.name === one.file.name);
    if (twin === undefined) return;
    const path = `${one.placeOf(['metadata', 'name'])}: metadata.name`;
    const expected = `a name that no other file of namespace ${one.namespace} has`;
    throw cliInputError('routes-file', { path, expected, received: `${one.file.name}, as in ${twin.placeOf(['metadata', 'name'])}` }, [
      'Routes are marked with the name of their file: give each file one of its own.',
    ]);
  });
  return placed;
}
