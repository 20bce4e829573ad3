import {
  type Answer,
  type Detail,
  describeDifference,
  observedDifferences,
  type PodVersions,
  type RecordedAnswer,
  recordedAnswer,
} from '@heddle/core';

/**
 * The first difference between a recorded answer and ours, in words; `undefined` when there is none. With `versions`, outcomes' labels
 * are the version that all their Pods carry, whatever the rule said of them.
 */
export function answerDifference(
  recorded: RecordedAnswer,
  answer: Answer,
  details: readonly Detail[] = [],
  versions?: PodVersions,
): string | undefined {
  const [first] = observedDifferences(recorded, recordedAnswer(answer, versions), details);
  return first === undefined ? undefined : describeDifference(first);
}
