import type { AccessCheck, Cluster } from '../contracts/cluster.js';
import type { MeshAdapter } from '../contracts/mesh-adapter.js';
import type { ObjectEdit, Refusal } from '../model/change.js';
import { groupOf } from '../model/object.js';
import { type Observed, queriesIn } from '../model/observed.js';

/** What a session needs for its own objects, all in the service's namespace. The built-in `edit` role has it. */
export function ownAccess(namespace: string): readonly AccessCheck[] {
  const own = (group: string, resource: string, verbs: readonly string[], subresource?: string): readonly AccessCheck[] =>
    verbs.map((verb) => ({ group, resource, namespace, verb, ...(subresource === undefined ? {} : { subresource }) }));
  return [
    ...own('coordination.k8s.io', 'leases', ['get', 'list', 'watch', 'create', 'update', 'delete']),
    ...own('', 'pods', ['get', 'list', 'watch', 'create', 'delete']),
    ...own('', 'services', ['get', 'list', 'create', 'delete']),
    ...own('', 'secrets', ['get', 'list', 'create', 'delete']),
    ...own('', 'pods', ['create'], 'portforward'),
  ];
}

/** What an adapter's `reads` need that led to what was seen, and watching the same, as a session does. */
export function readAccess(adapter: MeshAdapter, seen: Observed): readonly AccessCheck[] {
  const checks = queriesIn(seen).flatMap(({ group, kind, namespace }) => {
    const found = adapter.kinds.find((one) => one.group === group && one.kind === kind);
    const verbs = ['list', 'watch'].filter((verb) => found?.verbs.some((one) => one === verb));
    return verbs.map((verb) => ({ group, resource: found?.plural ?? '', verb, ...(namespace === undefined ? {} : { namespace }) }));
  });
  return [...new Map(checks.map((check) => [Object.values(check).join(' '), check])).values()];
}

/** What the edits need, and what undoing them will. */
export function editAccess(adapter: MeshAdapter, edits: readonly ObjectEdit[]): readonly AccessCheck[] {
  return edits.flatMap(({ ref, op }) => {
    const kind = adapter.kinds.find((one) => one.kind === ref.kind && one.group === groupOf(ref.apiVersion));
    if (kind === undefined) return [];
    const verbs = op === 'create' ? ['create', 'update', 'delete'] : op === 'replace' ? ['update'] : ['delete'];
    const where = ref.namespace === undefined ? {} : { namespace: ref.namespace };
    return verbs.map((verb) => ({ group: kind.group, resource: kind.plural, verb, ...where }));
  });
}

/** One refusal that names all missing rights. */
export async function refuseMissingRights(cluster: Cluster, needed: readonly AccessCheck[]): Promise<readonly Refusal[]> {
  if (needed.length === 0) return [];
  const { checks } = await cluster.can(needed);
  const missing = new Map<string, Set<string>>();
  for (const { allowed, resource, subresource, group, namespace, verb } of checks) {
    if (allowed) continue;
    const name = `${resource}${subresource === undefined ? '' : `/${subresource}`}${group === '' ? '' : `.${group}`}`;
    const what = `${name} ${namespace === undefined ? 'in the cluster' : `in namespace ${namespace}`}`;
    missing.set(what, (missing.get(what) ?? new Set()).add(verb));
  }
  if (missing.size === 0) return [];
  return [
    {
      code: 'missing-rights',
      message: `You may not ${[...missing].map(([what, verbs]) => `${[...verbs].join(', ')} ${what}`).join('; ')}`,
      instead:
        "Ask for the role edit in the namespace, and for the mesh's own objects a role that names them (heddle doctor lists all rights)",
    },
  ];
}
