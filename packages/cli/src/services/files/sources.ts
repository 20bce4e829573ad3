import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cliError } from '../../errors/cli-error.js';

export interface SourceText {
  /** As messages name it: the path as it was given or found, or `stdin`. */
  readonly name: string;
  readonly text: string;
  /** Found in a folder: what is no Kubernetes object there is passed over. */
  readonly found: boolean;
  /** Within a case file, which kubectl never reads: `y` is a text there. */
  readonly inCase?: boolean;
}

const STDIN = '-';
/** The file that makes a folder a Helm chart. */
export const CHART = 'Chart.yaml';
const OBJECT_FILE = /\.(ya?ml|json)$/i;

/**
 * The texts that `-f` names, each once: files, folders (their YAML and JSON files, at any depth, in order of name; hidden ones not) and
 * `-` for standard input. Of a chart within a folder, the templates are left out: they are no objects yet. Throws `file-unreadable`.
 */
export async function readSources(names: readonly string[], readStdin: () => Promise<string>): Promise<readonly SourceText[]> {
  const stdin = names.includes(STDIN) ? [{ name: 'stdin', text: await readStdin(), found: false }] : [];
  return [...new Set(names)].flatMap((name) => (name === STDIN ? stdin : readPath(name)));
}

/** The texts of a file, or of a folder. Throws `file-unreadable`. */
export function readPath(name: string): readonly SourceText[] {
  if (!isFolder(name)) return [{ name, text: readText(name), found: false }];
  const files = filesOf(name);
  if (files.length === 0) throw cliError('file-unreadable', `There is no .yaml, .yml or .json file in ${name}.`, ['Name another folder.']);
  return files.map((file) => ({ name: file, text: readText(file), found: true }));
}

function isFolder(name: string): boolean {
  try {
    return statSync(name).isDirectory();
  } catch (error) {
    throw unreadable(name, error);
  }
}

function filesOf(folder: string, within = false): readonly string[] {
  const entries = entriesOf(folder).sort((a, b) => (a.name < b.name ? -1 : 1));
  const chart = within && entries.some(({ name }) => name === CHART);
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.name.startsWith('.') || entry.name === 'node_modules' || (chart && entry.name === 'templates')) return [];
    if (entry.isDirectory()) return filesOf(path, true);
    return OBJECT_FILE.test(entry.name) && (entry.isFile() || isLinkedFile(entry, path)) ? [path] : [];
  });
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    throw unreadable(folder, error);
  }
}

/** Links to folders are not followed: they may lead around in circles. */
const isLinkedFile = (entry: Dirent, path: string): boolean =>
  entry.isSymbolicLink() && statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true;

function readText(name: string): string {
  try {
    return decoded(readFileSync(name));
  } catch (error) {
    throw unreadable(name, error);
  }
}

/** UTF-8, or UTF-16 by its mark: what `>` of an older PowerShell writes. */
function decoded(bytes: Buffer): string {
  const mark = bytes.subarray(0, 2).toString('hex');
  if (mark === 'fffe') return bytes.toString('utf16le');
  return mark === 'feff' ? bytes.swap16().toString('utf16le') : bytes.toString('utf8');
}

function unreadable(name: string, error: unknown) {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  const why = { EACCES: 'you may not', EPERM: 'you may not', EISDIR: 'it is a folder' }[code] ?? code;
  const message = code === 'ENOENT' ? `There is no file or folder ${name}.` : `Cannot read ${name}: ${why}.`;
  return cliError('file-unreadable', message, ['Name a file or a folder, or - for standard input.'], error);
}
