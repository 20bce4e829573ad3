import { type MirrorOutcome, type Outcome, type PodVersions, sharedVersion } from '@heddle/core';

/** The version that an outcome goes to: as the mesh calls it, else what its Pods say, where all say the same. */
export function versionOf(one: Outcome | MirrorOutcome, pods: PodVersions): string | undefined {
  return ('version' in one ? one.version : undefined) ?? one.subset ?? one.labels?.version ?? sharedVersion(one.pods ?? [], pods);
}

/**
 * An outcome with its version. Where the mesh knows no subsets, versions are told by Pods: then its labels are the version that they all
 * share, as in recorded answers.
 */
export function withVersion(one: Outcome, pods: PodVersions, subsets: boolean): Outcome {
  const version = versionOf(one, pods);
  const named = version === undefined ? one : { ...one, version };
  if (subsets) return named;
  const shared = sharedVersion(one.pods ?? [], pods);
  const { labels: _, ...bare } = named;
  return shared === undefined ? bare : { ...bare, labels: { version: shared } };
}
