import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { load } from 'js-yaml';
import { parsed, rewritten, setInYaml, unsetInYaml, withoutValue, withValue } from '../config/edit-yaml.js';
import { configFiles, nearestProjectFile, PROJECT_FILE, USER_FILE } from '../config/files.js';
import { keyText, keyWord, parseKey, schemaAt } from '../config/key.js';
import { builtIn } from '../config/load.js';
import { checkedContent, readText } from '../config/read-file.js';
import type { Schema } from '../config/schema.js';
import { type Override, type Setting, settingsOf } from '../config/settings.js';
import { replaceFile } from '../config/write-file.js';
import { cliError } from '../errors/cli-error.js';
import type { Output } from '../terminal/output.js';

export interface ConfigReport {
  readonly settings: readonly Setting[];
  /** The files that were read, lowest first. */
  readonly files: readonly string[];
}

export interface ConfigValue {
  readonly key: string;
  readonly value: unknown;
  /** The values at or below the key, and where each comes from. */
  readonly settings: readonly Setting[];
}

export interface ConfigChange {
  readonly file: string;
  readonly key: string;
  /** Absent when it was taken out. */
  readonly value?: unknown;
  /** What the file said before. */
  readonly before?: unknown;
  readonly changed: boolean;
}

export interface ConfigPaths {
  readonly user: { readonly file: string; readonly exists: boolean };
  /** The nearest one, or where `--project` would make it. */
  readonly project: { readonly file: string; readonly exists: boolean };
}

export interface ConfigService {
  show(overrides: readonly Override[]): ConfigReport;
  /** Throws `config-key`, or `config-unset` for a key without a value. */
  get(key: string, overrides: readonly Override[]): ConfigValue;
  set(key: string, value: string, options: { readonly project: boolean }): Promise<ConfigChange>;
  unset(key: string, options: { readonly project: boolean }): Promise<ConfigChange>;
  paths(): ConfigPaths;
}

export interface ConfigDeps {
  readonly configDir: string;
  readonly cwd: string;
  /** The agent's image where nobody names one, by the tunnel's id. */
  readonly agentImage: (tunnel: string) => string;
  /** The ids of what is installed. */
  readonly installed: (kind: 'adapter' | 'tunnel') => readonly string[];
  readonly output: Pick<Output, 'consent' | 'warn'>;
}

export function createConfigService(deps: ConfigDeps): ConfigService {
  const show = (overrides: readonly Override[]): ConfigReport => {
    const layers = configFiles(deps).flatMap((file) => {
      const text = readText(file);
      return text === undefined ? [] : [{ file, text, content: checkedContent(file, text, [`Correct the file.`]) }];
    });
    const { agent, defaults } = builtIn('');
    const settings = (over: readonly Override[]) => settingsOf({ agent, defaults }, layers, over);
    const held = agentImage(settings(overrides), tunnelOf(settings([])), deps.agentImage);
    return { settings: settings(overrides).map((each) => (each.key === held.key ? held : each)), files: layers.map(({ file }) => file) };
  };
  const fileOf = (project: boolean) =>
    project ? (nearestProjectFile(deps.cwd) ?? join(deps.cwd, PROJECT_FILE)) : join(deps.configDir, USER_FILE);
  return {
    show,
    get: (key, overrides) => getValue(show(overrides).settings, key),
    paths: () => {
      const at = (file: string) => ({ file, exists: existsSync(file) });
      return { user: at(fileOf(false)), project: at(fileOf(true)) };
    },
    set: async (key, text, { project }) => {
      const path = parseKey(key);
      const value = wantedValue(text, schemaAt(path));
      const change = await edit(deps, fileOf(project), keyText(path), {
        path,
        apply: (before) => setInYaml(before, path, value),
        wanted: (document) => withValue(document, path, value),
      });
      warnIfHidden(deps, show([]), { ...change, value });
      warnIfUnknown(deps, path, value);
      return { ...change, value };
    },
    unset: async (key, { project }) => {
      const path = parseKey(key);
      const file = fileOf(project);
      if (valueAt(parsed(readText(file) ?? ''), path) === undefined) {
        schemaAt(path);
        return { file, key: keyText(path), changed: false };
      }
      return edit(deps, file, keyText(path), {
        path,
        apply: (before) => unsetInYaml(before, path),
        wanted: (document) => withoutValue(document, path),
      });
    },
  };
}

const tunnelOf = (settings: readonly Setting[]) => String(settings.find(({ key }) => key === 'defaults.tunnel')?.value);

/** `agent.image` as it holds for the tunnel that is chosen: a file's is for the default tunnel, and `agent.images` counts before it. */
function agentImage(settings: readonly Setting[], defaultTunnel: string, builtInImage: ConfigDeps['agentImage']): Setting {
  const key = 'agent.image';
  const tunnel = tunnelOf(settings);
  const own = settings.find((each) => each.key === key);
  if (own?.from === 'flag' || own?.from === 'environment') return own;
  const ofTunnel = settings.find((each) => each.key === keyText(['agent', 'images', tunnel]));
  if (ofTunnel !== undefined) return { ...ofTunnel, key };
  if (own?.from === 'file' && tunnel === defaultTunnel) return own;
  return { key, value: builtInImage(tunnel), from: 'built-in' };
}

function getValue(settings: readonly Setting[], text: string): ConfigValue {
  const path = parseKey(text);
  schemaAt(path);
  const key = keyText(path);
  const found = settings.filter((setting) => setting.key === key || setting.key.startsWith(`${key}.`));
  const [first] = found;
  if (first === undefined) throw cliError('config-unset', `${key} has no value.`, [`Give it one: heddle config set ${firstBelow(path)}`]);
  if (first.key === key) return { key, value: first.value, settings: found };
  const value = found.reduce<Readonly<Record<string, unknown>>>(
    (document, setting) => withValue(document, parseKey(setting.key).slice(path.length), setting.value),
    {},
  );
  return { key, value, settings: found };
}

/** What to set first: of an entry with keys that it needs, the first of them. */
function firstBelow(path: readonly string[]): string {
  const { type, required: [needed] = [] } = schemaAt(path);
  if (needed !== undefined) return `${keyWord([...path, needed])} VALUE`;
  return `${keyWord(type === 'object' ? [...path, 'KEY'] : path)} VALUE`;
}

interface Edit {
  readonly path: readonly string[];
  /** The edited text; `undefined` where only writing the file anew will do. */
  readonly apply: (text: string) => string | undefined;
  readonly wanted: (document: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;
}

/** Checks the whole file as it would be before anything is written. */
async function edit({ output }: ConfigDeps, file: string, key: string, { path, apply, wanted }: Edit): Promise<ConfigChange> {
  const text = readText(file) ?? '';
  const document = wellFormed(file, text);
  const before = valueAt(document, path);
  const after = wanted(document);
  const change = { file, key, ...(before === undefined ? {} : { before }) };
  if (isDeepStrictEqual(after, document)) return { ...change, changed: false };
  const edited = apply(text);
  const result = edited ?? rewritten(after);
  checkedContent(file, result, [
    'Nothing was written.',
    ...(path[0] === 'clusters' ? ['Say first which contexts it is for: heddle config set clusters.NAME.context CONTEXT'] : []),
  ]);
  if (edited === undefined && text.includes('#'))
    await output.consent(`${file} is written in a way that cannot be edited in place; written anew it loses its comments. Go on?`);
  replaceFile(file, result);
  return { ...change, changed: true };
}

/** What a file says, fitting the schema or not. Throws `config-syntax`. */
function wellFormed(file: string, text: string): Readonly<Record<string, unknown>> {
  try {
    return parsed(text);
  } catch {
    return checkedContent(file, text, []) as Readonly<Record<string, unknown>>;
  }
}

/** A word of the command line as the schema wants it; one that does not fit stays as it is, and the check says what was expected. */
function wantedValue(text: string, { type }: Schema): unknown {
  if (type === 'string') return text;
  if (type === 'integer' || type === 'number') return /^-?\d+$/.test(text) ? Number(text) : text;
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  try {
    return load(text);
  } catch {
    return text;
  }
}

function valueAt(document: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (below, key) =>
      typeof below === 'object' && below !== null && Object.hasOwn(below, key)
        ? (below as Readonly<Record<string, unknown>>)[key]
        : undefined,
    document,
  );
}

/** A value in the user's file that the project's file overrides has no effect here. */
function warnIfHidden({ output }: ConfigDeps, { settings }: ConfigReport, { key, file, value }: ConfigChange): void {
  const now = settings.find((setting) => setting.key === key);
  if (typeof value === 'object' || (now !== undefined && isDeepStrictEqual(now.value, value))) return;
  output.warn(`${key} in ${file} has no effect here: ${now?.file ?? 'another file'} says otherwise and counts before it.`);
}

/** A mesh or tunnel may be installed later, so naming one that is not there is no error. */
function warnIfUnknown({ output, installed }: ConfigDeps, path: readonly string[], value: unknown): void {
  const kind = path.at(-1) === 'mesh' ? 'adapter' : path.at(-1) === 'tunnel' ? 'tunnel' : undefined;
  if (kind === undefined || path.includes('options') || value === 'auto') return;
  const ids = installed(kind);
  if (ids.includes(String(value))) return;
  output.warn(`No ${kind} ${String(value)} is installed; there is ${ids.join(', ') || 'none'}. See heddle adapters.`);
}
