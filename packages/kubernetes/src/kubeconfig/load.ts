import { readFile } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { UserError } from '@heddle/core';
import type { Kubeconfig } from './entries.js';
import { inClusterConfig } from './in-cluster.js';
import { mergeKubeconfigs, parseKubeconfig } from './parse.js';

/** Where a kubeconfig is looked for. `explicit` is what the user named on the command line. */
export interface KubeconfigPlace {
  readonly explicit?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** Where a pod finds its service account; another path only in tests. */
  readonly serviceAccount?: string;
}

/**
 * The named file alone; else the files of KUBECONFIG, those that exist; else `~/.kube/config`; else the pod's service account.
 * Throws `UserError` `kubeconfig-not-found`, `kubeconfig-unreadable` or `kubeconfig-invalid`.
 */
export async function loadKubeconfig(place: KubeconfigPlace): Promise<Kubeconfig> {
  if (place.explicit !== undefined) {
    const file = resolve(place.explicit);
    const text = await textIfThere(file);
    if (text === undefined) throw notFound(`the kubeconfig ${file} does not exist`);
    return parseKubeconfig(text, file);
  }
  const listed = (place.env.KUBECONFIG ?? '').split(delimiter).filter((file) => file !== '');
  const files = listed.length > 0 ? listed.map((file) => resolve(file)) : [join(place.home, '.kube', 'config')];
  const found: Kubeconfig[] = [];
  for (const file of new Set(files)) {
    const text = await textIfThere(file);
    if (text !== undefined) found.push(await parseKubeconfig(text, file));
  }
  if (found.length > 0) return mergeKubeconfigs(found);
  const inCluster = listed.length > 0 ? undefined : await inClusterConfig(place);
  if (inCluster !== undefined) return inCluster;
  throw notFound(
    listed.length > 0
      ? `no file of KUBECONFIG exists (${files.join(', ')})`
      : `there is no kubeconfig: KUBECONFIG is not set and ${files[0]} does not exist`,
  );
}

async function textIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new UserError({
      code: 'kubeconfig-unreadable',
      exit: 'usage',
      message: `the kubeconfig ${file} cannot be read (${code})`,
      next: ['Make it readable for you.', 'Name another kubeconfig with --kubeconfig or KUBECONFIG.'],
      cause,
    });
  }
}

function notFound(message: string): UserError {
  return new UserError({
    code: 'kubeconfig-not-found',
    exit: 'usage',
    message,
    next: ['Name a kubeconfig with --kubeconfig or KUBECONFIG.', 'Start a cluster to try things on: heddle sandbox start'],
  });
}
