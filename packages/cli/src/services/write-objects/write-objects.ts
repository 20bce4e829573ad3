import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { KubeObject } from '@heddle/core';
import { cliError } from '../../errors/cli-error.js';
import { listed } from '../files/assume/ready-pod.js';
import { type ObjectFile, objectFiles } from './object-files.js';

/** Where `--out` says that objects are to be written. */
export interface OutFolder {
  readonly folder: string;
  /** Write over files that say something else. */
  readonly force: boolean;
  /** The files and folders that objects were read from. */
  readonly inputs: readonly string[];
}

/** What has been written for `--out`. */
export interface WrittenDocument {
  readonly folder: string;
  readonly files: readonly { readonly file: string; readonly was: 'absent' | 'other' | 'same' }[];
  /** Other files of objects in that folder, which `kubectl apply -f` would apply too: left from an earlier run, or somebody's own. */
  readonly others: readonly string[];
}

const OBJECT_FILE = /\.(ya?ml|json)$/i;

/**
 * Writes a file for each object; see `objectFiles`. Files that are the same already are left alone. Throws `out-folder` where one says
 * something else (unless forced), where the folder is in one that is read from, or where it cannot be written: nothing is written
 * then, but for a disk that fails on the way.
 */
export function writeObjects(
  { folder, force, inputs }: OutFolder,
  { objects, foundations }: { readonly objects: readonly KubeObject[]; readonly foundations: number },
): WrittenDocument {
  refuseInput(folder, inputs);
  if (existsSync(folder) && !statSync(folder).isDirectory())
    throw cliError('out-folder', `${folder} is there, and it is no folder.`, [NAME]);
  const files = objectFiles(objects, foundations).map((file) => ({ ...file, was: stateOf(folder, file) }));
  const other = files.filter(({ was }) => was === 'other').map(({ name }) => join(folder, name));
  if (other.length > 0 && !force) throw wouldOverwrite(other);
  try {
    mkdirSync(folder, { recursive: true });
    for (const { name, text, was } of files) if (was !== 'same') writeFileSync(join(folder, name), text);
  } catch (error) {
    throw cliError('out-folder', `Cannot write to ${folder}: ${reasonOf(error)}.`, [NAME], error);
  }
  const own = new Set(files.map(({ name }) => name));
  const others = readdirSync(folder)
    .filter((name) => OBJECT_FILE.test(name) && !own.has(name))
    .sort()
    .map((name) => join(folder, name));
  return { folder, files: files.map(({ name, was }) => ({ file: join(folder, name), was })), others };
}

const NAME = 'Name another folder: --out FOLDER';

function stateOf(folder: string, { name, text }: ObjectFile): 'absent' | 'other' | 'same' {
  const path = join(folder, name);
  if (!existsSync(path)) return 'absent';
  return statSync(path).isFile() && readFileSync(path, 'utf8') === text ? 'same' : 'other';
}

/** The next run would read what this one has written, and take it for objects that were there. */
function refuseInput(folder: string, inputs: readonly string[]): void {
  const out = realPath(folder);
  const input = inputs.find((name) => name !== '-' && existsSync(name) && statSync(name).isDirectory() && isWithin(out, realPath(name)));
  if (input === undefined) return;
  throw cliError(
    'out-folder',
    `${folder} is in ${input}, which -f reads: the next run would take what this one writes for objects that were there.`,
    ['Name a folder elsewhere: --out FOLDER'],
  );
}

/** With its links followed, as far as it is there. */
const realPath = (path: string): string => (existsSync(path) ? realpathSync(path) : resolve(path));

function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return !isAbsolute(way) && way.split(sep)[0] !== '..';
}

function wouldOverwrite(files: readonly string[]) {
  const what = files.length === 1 ? 'is there already and says' : 'are there already and say';
  return cliError('out-folder', `${listed(files)} ${what} something else; nothing is written.`, [
    'Write over them: --force',
    'Name another folder, and compare the two: --out FOLDER',
  ]);
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  return { EACCES: 'you may not', EPERM: 'you may not', EROFS: 'the disk is read-only', ENOSPC: 'the disk is full' }[code] ?? code;
}
