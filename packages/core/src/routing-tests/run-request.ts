import type { Decoded } from '../contracts/mesh-adapter.js';
import { joinsRepeated } from '../evaluate/evaluate.js';
import { parseRequest } from '../evaluate/parse-request.js';
import { explainRequest } from '../explain/explain-request.js';
import type { Answer } from '../model/answer.js';
import type { Client } from '../model/view.js';
import { expectedDifferences } from './compare-expected.js';
import { observedDifferences } from './compare-observed.js';
import type { Difference } from './difference.js';
import type { PodVersions } from './pod-versions.js';
import { type RecordedAnswer, recordedAnswer } from './recorded-answer.js';
import type { TestRequest } from './routing-test.js';

export interface RunOptions {
  readonly caller: Client;
  /** Envoy's version: one before 1.39 chooses `observedOlderEnvoy` where a request has it. Absent: the newest. */
  readonly envoy?: string;
  /** The versions of the Pods that may answer. */
  readonly versions: PodVersions;
  /** What labels of outcomes say: those of the subset that a rule names, or the version that all Pods of the outcome share. */
  readonly labels: 'subset' | 'pods';
}

/** How a request came out. */
export interface TestResult {
  readonly answer: Answer;
  /** The answer in the words of case files. */
  readonly recorded: RecordedAnswer;
  /** Empty: it is as the case says. */
  readonly differences: readonly Difference[];
  /** Why the answer cannot be known, so that nothing can pass. */
  readonly undecided?: string;
}

/** Answers a request of a case, and compares with all that the case says of it. */
export function runRequest(request: TestRequest, decoded: Decoded, options: RunOptions): TestResult {
  const envoy = options.envoy === undefined ? {} : { envoy: options.envoy };
  const { answer } = explainRequest(decoded.tables, options.caller, parseRequest(request), envoy);
  const recorded = recordedAnswer(answer, options.labels === 'pods' ? options.versions : undefined);
  const undecided = whyUndecided(decoded, answer);
  if (undecided !== undefined) return { answer, recorded, differences: [], undecided };
  const observed = observedFor(request, options.envoy);
  return {
    answer,
    recorded,
    differences: [
      ...(request.expect === undefined ? [] : expectedDifferences(request.expect, answer, options.versions)),
      ...(observed === undefined ? [] : observedDifferences(observed, recorded)),
    ],
  };
}

/** What was observed of the Envoy that is asked about. */
export function observedFor(
  request: Pick<TestRequest, 'observed' | 'observedOlderEnvoy'>,
  envoy: string | undefined,
): RecordedAnswer | undefined {
  return joinsRepeated(envoy) ? (request.observedOlderEnvoy ?? request.observed) : request.observed;
}

function whyUndecided({ gaps }: Decoded, { notes }: Answer): string | undefined {
  const [gap] = gaps;
  if (gap !== undefined) return `${gap.feature}: ${gap.message}`;
  return notes.find((note) => note.startsWith('depends on '));
}
