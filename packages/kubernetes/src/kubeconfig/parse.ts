import { dirname } from 'node:path';
import { inputError, isRecord, UserError } from '@heddle/core';
import type { Entry, Kubeconfig } from './entries.js';

/** Reads one file's text. Entries are looked into when they are used, so that a broken one spoils only its own context. */
export async function parseKubeconfig(text: string, file: string): Promise<Kubeconfig> {
  const document = await parseYaml(text, file);
  if (!isRecord(document)) {
    const received = Array.isArray(document) ? 'a list' : typeof document;
    throw inputError('kubeconfig-invalid', { path: file, expected: 'a mapping with clusters, contexts and users', received }, [
      'Correct the file.',
      'Name another kubeconfig with --kubeconfig or KUBECONFIG.',
    ]);
  }
  const current = document['current-context'];
  return {
    files: [file],
    ...(typeof current === 'string' && current !== '' ? { currentContext: current } : {}),
    clusters: entriesOf(document, 'clusters', 'cluster', file),
    contexts: entriesOf(document, 'contexts', 'context', file),
    users: entriesOf(document, 'users', 'user', file),
  };
}

/**
 * For every name the first file that has it counts, whole; so does the first `current-context`
 * (kubernetes.io, "Organizing Cluster Access Using kubeconfig Files", merging rules).
 */
export function mergeKubeconfigs(configs: readonly Kubeconfig[]): Kubeconfig {
  const first = (pick: (config: Kubeconfig) => ReadonlyMap<string, Entry>): ReadonlyMap<string, Entry> => {
    const merged = new Map<string, Entry>();
    for (const [name, entry] of configs.flatMap((config) => [...pick(config)])) if (!merged.has(name)) merged.set(name, entry);
    return merged;
  };
  const current = configs.find((config) => config.currentContext !== undefined)?.currentContext;
  return {
    files: configs.flatMap((config) => config.files),
    ...(current === undefined ? {} : { currentContext: current }),
    clusters: first((config) => config.clusters),
    contexts: first((config) => config.contexts),
    users: first((config) => config.users),
  };
}

async function parseYaml(text: string, file: string): Promise<unknown> {
  if (text.trim() === '') return {};
  const { load } = await import('js-yaml');
  try {
    return load(text) ?? {};
  } catch (cause) {
    const words = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    throw new UserError({
      code: 'kubeconfig-invalid',
      exit: 'usage',
      message: `${file} is not valid YAML: ${words}`,
      next: ['Correct the file.', 'Name another kubeconfig with --kubeconfig or KUBECONFIG.'],
      cause,
    });
  }
}

function entriesOf(document: Record<string, unknown>, list: string, key: string, file: string): ReadonlyMap<string, Entry> {
  const items = document[list];
  const entries = new Map<string, Entry>();
  if (!Array.isArray(items)) return entries;
  for (const [index, item] of items.entries()) {
    if (!isRecord(item) || typeof item.name !== 'string' || item.name === '' || entries.has(item.name)) continue;
    const body = item[key];
    entries.set(item.name, {
      name: item.name,
      body: isRecord(body) ? body : {},
      where: `${file}: ${list}[${index}].${key}`,
      directory: dirname(file),
    });
  }
  return entries;
}
