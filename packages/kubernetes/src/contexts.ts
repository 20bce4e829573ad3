import { homedir } from 'node:os';
import { textOf } from './kubeconfig/entries.js';
import { loadKubeconfig } from './kubeconfig/load.js';

export interface KubeContext {
  readonly name: string;
  /** The name of the kubeconfig's cluster entry. */
  readonly cluster: string;
  readonly namespace?: string;
  readonly current: boolean;
}

/**
 * The contexts of the kubeconfig that `connectCluster` would use, in the order they are written in.
 * Makes no request. Throws `UserError` (`kubeconfig-not-found`, `kubeconfig-unreadable`, `kubeconfig-invalid`).
 */
export async function listContexts(options: { readonly kubeconfig?: string } = {}): Promise<readonly KubeContext[]> {
  const { kubeconfig } = options;
  const config = await loadKubeconfig({ ...(kubeconfig === undefined ? {} : { explicit: kubeconfig }), env: process.env, home: homedir() });
  return [...config.contexts.values()].map((entry) => {
    const namespace = textOf(entry, 'namespace');
    return {
      name: entry.name,
      cluster: textOf(entry, 'cluster') ?? '',
      ...(namespace === undefined ? {} : { namespace }),
      current: entry.name === config.currentContext,
    };
  });
}
