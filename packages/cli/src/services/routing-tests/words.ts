import { describeDifference } from '@heddle/core';
import type { CaseReport, RequestReport } from './types.js';

const SHORT = 120;

/** How a report names a case: by its title or id, else by its place. */
export function caseName({ test, document, line }: Pick<CaseReport, 'test' | 'document' | 'line'>): string {
  if (test.id !== undefined && test.title !== undefined) return oneLine(`${test.id}: ${test.title}`);
  return oneLine(test.title ?? test.id ?? '') || (document === 1 ? `case in line ${line}` : `document ${document}`);
}

/** How a report names a request: as the case does, else by number and what is sent. */
export function requestName({ request, number }: Pick<RequestReport, 'request' | 'number'>): string {
  return oneLine(request.name ?? '') || `request ${number}: ${request.method} ${request.url}`;
}

/** Everything that is wrong with a request, one sentence each. */
export function reasonsOf({ differences, undecided }: RequestReport): readonly string[] {
  if (undecided !== undefined) return [`it cannot be told: ${undecided}`];
  return differences.map((difference) => {
    const { what, because } = difference;
    const whole = describeDifference(difference);
    return because === undefined ? (whole.length <= SHORT ? whole : `${what}: not as expected`) : `${what}: ${because}`;
  });
}

const oneLine = (text: string): string => text.trim().replaceAll(/\s*\n\s*/g, ' ');
