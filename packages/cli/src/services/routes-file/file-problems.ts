import type { FileProblem, UserError } from '@heddle/core';
import type { PlacedRoutesFile } from './place-files.js';
import { routesFileError } from './read-routes-files.js';

/** What is wrong between files, or with what one means, with its place and that of what it is at odds with. */
export function fileProblemsError(files: readonly PlacedRoutesFile[], problems: readonly FileProblem[]): UserError {
  const placeOf = ({ file, path }: Pick<FileProblem, 'file' | 'path'>) =>
    files.find((one) => one.file === file)?.placeOf(path) ?? file.name;
  return routesFileError(
    problems.map(({ rival, ...problem }) => ({
      ...problem,
      received: `${problem.received}${rival === undefined ? '' : ` (${placeOf(rival)})`}`,
      place: placeOf(problem),
    })),
  );
}
