import { type CasePath, isRoutesDocument, parseRoutesFile, type RoutesFile, type UserError } from '@heddle/core';
import { pathText } from '../../config/places.js';
import { cliError } from '../../errors/cli-error.js';
import { type Document, parseDocuments } from '../files/documents.js';
import type { SourceText } from '../files/sources.js';
import { placeText } from '../files/types.js';

/** A document of a routes file and where it stands. */
export interface LoadedRoutesFile {
  readonly file: RoutesFile;
  /** `routes.yaml:12`, for a value in it. */
  placeOf(path: CasePath): string;
}

/** A value of a routes file that is not as it should be. */
export interface RoutesFault {
  readonly place: string;
  readonly path: CasePath;
  readonly expected: string;
  readonly received: string;
  readonly nearest?: string;
}

/**
 * The routes files among the documents of texts, in order. Other documents are left out; where `only`, those of a file that was named are
 * mistakes. Throws `file-syntax`, and `routes-file` with all that is wrong.
 */
export function readRoutesFiles(texts: readonly SourceText[], { only }: { readonly only: boolean }): readonly LoadedRoutesFile[] {
  const faults: RoutesFault[] = [];
  const loaded = texts.flatMap((text) =>
    documentsOf(text).flatMap((document): readonly LoadedRoutesFile[] => {
      if (!isRoutesDocument(document.value) && (text.found || !only)) return [];
      const placeOf = (path: CasePath) => placeText({ ...document.place, line: document.lineOf(path) });
      const { file, problems } = parseRoutesFile(document.value);
      faults.push(...problems.map((problem) => ({ ...problem, place: placeOf(problem.path) })));
      return file === undefined ? [] : [{ file, placeOf }];
    }),
  );
  if (faults.length > 0) throw routesFileError(faults);
  if (loaded.length > 0) return loaded;
  throw cliError('routes-file', `There is no routes file in ${texts.map(({ name }) => name).join(', ') || 'what -f names'}.`, [
    'A routes file begins with apiVersion: heddle.dev/v1 and kind: Routes.',
  ]);
}

/** In a folder there are files that are not for Kubernetes, or templates. */
function documentsOf(text: SourceText): readonly Document[] {
  try {
    return parseDocuments(text);
  } catch (error) {
    if (!text.found || /^\s*["']?apiVersion["']?\s*:\s*["']?heddle\.dev\//m.test(text.text)) throw error;
    return [];
  }
}

const MORE = 5;

/** The first fault leads, in the order in which they stand; the next few follow. */
export function routesFileError(faults: readonly RoutesFault[]): UserError {
  const [first = '', ...others] = faults.map(({ place, path, expected, received }) => {
    const where = path.length === 0 ? '' : ` ${pathText(path)}:`;
    return `${place}:${where} expected ${expected}, received ${received}`;
  });
  const nearest = faults[0]?.nearest;
  return cliError('routes-file', first, [
    ...(nearest === undefined ? [] : [`Did you mean ${nearest}?`]),
    ...others.slice(0, MORE).map((other) => `Also wrong: ${other}`),
    ...(others.length > MORE ? [`And ${others.length - MORE} more.`] : []),
    'Editors check the file by schemas/routes.json of @heddle/cli.',
  ]);
}
