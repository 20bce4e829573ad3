import type { Answer, MirrorOutcome } from '../model/answer.js';
import { isRecord } from '../model/object.js';
import { canonicalJson } from '../plan/content-hash.js';
import { type Difference, differs, sameData, statusDiffers } from './difference.js';
import type { Expectation, ExpectedMirror, ExpectedOutcome } from './expectation.js';
import type { PodVersions } from './pod-versions.js';
import { recordedAnswer } from './recorded-answer.js';
import { describeShare, fitsMirror, fitsShare, roundedShare, type Share, sharesOf, shownShare } from './shares.js';

/** People write three digits, `0.333` for a third; all and none are meant as they stand. */
const WRITTEN = 5e-4;
const EXACT = 1e-9;

/** Where an answer is not what was expected of it. `versions`: of the Pods that may answer. */
export function expectedDifferences(expect: Expectation, answer: Answer, versions: PodVersions): readonly Difference[] {
  const { faults, redirect, seen } = answer;
  return [
    ...(expect.status === undefined ? [] : statusDiffers(expect.status, answer)),
    ...(expect.outcomes === undefined ? [] : outcomeDifferences(expect.outcomes, answer, versions)),
    ...(expect.mirrors === undefined ? [] : mirrorDifferences(expect.mirrors, answer.mirrors ?? [], versions)),
    ...(expect.faults === undefined ? [] : partial('faults', expect.faults, faults)),
    ...(expect.redirect === undefined ? [] : partial('redirect', expect.redirect, redirect)),
    ...(expect.seen === undefined ? [] : partial('seen', expect.seen, seen)),
    ...(expect.protocol === undefined ? [] : differs('protocol', expect.protocol, answer.protocol ?? 'http')),
    ...(expect.body === undefined ? [] : differs('body', expect.body, answer.body)),
  ];
}

function outcomeDifferences(given: readonly ExpectedOutcome[], answer: Answer, versions: PodVersions): readonly Difference[] {
  const expected = merged(given);
  const shares = answer.outcomes.flatMap((outcome) => sharesOf(outcome, versions));
  const because = whyNot(
    expected,
    expected.map((one) => shares.filter((share) => fitsShare(one, share))),
    shares,
  );
  if (because === undefined || whyNot(expected, sharedOut(expected, shares), shares) === undefined) return [];
  return [{ what: 'outcomes', expected: given, got: shares.map(shownShare), because }];
}

/** Outcomes of the same keys are one. */
function merged(expected: readonly ExpectedOutcome[]): readonly ExpectedOutcome[] {
  const byKeys = new Map<string, ExpectedOutcome>();
  for (const one of expected) {
    const { probability, ...keys } = one;
    const key = canonicalJson(keys);
    const before = byKeys.get(key)?.probability;
    byKeys.set(key, before === undefined || probability === undefined ? one : { ...one, probability: before + probability });
  }
  return [...byKeys.values()];
}

/** What is wrong with the shares that the expected outcomes stand for, `fitting` in their order; nothing when all is well. */
function whyNot(
  expected: readonly ExpectedOutcome[],
  fitting: readonly (readonly Share[])[],
  shares: readonly Share[],
): string | undefined {
  for (const [index, one] of expected.entries()) {
    const own = fitting[index] ?? [];
    const sum = own.reduce((total, { probability }) => total + probability, 0);
    if (one.probability === undefined && own.length === 0) return `nothing goes to ${shownKeys(one)}`;
    if (one.probability !== undefined && !near(one.probability, sum)) {
      return `${shownKeys(one)} gets ${roundedShare(sum)} of the requests, not ${one.probability}`;
    }
  }
  if (expected.length > 0 && expected.every(({ probability }) => probability !== undefined)) return undefined;
  const other = shares.find((share) => !expected.some((one) => fitsShare(one, share)));
  if (other === undefined) return undefined;
  return expected.length === 0 ? 'the request is sent somewhere' : `requests go to ${describeShare(other)} too`;
}

/** Each share for the one outcome that says most of it, as a list reads that was copied from an answer: the Service, and a subset of it. */
function sharedOut(expected: readonly ExpectedOutcome[], shares: readonly Share[]): readonly (readonly Share[])[] {
  const telling = [...expected].sort((a, b) => Object.keys(b).length - Object.keys(a).length);
  return expected.map((one) => shares.filter((share) => telling.find((other) => fitsShare(other, share)) === one));
}

const near = (expected: number, sum: number): boolean =>
  Math.abs(expected - sum) <= (expected === 0 || expected === 1 ? EXACT : WRITTEN) && (expected === 0 || sum > 0);

function mirrorDifferences(
  expected: readonly ExpectedMirror[],
  mirrors: readonly MirrorOutcome[],
  versions: PodVersions,
): readonly Difference[] {
  const holds = (one: ExpectedMirror, mirror: MirrorOutcome) =>
    fitsMirror(one, mirror, versions) && (one.percent === undefined || Math.abs(one.percent - mirror.percent) <= WRITTEN);
  const missing = expected.find((one) => !mirrors.some((mirror) => holds(one, mirror)));
  if (missing === undefined && (expected.length > 0 || mirrors.length === 0)) return [];
  const none = mirrors.length === 0 ? 'nothing is mirrored' : undefined;
  const because = missing === undefined ? {} : { because: none ?? `no mirror has ${shownKeys(missing)}` };
  return [{ what: 'mirrors', expected, got: recordedAnswer({ outcomes: [], mirrors, trace: [], notes: [] }).mirrors ?? [], ...because }];
}

/** Every key that is expected is there with that value; an empty map expects that there is nothing. */
function partial(what: Difference['what'], expected: object, got: unknown): readonly Difference[] {
  const holds = Object.keys(expected).length === 0 ? got === undefined : contains(expected, got);
  return holds ? [] : [{ what, expected, got }];
}

function contains(expected: unknown, got: unknown): boolean {
  if (!isRecord(expected)) return sameData(expected, got);
  return isRecord(got) && Object.entries(expected).every(([key, value]) => contains(value, got[key]));
}

/** What a named outcome is told by: `version v2`, `anything`. */
function shownKeys(one: ExpectedOutcome | ExpectedMirror): string {
  const told = Object.entries(one).filter(([key]) => key !== 'probability');
  return told.map(([key, value]) => `${key} ${typeof value === 'object' ? JSON.stringify(value) : value}`).join(', ') || 'anything';
}
