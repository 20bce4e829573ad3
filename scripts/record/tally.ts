import type { Refusal } from '@heddle/core';
import type { Comparison, Difference } from './compare/difference.ts';
import type { RoutingCase } from './routing-case.ts';

export interface Differing {
  readonly number: number;
  readonly routingCase: RoutingCase;
  /** The case as it was answered. */
  readonly text: string;
  readonly differences: readonly Difference[];
}

/** What has come of a run so far. */
export interface Tally {
  readonly cases: number;
  readonly requests: number;
  readonly right: number;
  /** Requests that ours does not claim to answer, by feature. */
  readonly skipped: ReadonlyMap<string, number>;
  /** Requests whose difference a limit of recording accounts for. */
  readonly explained: ReadonlyMap<string, number>;
  /** Cases without an answer, with the program's word. */
  readonly unanswered: ReadonlyMap<string, string>;
  readonly differing: readonly Differing[];
  /** Cases on which nothing could be planned, by the codes of the refusals. */
  readonly refused: ReadonlyMap<string, number>;
  /** Plans whose own checks found them wrong. */
  readonly failedPlans: readonly string[];
  /** Answered cases in which everything was compared and equal. */
  readonly agreeing: readonly { readonly number: number; readonly text: string }[];
}

export const NOTHING_YET: Tally = {
  cases: 0,
  requests: 0,
  right: 0,
  skipped: new Map(),
  explained: new Map(),
  unanswered: new Map(),
  differing: [],
  agreeing: [],
  refused: new Map(),
  failedPlans: [],
};

/** The tally with one more answered case. */
export function counted(tally: Tally, number: number, routingCase: RoutingCase, text: string, comparison: Comparison): Tally {
  const { right, differences, skipped, explained } = comparison;
  const whole = right === routingCase.requests.length && differences.length === 0;
  return {
    ...tally,
    cases: tally.cases + 1,
    requests: tally.requests + routingCase.requests.length,
    right: tally.right + right,
    skipped: added(tally.skipped, skipped),
    explained: added(tally.explained, explained),
    differing: differences.length === 0 ? tally.differing : [...tally.differing, { number, routingCase, text, differences }],
    agreeing: whole ? [...tally.agreeing, { number, text }] : tally.agreeing,
  };
}

/** The tally with one more case on which nothing was planned. */
export function notPlanned(tally: Tally, number: number, refusals: readonly Refusal[]): Tally {
  const codes = new Set(refusals.map(({ code }) => code));
  const failed = refusals.flatMap(({ code, message }) => (code === 'effect-check-failed' ? [`${number}: ${message}`] : []));
  return {
    ...tally,
    refused: added(tally.refused, Object.fromEntries([...codes].map((code) => [code, 1]))),
    failedPlans: [...tally.failedPlans, ...failed],
  };
}

function added(counts: ReadonlyMap<string, number>, more: Readonly<Record<string, number>>): ReadonlyMap<string, number> {
  const out = new Map(counts);
  for (const [key, count] of Object.entries(more)) out.set(key, (out.get(key) ?? 0) + count);
  return out;
}

export const progress = ({ cases, requests, right, differing }: Tally): string =>
  `${cases} cases, ${requests} requests: ${right} right, ${differing.length} cases differ`;

/** The end of a run, for a person to read. */
export function report({ cases, requests, right, skipped, explained, unanswered, differing, refused, failedPlans }: Tally): string {
  return [
    `${cases} cases with ${requests} requests were answered; ${right} answers are equal, ${differing.length} cases differ.`,
    ...[...skipped].map(([feature, count]) => `not answered by ours, ${count} requests: ${feature}`),
    ...[...explained].map(([limit, count]) => `explained, ${count} requests: ${limit}`),
    ...[...refused].map(([code, count]) => `not planned, ${count} cases: ${code}`),
    ...failedPlans.slice(0, 10).map((failure) => `PLANNED WRONGLY ${failure}`),
    ...(unanswered.size === 0 ? [] : [`${unanswered.size} cases without an answer:`]),
    ...[...unanswered].slice(0, 10).map(([id, why]) => `  ${id}: ${why}`),
    ...(differing.length === 0 ? [] : [`differ: ${differing.map(({ number }) => number).join(', ')}`]),
  ].join('\n');
}
