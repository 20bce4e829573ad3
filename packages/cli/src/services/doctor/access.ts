import type { AccessCheck, MeshAdapter } from '@heddle/core';

const WRITES = ['create', 'update', 'delete'] as const;

/** The rights that a session needs in its service's namespace; a test compares them with what core asks for when it plans. */
export function sessionRights(adapter: MeshAdapter, namespace: string): readonly AccessCheck[] {
  const own = (group: string, resource: string, verbs: readonly string[], subresource?: string): readonly AccessCheck[] =>
    verbs.map((verb) => ({ group, resource, namespace, verb, ...(subresource === undefined ? {} : { subresource }) }));
  return [
    ...own('coordination.k8s.io', 'leases', ['get', 'list', 'watch', ...WRITES]),
    ...own('', 'pods', ['get', 'list', 'watch', 'create', 'delete']),
    ...own('', 'services', ['get', 'list', 'create', 'delete']),
    ...own('', 'secrets', ['get', 'list', 'create', 'delete']),
    ...own('', 'pods', ['create'], 'portforward'),
    ...adapter.kinds.flatMap(({ group, plural, namespaced, verbs }) => {
      const writes = WRITES.filter((verb) => verbs.includes(verb));
      return namespaced ? own(group, plural, writes) : writes.map((verb) => ({ group, resource: plural, verb }));
    }),
  ];
}
