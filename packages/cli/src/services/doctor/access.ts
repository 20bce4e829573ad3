import type { AccessCheck, MeshAdapter } from '@heddle/core';

/** What every session needs for its own objects; a test compares it with what core asks for when it plans. */
export function ownRights(namespace: string): readonly AccessCheck[] {
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

/** What a session may need for the mesh's objects; which of these, only its plan knows. */
export function meshRights(adapter: MeshAdapter, namespace: string): readonly AccessCheck[] {
  return adapter.kinds.flatMap(({ group, plural, namespaced, verbs }) =>
    ['create', 'update', 'delete']
      .filter((verb) => verbs.some((each) => each === verb))
      .map((verb) => ({ group, resource: plural, verb, ...(namespaced ? { namespace } : {}) })),
  );
}
