import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CompletionPlace } from './answer.js';
import type { ValueSources } from './complete.js';

/**
 * Values that this machine knows: contexts of the kubeconfig, clusters of the configuration, what packages declare, and their scenarios. No
 * cluster is asked, and what cannot be read gives none.
 */
export function valueSources(folders: readonly string[], words: readonly string[], place: CompletionPlace): ValueSources {
  const entries = (list: 'adapters' | 'tunnels') => folders.flatMap((folder) => declared(folder, list));
  const ids = (list: 'adapters' | 'tunnels') => [...new Set(entries(list).flatMap(({ id }) => textIn(id)))];
  const quietly = (read: () => Promise<readonly string[]>) => () => read().catch(() => []);
  return {
    contexts: quietly(async () => await contextsIn(kubeconfigs(words, place.env))),
    clusters: quietly(async () => {
      const { loadConfig } = await import('../../config/load.js');
      return Object.keys(loadConfig({ configDir: configFolder(place.env), cwd: place.cwd, agentImage: '' }).clusters);
    }),
    meshes: async () => ids('adapters'),
    tunnels: async () => ids('tunnels'),
    scenarios: quietly(async () => {
      const modules = entries('adapters').flatMap(({ folder, scenarios }) => textIn(scenarios).map((file) => join(folder, file)));
      const loaded = await Promise.all(modules.map((file) => import(pathToFileURL(file).href).catch(() => ({}))));
      return loaded.flatMap(({ scenarios }: { readonly scenarios?: unknown }) => recordsIn(scenarios).flatMap(({ id }) => textIn(id)));
    }),
  };
}

interface Declared {
  readonly folder: string;
  readonly id?: unknown;
  readonly scenarios?: unknown;
}

/** Parts as a package's `heddle` field declares them. */
function declared(folder: string, list: 'adapters' | 'tunnels'): readonly Declared[] {
  try {
    const pjson = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { readonly heddle?: Readonly<Record<string, unknown>> };
    return recordsIn(pjson.heddle?.[list]).map((entry) => ({ ...entry, folder }));
  } catch {
    return [];
  }
}

/** As kubectl takes them: the flag, else the variable with several, else the default. */
function kubeconfigs(words: readonly string[], env: CompletionPlace['env']): readonly string[] {
  const at = words.indexOf('--kubeconfig');
  const given = (at < 0 ? undefined : words[at + 1]) ?? words.flatMap((word) => word.split('--kubeconfig=')[1] ?? [])[0];
  const one = given || env.HEDDLE_KUBECONFIG;
  if (one) return [one];
  return env.KUBECONFIG ? env.KUBECONFIG.split(delimiter) : [join(env.HOME ?? homedir(), '.kube', 'config')];
}

async function contextsIn(files: readonly string[]): Promise<readonly string[]> {
  const { load } = await import('js-yaml');
  const names = files.flatMap((file) => {
    try {
      const content = load(readFileSync(file, 'utf8')) as { readonly contexts?: unknown } | null;
      return recordsIn(content?.contexts).flatMap(({ name }) => textIn(name));
    } catch {
      return [];
    }
  });
  return [...new Set(names)].sort();
}

/** Where the user's configuration is: the folder that oclif would choose, told without loading it. */
function configFolder(env: CompletionPlace['env']): string {
  return env.HEDDLE_CONFIG_DIR || join(env.XDG_CONFIG_HOME || join(env.HOME ?? homedir(), '.config'), 'heddle');
}

const textIn = (value: unknown): readonly string[] => (typeof value === 'string' && value !== '' ? [value] : []);

function recordsIn(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'object' && each !== null) : [];
}
