import type { KubeObject } from '@heddle/core';

/** The recorded Pods are those of files; in a cluster what says that they are in a Kuma mesh is the sidecar. */
export function injected(object: KubeObject): KubeObject {
  if (object.kind !== 'Pod') return object;
  const spec = object.spec as { readonly containers: readonly unknown[] };
  return { ...object, spec: { ...spec, containers: [...spec.containers, { name: 'kuma-sidecar' }] } };
}
