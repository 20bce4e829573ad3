import { type KubeObject, metaOf } from '../model/object.js';
import type { PodRef } from '../model/table.js';

/** The `version` label of each Pod, by `namespace/name`; absent where a Pod carries none. */
export type PodVersions = ReadonlyMap<string, string | undefined>;

export function podVersions(pods: readonly KubeObject[]): PodVersions {
  return new Map(
    pods
      .map(metaOf)
      .map(({ namespace = '', name, labels }): readonly [string, string | undefined] => [`${namespace}/${name}`, labels.version]),
  );
}

export const versionOfPod = ({ namespace, name }: PodRef, versions: PodVersions): string | undefined =>
  versions.get(`${namespace}/${name}`);

/** The version that all of these Pods carry; `undefined` when they differ or carry none. */
export function sharedVersion(pods: readonly PodRef[], versions: PodVersions): string | undefined {
  const [version, ...others] = new Set(pods.map((pod) => versionOfPod(pod, versions)));
  return others.length === 0 ? version : undefined;
}
