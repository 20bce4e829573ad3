import { boolYaml11Tag, CORE_SCHEMA, load, mergeTag, type Schema } from 'js-yaml';
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

/** YAML with merge keys (`<<`), which people write as soon as they write anchors. */
const PLAIN = CORE_SCHEMA.withTags(mergeTag);

/** As kubectl reads it: `on`, `yes` and `y` without quotes are true, which an API server refuses where a text is due (sigs.k8s.io/yaml, 1.6). */
export const AS_KUBECTL = PLAIN.withTags(boolYaml11Tag);

/** The YAML documents (JSON is YAML) of a text, empty ones left out. Throws `file-syntax` naming file, line and document. */
export function parseDocuments({ name, text }: SourceText, schema: Schema = PLAIN): readonly Document[] {
  const documents: Document[] = [];
  for (const { body, line, offset } of split(text)) {
    const place = { file: name, document: documents.length + 1, line: line + leadingLines(body) };
    const parsed = parse(body, { ...place, line }, schema);
    if (parsed?.value !== undefined && parsed.value !== null)
      documents.push({ value: parsed.value, place, lineOf: linesIn(parsed.text, line), source: { text: body, offset } });
  }
  return documents;
}

/** Between documents: `---` at a line's start, or in JSON a brace there behind a closed one. */
const BETWEEN = /^---(?=\s|$)|(?<=^\}|^\{.*\}) *\r?\n(?=\{)/gm;

/** Cut between documents; each part with the line (from 1) that it begins at. */
function split(text: string): readonly { readonly body: string; readonly line: number; readonly offset: number }[] {
  const parts: { body: string; line: number; offset: number }[] = [];
  let from = 0;
  let line = 1;
  for (const mark of text.matchAll(BETWEEN)) {
    const body = text.slice(from, mark.index);
    parts.push({ body, line, offset: from });
    line += newlines(body) + newlines(mark[0]);
    // The separator itself is replaced, so that what stands behind it on its line is kept.
    from = mark.index + mark[0].length;
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

/** The value of a document, and the text that it was read from: its own, or its own with other indentation. */
function parse(body: string, place: Place, schema: Schema): { readonly value: unknown; readonly text: string } | undefined {
  if (/^\s*[{[]/.test(body)) {
    try {
      return { value: JSON.parse(body), text: body };
    } catch {
      // YAML in braces, or a mistake that the reader of YAML tells better.
    }
  }
  try {
    return { value: load(body, { schema }), text: body };
  } catch (error) {
    if (/^(\s*(#.*)?\n?)*$/.test(body)) return undefined;
    return (reasonOf(error) === SHALLOW ? indented(body, schema) : undefined) ?? refuse(error, body, place);
  }
}

const SHALLOW = 'deficient indentation';

/**
 * Kubernetes takes what YAML forbids: quoted texts and brackets whose further lines stand no deeper than their key (many generated CRDs
 * have such). How deep they stand means nothing.
 */
function indented(body: string, schema: Schema): { readonly value: unknown; readonly text: string } | undefined {
  const deep = ' '.repeat(200);
  const text = body
    .replaceAll(/(?<=[:-] )(?:'(?:[^']|'')*'|"(?:[^"\\]|\\.)*")/gs, (quoted) => quoted.replaceAll('\n', `\n${deep}`))
    .replaceAll(/^ *(?=[\]}])/gm, deep);
  try {
    return { value: load(text, { schema }), text };
  } catch {
    return undefined;
  }
}

const reasonOf = (error: unknown): unknown => (error as { reason?: unknown }).reason;

function refuse(error: unknown, body: string, place: Place): never {
  const { reason, mark } = error as { reason?: unknown; mark?: { line?: unknown; column?: unknown } };
  const line = place.line + (typeof mark?.line === 'number' ? mark.line : 0);
  const column = typeof mark?.column === 'number' ? `:${mark.column + 1}` : '';
  const why = typeof reason === 'string' ? reason : String(error);
  const next = body.includes('{{') ? RENDER : 'Correct the YAML at that place.';
  throw cliError('file-syntax', `${placeText({ ...place, line })}${column} (document ${place.document}): ${why}`, [next], error);
}

/** What to do with a file that a chart makes objects of. */
export const RENDER = 'It looks like a template. Render it first: helm template CHART | heddle … -f -';
