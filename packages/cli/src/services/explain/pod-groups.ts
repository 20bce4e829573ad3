import { type KubeObject, type Labels, metaOf } from '@heddle/core';

/** Labels that controllers put on Pods to tell them apart: no rule is about these. */
const OF_ONE_POD = ['pod-template-hash', 'controller-revision-hash', 'statefulset.kubernetes.io/pod-name', 'apps.kubernetes.io/pod-index'];

/** Pods by namespace and labels: those of a group are the same to the mesh. */
export function alike(pods: readonly KubeObject[]): readonly (readonly KubeObject[])[] {
  const groups = new Map<string, KubeObject[]>();
  for (const pod of pods) {
    const { namespace, labels } = metaOf(pod);
    const key = JSON.stringify([namespace, ...telling(labels)]);
    groups.set(key, [...(groups.get(key) ?? []), pod]);
  }
  return [...groups.values()];
}

const telling = (labels: Labels): readonly string[] =>
  Object.entries(labels)
    .filter(([key]) => !OF_ONE_POD.includes(key))
    .map(([key, value]) => `${key}=${value}`)
    .sort();
