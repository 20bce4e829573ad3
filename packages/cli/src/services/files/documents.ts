import { load } from 'js-yaml';
import { linesOf, pathText } from '../../config/places.js';
import { cliError } from '../../errors/cli-error.js';
import type { SourceText } from './sources.js';
import { type Place, placeText } from './types.js';

export interface Document {
  readonly value: unknown;
  readonly place: Place;
  /** The line of a value in it, by its path; that of the nearest one around it where it has none. Read when first asked for. */
  lineOf(path: readonly (string | number)[]): number;
  /** Its own text, and where that begins in the file's. */
  readonly source: { readonly text: string; readonly offset: number };
}

/** The YAML documents (JSON is YAML) of a text, empty ones left out. Throws `file-syntax` naming file, line and document. */
export function parseDocuments({ name, text }: SourceText): readonly Document[] {
  const documents: Document[] = [];
  for (const { body, line, offset } of split(text)) {
    const place = { file: name, document: documents.length + 1, line: line + leadingLines(body) };
    const value = parse(body, { ...place, line });
    if (value !== undefined && value !== null)
      documents.push({ value, place, lineOf: linesIn(body, line), source: { text: body, offset } });
  }
  return documents;
}

/** Cut at `---`, which stands at a line's start only between documents; each part with the line (from 1) that it begins at. */
function split(text: string): readonly { readonly body: string; readonly line: number; readonly offset: number }[] {
  const parts: { body: string; line: number; offset: number }[] = [];
  let from = 0;
  let line = 1;
  for (const mark of text.matchAll(/^---(?=\s|$)/gm)) {
    const body = text.slice(from, mark.index);
    parts.push({ body, line, offset: from });
    line += newlines(body);
    // The separator itself is replaced, so that what stands behind it on its line is kept.
    from = mark.index + 3;
  }
  parts.push({ body: text.slice(from), line, offset: from });
  return parts;
}

function newlines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

/** Lines before the first that says something. */
const leadingLines = (body: string): number => newlines(/^(?:[^\S\n]*(?:#.*)?\n)*/.exec(body)?.[0] ?? '');

function linesIn(body: string, from: number): Document['lineOf'] {
  let lines: ReadonlyMap<string, number> | undefined;
  return (path) => {
    lines ??= linesOf(body);
    for (let length = path.length; length >= 0; length -= 1) {
      const line = lines.get(pathText(path.slice(0, length)));
      if (line !== undefined) return from + line - 1;
    }
    return from;
  };
}

function parse(body: string, place: Place): unknown {
  if (/^\s*[{[]/.test(body)) {
    try {
      return JSON.parse(body);
    } catch {
      // YAML in braces, or a mistake that the reader of YAML tells better.
    }
  }
  try {
    return load(body);
  } catch (error) {
    if (/^(\s*(#.*)?\n?)*$/.test(body)) return undefined;
    const { reason, mark } = error as { reason?: unknown; mark?: { line?: unknown; column?: unknown } };
    const line = place.line + (typeof mark?.line === 'number' ? mark.line : 0);
    const column = typeof mark?.column === 'number' ? `:${mark.column + 1}` : '';
    const why = typeof reason === 'string' ? reason : String(error);
    throw cliError(
      'file-syntax',
      `${placeText({ ...place, line })}${column} (document ${place.document}): ${why}`,
      ['Correct the YAML at that place.'],
      error,
    );
  }
}
