import { globMatches } from '../../config/select-context.js';
import type { ClusterConfig, NamespaceConfig } from '../../config/types.js';
import { cliError } from '../../errors/cli-error.js';

/** What a command works on, as far as it decides the mesh. */
export interface MeshTarget {
  readonly namespace: string;
  readonly service?: string;
}

type Entry = ClusterConfig & { readonly name: string };

/**
 * The configuration's word for a service or namespace, where the cluster's `namespaces` have one: the entry of the service before that of
 * its namespace. Throws `mesh-ambiguous` where two entries of a kind fit.
 */
export function namespaceSetting(entry: Entry | undefined, target: MeshTarget): (NamespaceConfig & { readonly key: string }) | undefined {
  const all = Object.entries(entry?.namespaces ?? {}).map(([key, value]) => {
    const [namespace = '', service] = key.split('/');
    return { key, value, namespace, service };
  });
  const here = all.filter(({ namespace }) => globMatches(namespace, target.namespace));
  const ofService = here.filter(
    ({ service }) => service !== undefined && target.service !== undefined && globMatches(service, target.service),
  );
  const fitting = ofService.length > 0 ? ofService : here.filter(({ service }) => service === undefined);
  const [first, second] = fitting;
  if (first === undefined) return undefined;
  if (second !== undefined) {
    const what = target.service === undefined ? `Namespace ${target.namespace}` : `${target.namespace}/${target.service}`;
    throw cliError(
      'mesh-ambiguous',
      `${what} fits two entries of clusters.${entry?.name}.namespaces in the configuration: ${first.key} and ${second.key}.`,
      ['Change their patterns so that only one of them fits.', `Say which mesh: --mesh ${first.value.mesh}`],
    );
  }
  return { ...first.value, key: first.key };
}

/** The settings that the configuration has for an adapter there: options stand beside the mesh that they are of. */
export function optionsFor(entry: Entry | undefined, target: MeshTarget, adapter: string): Readonly<Record<string, string>> {
  const setting = namespaceSetting(entry, target);
  const ofCluster = entry?.mesh === undefined || entry.mesh === 'auto' || entry.mesh === adapter ? entry?.options : undefined;
  return { ...ofCluster, ...(setting?.mesh === adapter ? setting.options : undefined) };
}
