import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cliError } from '../../errors/cli-error.js';

export interface SourceText {
  /** As messages name it: the path as it was given or found, or `stdin`. */
  readonly name: string;
  readonly text: string;
  /** Found in a folder: what is no Kubernetes object there is passed over. */
  readonly found: boolean;
}

const STDIN = '-';
const OBJECT_FILE = /\.(ya?ml|json)$/i;

/**
 * The texts that `-f` names: files, folders (their YAML and JSON files, at any depth, in order of name; hidden ones not) and `-` for
 * standard input. Throws `file-unreadable`.
 */
export function readSources(names: readonly string[], readStdin: () => string): readonly SourceText[] {
  return names.flatMap((name): readonly SourceText[] => {
    if (name === STDIN) return [{ name: 'stdin', text: readStdin(), found: false }];
    if (!isFolder(name)) return [{ name, text: readText(name), found: false }];
    const files = filesOf(name);
    if (files.length === 0) throw cliError('file-unreadable', `${name} holds no .yaml, .yml or .json file.`, ['Name another folder.']);
    return files.map((file) => ({ name: file, text: readText(file), found: true }));
  });
}

function isFolder(name: string): boolean {
  try {
    return statSync(name).isDirectory();
  } catch (error) {
    throw unreadable(name, error);
  }
}

function filesOf(folder: string): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.name.startsWith('.') || entry.name === 'node_modules') return [];
    if (entry.isDirectory()) return filesOf(path);
    return OBJECT_FILE.test(entry.name) ? [path] : [];
  });
}

function readText(name: string): string {
  try {
    return readFileSync(name, 'utf8');
  } catch (error) {
    throw unreadable(name, error);
  }
}

function unreadable(name: string, error: unknown) {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  const why = code === 'ENOENT' ? 'there is no such file or folder' : code;
  return cliError('file-unreadable', `${name} cannot be read: ${why}.`, ['-f takes a file, a folder, or - for standard input.'], error);
}
