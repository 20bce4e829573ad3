import { observedDifferences, type TestRequest, type TestResult } from '@heddle/core';
import type { PreparedCase } from '../prepare-case.js';
import type { Finding } from './edits.js';

/** The last Envoy that matches repeated headers together. */
const OLDER_ENVOY = '1.38';

export interface Recording {
  readonly finding: Omit<Finding, 'path'>;
  /** In words: `observed added`. */
  readonly wrote: readonly string[];
}

/**
 * What --record writes into a request: `observed` where the case says nothing of it, or where what was observed is not so any more;
 * then also what the backend sees. An `expect` of people stays what they want. `withPods`: their names will be the same next time.
 */
export async function recordingOf(prepared: PreparedCase, request: TestRequest, withPods: boolean): Promise<Recording | undefined> {
  if (request.expect !== undefined && request.observed === undefined) return undefined;
  const now = await prepared.answer(request, undefined);
  const older = await prepared.answer(request, OLDER_ENVOY);
  if (now.undecided !== undefined || older.undecided !== undefined) return undefined;
  const differ = observedDifferences(now.recorded, older.recorded).length > 0;
  const fresh = request.observed === undefined;
  const observed = holds(request.observed, now) ? undefined : recordOf(now, withPods);
  const observedOlderEnvoy =
    (request.observedOlderEnvoy === undefined && !differ) || holds(request.observedOlderEnvoy, older)
      ? undefined
      : recordOf(older, withPods);
  const seen = fresh ? now.recorded.seen : seenChange(request.expect?.seen, now.recorded.seen);
  const finding = {
    ...(observed === undefined ? {} : { observed }),
    ...(observedOlderEnvoy === undefined ? {} : { observedOlderEnvoy }),
    ...(seen === undefined ? {} : { seen }),
  };
  const wrote = [
    ...(seen === undefined ? [] : [`expect.seen ${fresh ? 'added' : 'changed'}`]),
    ...(observed === undefined ? [] : [`observed ${fresh ? 'added' : 'changed'}`]),
    ...(observedOlderEnvoy === undefined ? [] : [`observedOlderEnvoy ${request.observedOlderEnvoy === undefined ? 'added' : 'changed'}`]),
  ];
  return wrote.length === 0 ? undefined : { finding, wrote };
}

/** Nothing where it holds; an empty one where the request reaches no backend any more. */
function seenChange(noted: NonNullable<TestRequest['expect']>['seen'], now: Finding['seen'] = {}): Finding['seen'] {
  if (noted === undefined) return undefined;
  const keys =
    Object.keys(noted).length === 0 ? (['path', 'authority'] as const) : (['path', 'authority'] as const).filter((key) => key in noted);
  return keys.every((key) => noted[key] === now[key]) ? undefined : now;
}

const holds = (observed: TestRequest['observed'], { recorded }: TestResult): boolean =>
  observed !== undefined && observedDifferences(observed, recorded).length === 0;

/** Without `seen`, which is checked as an expectation. */
function recordOf({ recorded }: TestResult, withPods: boolean) {
  const { seen: _, ...answer } = recorded;
  if (withPods) return answer;
  const bare = <T extends { readonly pods?: readonly string[] }>({ pods: __, ...rest }: T) => rest;
  return {
    ...answer,
    outcomes: answer.outcomes.map(bare),
    ...(answer.mirrors === undefined ? {} : { mirrors: answer.mirrors.map(bare) }),
  };
}
