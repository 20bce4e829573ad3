import type { AccessCheck, MeshAdapter } from '@heddle/core';

/** What a session may need for the mesh's objects; which of these, only its plan knows. */
export function meshRights(adapter: MeshAdapter, namespace: string): readonly AccessCheck[] {
  return adapter.kinds.flatMap(({ group, plural, namespaced, verbs }) =>
    ['create', 'update', 'delete']
      .filter((verb) => verbs.some((each) => each === verb))
      .map((verb) => ({ group, resource: plural, verb, ...(namespaced ? { namespace } : {}) })),
  );
}
