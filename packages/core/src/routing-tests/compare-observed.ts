import { type Difference, differs, sameData, sameRecorded, statusDiffers } from './difference.js';
import type { RecordedAnswer, RecordedMirror, RecordedOutcome } from './recorded-answer.js';

/** What else to hold against an answer, beyond status, outcomes, mirrors, faults and redirect. */
export type Detail = 'seen' | 'protocol' | 'body';

/**
 * Where an answer differs from an observed one. Status, outcomes, mirrors, faults and redirect are exact, and what is absent in the
 * record must be absent in the answer; order does not count. Pods are compared where the record names them: those of a live cluster
 * have other names with each rollout. What a backend saw of a tcp connection was not recorded of every mesh.
 */
export function observedDifferences(
  observed: RecordedAnswer,
  ours: RecordedAnswer,
  details: readonly Detail[] = [],
): readonly Difference[] {
  return [
    ...statusDiffers(observed.status, ours),
    ...unordered('outcomes', observed.outcomes, ours.outcomes, sameOutcome),
    ...unordered('mirrors', observed.mirrors ?? [], ours.mirrors ?? [], sameMirror),
    ...differs('faults', observed.faults, ours.faults),
    ...differs('redirect', observed.redirect, ours.redirect),
    ...details
      .filter((detail) => !(detail === 'seen' && observed.protocol === 'tcp' && observed.seen === undefined))
      .flatMap((detail) => differs(detail, observed[detail], ours[detail])),
  ];
}

function sameOutcome(observed: RecordedOutcome, ours: RecordedOutcome): boolean {
  const { probability, pods, ...rest } = observed;
  const { probability: our, pods: ourPods, ...ourRest } = ours;
  return sameRecorded(probability, our) && samePods(pods, ourPods) && sameData(rest, ourRest);
}

function sameMirror(observed: RecordedMirror, ours: RecordedMirror): boolean {
  const place = ({ host, port, subset }: RecordedMirror) => ({ host, port, subset });
  return sameRecorded(observed.percent, ours.percent) && samePods(observed.pods, ours.pods) && sameData(place(observed), place(ours));
}

const samePods = (observed: readonly string[] | undefined, ours: readonly string[] = []): boolean =>
  observed === undefined || sameData([...observed].sort(), [...ours].sort());

function unordered<T>(
  what: Difference['what'],
  observed: readonly T[],
  ours: readonly T[],
  same: (observed: T, ours: T) => boolean,
): readonly Difference[] {
  const left = [...ours];
  for (const one of observed) {
    const at = left.findIndex((other) => same(one, other));
    if (at < 0) return [{ what, expected: observed, got: ours }];
    left.splice(at, 1);
  }
  return left.length === 0 ? [] : [{ what, expected: observed, got: ours }];
}
