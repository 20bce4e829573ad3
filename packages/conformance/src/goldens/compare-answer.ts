import type { Answer } from '@heddle/core';
import type { RecordedAnswer, RecordedMirror, RecordedOutcome } from './golden.js';

/** Probabilities and percentages are recorded with nine digits. */
const NEAR = 2e-9;

/** What else to hold against an answer, beyond status, outcomes, mirrors, faults and redirect. */
export type Detail = 'seen' | 'protocol' | 'body';

/**
 * The first difference between a recorded answer and ours, in words; `undefined` when there is none. Status, outcomes, mirrors,
 * faults and redirect are exact, and what is absent in the record must be absent in the answer. Order does not count. What a backend
 * saw of a tcp connection was not recorded of every mesh.
 */
export function answerDifference(recorded: RecordedAnswer, answer: Answer, details: readonly Detail[] = []): string | undefined {
  return (
    different('status', recorded.status, answer.status) ??
    unordered(
      'outcomes',
      recorded.outcomes.map(outcomeOf),
      answer.outcomes.map((one) => outcomeOf({ ...one, ...podNames(one) })),
    ) ??
    unordered('mirrors', (recorded.mirrors ?? []).map(mirrorOf), (answer.mirrors ?? []).map(mirrorOf)) ??
    different('faults', recorded.faults, answer.faults) ??
    different('redirect', recorded.redirect, answer.redirect) ??
    details
      .filter((detail) => !(detail === 'seen' && recorded.protocol === 'tcp' && recorded.seen === undefined))
      .map((detail) => different(detail, recorded[detail], answer[detail]))
      .find((found) => found !== undefined)
  );
}

const podNames = ({ pods }: { readonly pods?: readonly { readonly namespace: string; readonly name: string }[] }) =>
  pods === undefined ? { pods: [] } : { pods: pods.map(({ namespace, name }) => `${namespace}/${name}`) };

interface Shown {
  readonly amount: number;
  readonly rest: unknown;
}

function outcomeOf(one: RecordedOutcome): Shown {
  const { host, port, subset, labels, pods, status, reason } = one;
  return { amount: one.probability, rest: { host, port, subset, labels, pods: [...(pods ?? [])].sort(), status, reason } };
}

function mirrorOf({ host, port, subset, percent }: RecordedMirror): Shown {
  return { amount: percent, rest: { host, port, subset } };
}

function unordered(what: string, recorded: readonly Shown[], ours: readonly Shown[]): string | undefined {
  const left = [...ours];
  for (const one of recorded) {
    const at = left.findIndex((other) => Math.abs(other.amount - one.amount) <= NEAR && canonical(other.rest) === canonical(one.rest));
    if (at < 0) return `${what}: expected ${list(recorded)}, got ${list(ours)}`;
    left.splice(at, 1);
  }
  return left.length === 0 ? undefined : `${what}: expected ${list(recorded)}, got ${list(ours)}`;
}

const list = (shown: readonly Shown[]): string => JSON.stringify(shown.map(({ amount, rest }) => [amount, rest]));

function different(what: string, recorded: unknown, ours: unknown): string | undefined {
  if (canonical(recorded) === canonical(ours)) return undefined;
  return `${what}: expected ${JSON.stringify(recorded) ?? 'nothing'}, got ${JSON.stringify(ours) ?? 'nothing'}`;
}

/** Equal text for equal values, whatever the order of keys; absent keys do not count. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined';
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`)
    .join(',')}}`;
}
