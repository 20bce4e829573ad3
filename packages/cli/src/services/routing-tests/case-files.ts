import { type CaseProblem, isRecord, isUserError, parseCases } from '@heddle/core';
import { pathText } from '../../config/places.js';
import { type Document, parseDocuments } from '../files/documents.js';
import type { SourceText } from '../files/sources.js';
import type { CaseFile, CaseFileError, LoadedCase } from './types.js';

/** Keys that make a document of a folder a case: others there are passed over. */
const CASE_MARKS = ['requests', 'cases', 'client'];

/**
 * Reads the cases of a file, with line ends of \n; what is wrong with it is part of the result. `unfinished`: requests may say nothing of what must come of
 * them. `undefined`: found in a folder, and no case file.
 */
export function readCases(source: SourceText, unfinished: boolean): CaseFile | undefined {
  const file = source.name;
  const text = source.text.replaceAll('\r\n', '\n');
  const cases: LoadedCase[] = [];
  const errors: CaseFileError[] = [];
  let documents: readonly Document[];
  try {
    documents = parseDocuments({ ...source, text });
  } catch (error) {
    return { file, text, cases, errors: [errorOf(file, error)] };
  }
  const meant = documents.filter(({ value }) => !source.found || (isRecord(value) && CASE_MARKS.some((key) => key in value)));
  if (source.found && meant.length === 0) return undefined;
  if (meant.length === 0) errors.push({ file, message: `${file}: there is no case in it` });
  for (const document of meant) {
    const parsed = parseCases(document.value, { unfinished });
    errors.push(...parsed.problems.map((problem) => problemIn(file, document, problem)));
    for (const test of parsed.cases) {
      const { lineOf, place } = document;
      cases.push({ test, document: place.document, line: lineOf(test.path), lineOf, source: document.source });
    }
  }
  return { file, text, cases, errors: errors.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)) };
}

function problemIn(file: string, { lineOf, place }: Document, { path, expected, received }: CaseProblem): CaseFileError {
  const line = lineOf(path);
  const where = path.length === 0 ? '' : ` ${pathText(path)}:`;
  const message = `${file}:${line} (document ${place.document}):${where} expected ${expected}, received ${received}`;
  return { file, document: place.document, line, path: pathText(path), expected, received, message };
}

/** What a user can act on becomes part of the report, with the case that it is about; anything else is thrown on. */
export function errorOf(file: string, error: unknown, one?: LoadedCase): CaseFileError {
  if (!isUserError(error) || error.exit === 'cluster') throw error;
  const place = one === undefined ? {} : { document: one.document, line: one.line };
  const where = one === undefined ? file : `${file}:${one.line} (document ${one.document})`;
  return { file, ...place, message: error.message.startsWith(`${file}:`) ? error.message : `${where}: ${error.message}` };
}
