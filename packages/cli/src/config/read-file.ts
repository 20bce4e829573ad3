import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { cliError } from '../errors/cli-error.js';
import { linesOf, pathText } from './places.js';
import { readSchema } from './schema.js';
import type { ConfigFile } from './types.js';
import { mismatches } from './validate.js';

/**
 * Reads and checks one configuration file; `undefined` when there is none.
 * Throws `config-unreadable`, `config-syntax` or `config-invalid`, naming file, line and key.
 */
export function readConfigFile(file: string): ConfigFile | undefined {
  const text = readText(file);
  return text === undefined
    ? undefined
    : checkedContent(file, text, ['Correct the file; its schema is schemas/config.json of @heddle/cli.']);
}

/** What a file of that text says. Throws as above; `next` is what to do about a value that does not fit. */
export function checkedContent(file: string, text: string, next: readonly string[]): ConfigFile {
  const value = parse(file, text);
  if (value === undefined || value === null) return {};
  const [first] = mismatches(value, readSchema('config'));
  if (first === undefined) return value as ConfigFile;
  const line = linesOf(text).get(pathText(first.path));
  const where = [file, ...(line === undefined ? [] : [line])].join(':');
  const what = `${where}: ${pathText(first.path) || 'the file'}: expected ${first.expected}, received ${first.received}`;
  throw cliError('config-invalid', what, next);
}

/** A file's text; `undefined` when there is none. Throws `config-unreadable`. */
export function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw cliError(
      'config-unreadable',
      `${file} cannot be read: ${code ?? String(error)}`,
      ['Make the file readable, or remove it.'],
      error,
    );
  }
}

function parse(file: string, text: string): unknown {
  if (text.trim() === '') return undefined;
  try {
    return load(text, { filename: file });
  } catch (error) {
    const { line, column, reason } = yamlPlace(error);
    // A file of comments alone is an empty configuration.
    if (text.split('\n').every((each) => /^\s*(#.*)?$/.test(each))) return undefined;
    const where = line === undefined ? file : `${file}:${line + 1}:${(column ?? 0) + 1}`;
    throw cliError('config-syntax', `${where}: ${reason}`, ['Correct the YAML at that place.'], error);
  }
}

function yamlPlace(error: unknown): { line?: number; column?: number; reason: string } {
  const { reason, mark } = error as { reason?: unknown; mark?: { line?: unknown; column?: unknown } };
  return {
    reason: typeof reason === 'string' ? reason : String(error),
    ...(typeof mark?.line === 'number' ? { line: mark.line } : {}),
    ...(typeof mark?.column === 'number' ? { column: mark.column } : {}),
  };
}

export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
