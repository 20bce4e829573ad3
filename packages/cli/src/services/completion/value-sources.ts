import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { configFiles } from '../../config/files.js';
import type { ClusterSource } from './cluster-values.js';
import type { ValueSources } from './due-source.js';
import type { TypedLine } from './typed-line.js';
import type { Candidate, CompletionPlace } from './types.js';

/** How long a cluster may take to answer somebody who waits at a prompt. */
const LIMIT_MS = 1_500;

/** The folders of packages: what heddle brings, and what users have installed. */
export interface PackageFolders {
  readonly bundled: readonly string[];
  readonly installed: readonly string[];
}

/**
 * Values that this machine knows (contexts of the kubeconfig, clusters of the configuration, what packages declare, and their scenarios)
 * and those that the cluster does, of which no more is loaded before one is due. What cannot be read, or not soon enough, gives none.
 */
export function valueSources({ bundled, installed }: PackageFolders, place: CompletionPlace): ValueSources {
  const folders = [...bundled, ...installed];
  const entries = (list: 'adapters' | 'tunnels') => folders.flatMap((folder) => declared(folder, list));
  const ids = (list: 'adapters' | 'tunnels') => [...new Set(entries(list).flatMap(({ id }) => textIn(id)))].map(candidate);
  const quietly = (read: (line: TypedLine) => Promise<readonly string[]>) => (line: TypedLine) =>
    read(line).then(
      (values) => values.map(candidate),
      () => [],
    );
  const asking = (source: ClusterSource) => async (line: TypedLine) => {
    const isThere = kubeconfigs(line, place.env).some(existsSync) || Boolean(place.env.KUBERNETES_SERVICE_HOST);
    const loaded = isThere ? await import('./cluster-values.js').catch(() => undefined) : undefined;
    if (loaded === undefined) return [];
    const packages = [...bundled.flatMap(packageIn('core')), ...installed.flatMap(packageIn('user'))];
    const configDir = configFolder(place.env);
    return await soon(loaded.clusterValues(source, line, { ...place, configDir, packages, importModule }));
  };
  return {
    contexts: quietly(async (line) => await contextsIn(kubeconfigs(line, place.env))),
    clusters: quietly(async () => await clustersIn(configFiles({ configDir: configFolder(place.env), cwd: place.cwd }))),
    namespaces: asking('namespaces'),
    services: asking('services'),
    routedServices: asking('routedServices'),
    versions: asking('versions'),
    shares: asking('shares'),
    routes: asking('routes'),
    routesFiles: asking('routesFiles'),
    sessions: asking('sessions'),
    meshes: async () => ids('adapters'),
    tunnels: async () => ids('tunnels'),
    scenarios: quietly(async () => {
      const modules = entries('adapters').flatMap(({ folder, scenarios }) => textIn(scenarios).map((file) => join(folder, file)));
      const loaded = await Promise.all(modules.map((file) => importModule(file).catch(() => ({}))));
      return (loaded as readonly { readonly scenarios?: unknown }[]).flatMap(({ scenarios }) =>
        recordsIn(scenarios).flatMap(({ id }) => textIn(id)),
      );
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

/** None where it takes too long: whoever waits goes on typing. */
async function soon(values: Promise<readonly Candidate[]>): Promise<readonly Candidate[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<readonly Candidate[]>((resolve) => {
    timer = setTimeout(resolve, LIMIT_MS, []);
  });
  try {
    return await Promise.race([values.catch(() => []), late]);
  } finally {
    clearTimeout(timer);
  }
}

const packageIn = (origin: string) => (root: string) => {
  try {
    const pjson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly name: string; readonly version: string };
    return [{ name: pjson.name, version: pjson.version, root, origin, pjson }];
  } catch {
    return [];
  }
};

/** As kubectl takes them: the flag, else the variable with several, else the default. */
function kubeconfigs({ flags }: TypedLine, env: CompletionPlace['env']): readonly string[] {
  const one = flags.kubeconfig || env.HEDDLE_KUBECONFIG;
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

/** Of the configuration's files, unchecked: what checks them takes longer to load than all else. */
async function clustersIn(files: readonly string[]): Promise<readonly string[]> {
  const { load } = await import('js-yaml');
  const names = files.filter(existsSync).flatMap((file) => {
    const content = load(readFileSync(file, 'utf8')) as { readonly clusters?: unknown } | null;
    return Object.keys(typeof content?.clusters === 'object' ? (content.clusters ?? {}) : {});
  });
  return [...new Set(names)];
}

/** Where the user's configuration is: the folder that oclif would choose, told without loading it. */
function configFolder(env: CompletionPlace['env']): string {
  return env.HEDDLE_CONFIG_DIR || join(env.XDG_CONFIG_HOME || join(env.HOME ?? homedir(), '.config'), 'heddle');
}

const importModule = (file: string): Promise<unknown> => import(pathToFileURL(file).href);

const candidate = (value: string): Candidate => ({ value });

const textIn = (value: unknown): readonly string[] => (typeof value === 'string' && value !== '' ? [value] : []);

function recordsIn(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'object' && each !== null) : [];
}
