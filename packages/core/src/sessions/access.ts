import type { AccessCheck, Cluster } from '../contracts/cluster.js';
import type { MeshAdapter } from '../contracts/mesh-adapter.js';
import type { Refusal } from '../model/change.js';

const WRITES = ['create', 'update', 'delete'] as const;

/** Every right that a session needs in the service's namespace. The built-in `edit` role has those that are not the mesh's. */
export function sessionAccess(adapter: MeshAdapter, namespace: string): readonly AccessCheck[] {
  const own = (group: string, resource: string, verbs: readonly string[], subresource?: string): readonly AccessCheck[] =>
    verbs.map((verb) => ({ group, resource, namespace, verb, ...(subresource === undefined ? {} : { subresource }) }));
  return [
    ...own('coordination.k8s.io', 'leases', ['get', 'list', 'watch', ...WRITES]),
    ...own('', 'pods', ['get', 'list', 'watch', 'create', 'delete']),
    ...own('', 'services', ['get', 'list', 'create', 'delete']),
    ...own('', 'secrets', ['get', 'list', 'create', 'delete']),
    ...own('', 'pods', ['create'], 'portforward'),
    ...adapter.kinds.flatMap((kind): readonly AccessCheck[] => {
      const writes = WRITES.filter((verb) => kind.verbs.includes(verb));
      return kind.namespaced
        ? own(kind.group, kind.plural, writes)
        : writes.map((verb) => ({ group: kind.group, resource: kind.plural, verb }));
    }),
  ];
}

/** One refusal that names all missing rights. */
export async function refuseMissingRights(cluster: Cluster, adapter: MeshAdapter, namespace: string): Promise<readonly Refusal[]> {
  const { checks } = await cluster.can(sessionAccess(adapter, namespace));
  const missing = new Map<string, string[]>();
  for (const { allowed, resource, subresource, group, verb } of checks) {
    if (allowed) continue;
    const name = `${resource}${subresource === undefined ? '' : `/${subresource}`}${group === '' ? '' : `.${group}`}`;
    missing.set(name, [...(missing.get(name) ?? []), verb]);
  }
  if (missing.size === 0) return [];
  const list = [...missing].map(([name, verbs]) => `${verbs.join(', ')} ${name}`).join('; ');
  return [
    {
      code: 'missing-rights',
      message: `In namespace ${namespace} you may not ${list}`,
      instead:
        "Ask for the role edit in the namespace, and for the mesh's own objects a role that names them (heddle doctor lists all rights)",
    },
  ];
}
