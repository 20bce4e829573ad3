import type { Answer, MirrorOutcome, Outcome } from '../model/answer.js';
import type { Labels } from '../model/object.js';
import { type PodRef, podName } from '../model/table.js';
import { type PodVersions, sharedVersion } from './pod-versions.js';

/** One outcome as case files write it; pods as `namespace/name`. */
export interface RecordedOutcome {
  readonly probability: number;
  readonly host: string;
  readonly port?: number;
  readonly subset?: string;
  readonly labels?: Labels;
  readonly pods?: readonly string[];
  readonly status?: number;
  readonly reason?: string;
}

export interface RecordedMirror {
  readonly host: string;
  readonly port?: number;
  readonly subset?: string;
  readonly labels?: Labels;
  readonly percent: number;
  readonly pods?: readonly string[];
}

/** An answer in the words of case files. `route` and `envoy` say how it came about, for people. */
export interface RecordedAnswer {
  readonly status?: number;
  readonly outcomes: readonly RecordedOutcome[];
  readonly protocol?: string;
  readonly mirrors?: readonly RecordedMirror[];
  readonly faults?: unknown;
  readonly redirect?: { readonly code: number; readonly location: string };
  readonly body?: string;
  readonly seen?: { readonly path: string; readonly authority: string };
  readonly route?: string;
  readonly envoy?: string;
}

/**
 * An evaluator's answer in the words of case files. With `versions`, outcomes carry as labels the version that all their Pods share,
 * whatever the rule said: so it is recorded of meshes that have no subsets.
 */
export function recordedAnswer(answer: Answer, versions?: PodVersions): RecordedAnswer {
  const { status, outcomes, protocol, mirrors, faults, redirect, body, seen } = answer;
  return {
    ...(status === undefined ? {} : { status }),
    outcomes: outcomes.map((one) => outcomeOf(one, versions)),
    ...(protocol === undefined ? {} : { protocol }),
    ...(mirrors === undefined || mirrors.length === 0 ? {} : { mirrors: mirrors.map((one) => mirrorOf(one)) }),
    ...(faults === undefined ? {} : { faults }),
    ...(redirect === undefined ? {} : { redirect }),
    ...(body === undefined ? {} : { body }),
    ...(seen === undefined ? {} : { seen }),
  };
}

function outcomeOf(outcome: Outcome, versions: PodVersions | undefined): RecordedOutcome {
  const { probability, host, port, subset, pods, status, reason } = outcome;
  const shared = versions === undefined ? undefined : sharedVersion(pods ?? [], versions);
  const labels = versions === undefined ? outcome.labels : shared === undefined ? undefined : { version: shared };
  return {
    probability,
    host,
    ...(port === undefined ? {} : { port }),
    ...(subset === undefined ? {} : { subset }),
    ...(labels === undefined ? {} : { labels }),
    ...podNames(pods),
    ...(status === undefined ? {} : { status }),
    ...(reason === undefined ? {} : { reason }),
  };
}

function mirrorOf({ host, port, subset, labels, percent, pods }: MirrorOutcome): RecordedMirror {
  return {
    host,
    ...(port === undefined ? {} : { port }),
    ...(subset === undefined ? {} : { subset }),
    ...(labels === undefined ? {} : { labels }),
    percent,
    ...podNames(pods),
  };
}

function podNames(pods: readonly PodRef[] = []): { readonly pods?: readonly string[] } {
  return pods.length === 0 ? {} : { pods: pods.map(podName) };
}
