import type { MirrorOutcome, Outcome } from '../model/answer.js';
import { labelsMatch } from '../model/object.js';
import { podName } from '../model/table.js';
import { sameData } from './difference.js';
import type { ExpectedMirror, ExpectedOutcome } from './expectation.js';
import { type PodVersions, versionOfPod } from './pod-versions.js';

/** The part of an outcome that Pods of one version answer. */
export interface Share {
  readonly outcome: Outcome;
  /** The `version` label of these Pods, else what the mesh calls them; first of all names that it goes by. */
  readonly version: string | undefined;
  /** Also by the mesh's name for it: a subset's, a tag. */
  readonly versions: readonly string[];
  readonly probability: number;
}

/** Pods of an outcome are equally likely, so each version among them has its share. */
export function sharesOf(outcome: Outcome, podVersions: PodVersions): readonly Share[] {
  const { pods = [], probability, version: named, subset, labels } = outcome;
  const share = (version: string | undefined, part: number): Share => {
    const versions = [version, named, subset, labels?.version].filter((name) => name !== undefined);
    return { outcome, version: versions[0], versions, probability: probability * part };
  };
  const counts = new Map<string | undefined, number>();
  for (const pod of pods) counts.set(versionOfPod(pod, podVersions), (counts.get(versionOfPod(pod, podVersions)) ?? 0) + 1);
  return pods.length === 0 ? [share(undefined, 1)] : [...counts].map(([version, count]) => share(version, count / pods.length));
}

/** Whether a share is one of the answers that an expected outcome stands for; its probability is not looked at. */
export function fitsShare(expected: ExpectedOutcome, share: Share): boolean {
  const { outcome } = share;
  return fitsPlace(expected, outcome, share) && same(expected.status, outcome.status) && same(expected.reason, outcome.reason);
}

/** The same for copies, whose percentage is not looked at. */
export function fitsMirror(expected: ExpectedMirror, mirror: MirrorOutcome, versions: PodVersions): boolean {
  return sharesOf({ ...mirror, probability: 1 }, versions).some((share) => fitsPlace(expected, mirror, share));
}

/** A share in the words of an expectation. */
export function shownShare({ outcome, version, probability }: Share): ExpectedOutcome {
  const { host, port, subset, pods = [], status, reason } = outcome;
  return {
    probability: roundedShare(probability),
    host,
    ...(port === undefined ? {} : { port }),
    ...(subset === undefined ? {} : { subset }),
    ...(version === undefined ? {} : { version }),
    ...(pods.length === 0 ? {} : { pods: pods.map(podName) }),
    ...(status === undefined ? {} : { status }),
    ...(reason === undefined ? {} : { reason }),
  };
}

/** `version v2 of reviews.default.svc.cluster.local`. */
export function describeShare({ outcome, version }: Share): string {
  return version === undefined ? outcome.host : `version ${version} of ${outcome.host}`;
}

/** Six digits: more than people write. */
export const roundedShare = (value: number): number => Math.round(value * 1e6) / 1e6;

function fitsPlace({ host, port, subset, version, labels, pods }: ExpectedMirror, got: Outcome | MirrorOutcome, share: Share): boolean {
  return (
    same(host, got.host) &&
    same(port, got.port) &&
    same(subset, got.subset) &&
    (version === undefined || share.versions.includes(version)) &&
    (labels === undefined || labelsMatch(labels, { ...(share.version === undefined ? {} : { version: share.version }), ...got.labels })) &&
    (pods === undefined || sameData([...pods].sort(), (got.pods ?? []).map(podName).sort()))
  );
}

const same = (expected: string | number | undefined, got: string | number | undefined): boolean =>
  expected === undefined || expected === got;
