import { type KubeObject, type Observed, refKey, refOf } from '@heddle/core';

/** What was seen, as if some objects were not there. */
export function withoutObjects(seen: Observed, objects: readonly KubeObject[]): Observed {
  if (objects.length === 0) return seen;
  const keys = new Set(objects.map((object) => refKey(refOf(object))));
  return new Map(
    [...seen].map(([query, observation]) => [
      query,
      'objects' in observation ? { objects: observation.objects.filter((object) => !keys.has(refKey(refOf(object)))) } : observation,
    ]),
  );
}
