import { keyText } from './key.js';
import { linesOf, pathText } from './places.js';
import type { ConfigFile } from './types.js';

/** One value of the configuration as it holds here, and where it comes from. */
export interface Setting {
  readonly key: string;
  readonly value: unknown;
  readonly from: 'built-in' | 'file' | 'environment' | 'flag';
  /** Of a file. */
  readonly file?: string;
  readonly line?: number;
  /** The variable's or flag's name. */
  readonly name?: string;
}

/** What a flag or variable of a command puts over the files. */
export interface Override {
  readonly key: 'mesh' | 'tunnel' | 'image';
  readonly value: string;
  readonly from: 'environment' | 'flag';
  readonly name: string;
}

export interface Layer {
  readonly file: string;
  readonly text: string;
  readonly content: ConfigFile;
}

/** Lays files over the built-in values, and flags over both, as a command does; remembers of each value who said it. */
export function settingsOf(builtIn: ConfigFile, layers: readonly Layer[], overrides: readonly Override[]): readonly Setting[] {
  const settings = new Map<string, { readonly path: readonly string[]; readonly setting: Setting }>();
  const put = (path: readonly string[], setting: Omit<Setting, 'key'>) => {
    const key = keyText(path);
    settings.set(key, { path, setting: { key, ...setting } });
  };
  for (const [path, value] of leaves(builtIn)) put(path, { value, from: 'built-in' });
  for (const { file, text, content } of layers) {
    // An entry of clusters takes the place of the one of that name below, as a whole.
    for (const [key, { path }] of settings) {
      if (path[0] === 'clusters' && Object.hasOwn(content.clusters ?? {}, path[1] ?? '')) settings.delete(key);
    }
    const lines = linesOf(text);
    for (const [path, value] of leaves(content)) {
      const line = lines.get(pathText(path));
      put(path, { value, from: 'file', file, ...(line === undefined ? {} : { line }) });
    }
  }
  for (const { key, value, from, name } of overrides) {
    for (const { path } of [...settings.values()]) if (isOverridden(path, key)) put(path, { value, from, name });
  }
  return [...settings.values()].map(({ setting }) => setting).sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** `defaults.mesh`, `clusters.X.mesh`, `clusters.X.namespaces.Y.mesh`; but not an adapter's own option of that name. */
function isOverridden(path: readonly string[], key: Override['key']): boolean {
  if (key === 'image') return keyText(path) === 'agent.image';
  if (path.at(-1) !== key) return false;
  const [section, , below] = path;
  return section === 'defaults' || (section === 'clusters' && (path.length === 3 || (path.length === 5 && below === 'namespaces')));
}

/** Values without keys below them; lists are values. */
function leaves(value: unknown, path: readonly string[] = []): readonly (readonly [readonly string[], unknown])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path, value]];
  return Object.entries(value).flatMap(([key, below]) => leaves(below, [...path, key]));
}
