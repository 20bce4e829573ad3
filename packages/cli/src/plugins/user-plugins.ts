import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** A package that `heddle plugins` installed or linked, as the data folder's package.json lists it. */
export interface UserPlugin {
  readonly name: string;
  readonly type: 'user' | 'link';
  /** Of a linked one: its folder. */
  readonly root?: string;
  readonly tag?: string;
  readonly url?: string;
}

export interface UserPlugins {
  readonly plugins: readonly UserPlugin[];
  /** Why the list cannot be read. */
  readonly problem?: string;
}

type Env = Readonly<Record<string, string | undefined>>;

/** Where plugins are installed: the folder that oclif would choose, told without loading it. */
export function dataFolder(env: Env): string {
  const home = env.HOME ?? homedir();
  const base = env.XDG_DATA_HOME || (process.platform === 'win32' && env.LOCALAPPDATA) || join(home, '.local/share');
  return env.HEDDLE_DATA_DIR || join(base, 'heddle');
}

/** Reads the list; empty when nothing was ever installed. */
export function readUserPlugins(folder: string): UserPlugins {
  const file = join(folder, 'package.json');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return missing ? { plugins: [] } : { plugins: [], problem: `${file} cannot be read: ${messageOf(error)}` };
  }
  try {
    const pjson = JSON.parse(text) as { readonly oclif?: { readonly plugins?: unknown } } | null;
    const list = pjson?.oclif?.plugins ?? [];
    if (!Array.isArray(list)) return { plugins: [], problem: `${file}: oclif.plugins: expected a list` };
    return { plugins: list.flatMap(entryOf) };
  } catch (error) {
    return { plugins: [], problem: `${file} is not valid JSON: ${messageOf(error)}` };
  }
}

/** The folder of a package as Node would find it from a folder, whatever its `exports` say. */
export function packageFolder(name: string, candidates: readonly string[]): string | undefined {
  return candidates.map((folder) => join(folder, name)).find((folder) => isReadable(join(folder, 'package.json')));
}

/** Where a user's plugin lies. */
export function userPluginFolder(dataDir: string, plugin: UserPlugin): string {
  return plugin.root ?? join(dataDir, 'node_modules', plugin.name);
}

function entryOf(entry: unknown): readonly UserPlugin[] {
  // Older lists hold bare names.
  if (typeof entry === 'string') return [{ name: entry, type: 'user' }];
  if (typeof entry !== 'object' || entry === null) return [];
  const { name, type, root, tag, url } = entry as Readonly<Record<string, unknown>>;
  if (typeof name !== 'string' || name === '') return [];
  const text = (key: string, value: unknown) => (typeof value === 'string' ? { [key]: value } : {});
  return [{ name, type: type === 'link' ? 'link' : 'user', ...text('root', root), ...text('tag', tag), ...text('url', url) }];
}

function isReadable(file: string): boolean {
  try {
    readFileSync(file);
    return true;
  } catch {
    return false;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
