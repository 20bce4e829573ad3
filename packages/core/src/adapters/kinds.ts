import type { ClusterFacts } from '../contracts/cluster.js';
import type { ResourceKind, Verb } from '../model/object.js';

export const READ_VERBS: readonly Verb[] = ['get', 'list', 'watch'];
/** Rules of ours are searched for in the kinds that have these. */
export const WRITE_VERBS: readonly Verb[] = [...READ_VERBS, 'create', 'update', 'delete'];

const kind = (name: string, plural: string, namespaced: boolean): ResourceKind => ({
  group: '',
  kind: name,
  plural,
  namespaced,
  versions: ['v1'],
  verbs: READ_VERBS,
});

/** What every adapter reads of Kubernetes itself. */
export const KUBERNETES_KINDS: readonly ResourceKind[] = [
  kind('Service', 'services', true),
  kind('Pod', 'pods', true),
  kind('Namespace', 'namespaces', false),
];

/** `MeshEnvironment.served`: for each kind that is served, the first of its versions that the cluster has. */
export function servedVersions(kinds: readonly ResourceKind[], served: ClusterFacts['served']): Readonly<Record<string, string>> {
  return Object.fromEntries(
    kinds.flatMap(({ group, kind: name, versions }): [string, string][] => {
      const here = served.find((one) => one.group === group && one.kind === name)?.versions ?? [];
      const version = versions.find((one) => here.includes(one));
      return version === undefined ? [] : [[name, group === '' ? version : `${group}/${version}`]];
    }),
  );
}
