import { PASSTHROUGH } from '../evaluate/answer-action.js';
import type { MirrorOutcome, Outcome } from '../model/answer.js';
import { isRecord } from '../model/object.js';
import { type HeaderChange, type PodRef, podName } from '../model/table.js';
import { canonicalJson } from '../plan/content-hash.js';
import type { Result } from '../plan/outcome.js';
import type { ToldPart } from './types.js';

/**
 * What becomes of a request, as far as its caller, or whoever gets it, can tell: equal texts for what nobody can tell apart, whatever
 * the meshes call it. `direct`: the ready Pods of the Service that was dialled, where what is sent on unrouted arrives.
 */
export function toldParts({ answer, rule }: Result, direct: readonly PodRef[] | undefined): Readonly<Record<ToldPart, string>> {
  const { outcomes, mirrors = [], faults, redirect, body, seen } = answer;
  const arrives = outcomes.some(({ reason }) => reason === undefined);
  return {
    destination: outcomes.length === 0 ? sharesText(new Map([[failed(answer.status), 1]])) : shares(outcomes, direct),
    redirect: canonicalJson(redirect),
    body: canonicalJson(outcomes.length > 0 ? undefined : body),
    rewrite: arrives ? canonicalJson(seen) : NOBODY,
    mirror: arrives ? canonicalJson(mirrors.filter(isCopied).map(mirrorText).sort()) : NOBODY,
    fault: canonicalJson([faults?.delay, faults?.abort].map((one) => (one === undefined || one.percent === 0 ? null : one))),
    timeout: arrives ? String(rule?.timeoutMs ?? 0) : NOBODY,
    retry: arrives ? retryText(rule?.retry) : NOBODY,
    headers: arrives ? canonicalJson([changeText(rule?.headers?.request), changeText(rule?.headers?.response)]) : NOBODY,
    opaque: canonicalJson(Object.keys(rule?.opaque ?? {}).length === 0 ? undefined : rule?.opaque),
  };
}

/** What only somebody whom the request reaches can tell: where it reaches nobody, there is nothing to compare. */
const NOBODY = '';

export const differingTold = (a: Readonly<Record<ToldPart, string>>, b: Readonly<Record<ToldPart, string>>): readonly ToldPart[] =>
  (Object.keys(a) as ToldPart[]).filter((part) => a[part] !== b[part] && a[part] !== NOBODY && b[part] !== NOBODY);

/** Each Pod's share, and that of each failure; rounding errors tell nothing apart. */
function shares(outcomes: readonly Outcome[], direct: readonly PodRef[] | undefined): string {
  const found = new Map<string, number>();
  const add = (place: string, share: number) => found.set(place, (found.get(place) ?? 0) + share);
  for (const { probability, host, pods = [], status, reason } of outcomes) {
    const reached = host === PASSTHROUGH ? (direct ?? []) : pods;
    if (reason !== undefined) add(failed(status), probability);
    else if (reached.length === 0) add(direct === undefined ? `sent on to ${host}` : 'no answer', probability);
    for (const pod of reason === undefined ? reached : []) add(podName(pod), probability / reached.length);
  }
  return sharesText(found);
}

const failed = (status: number | undefined): string => (status === undefined ? 'closed' : `status ${status}`);

const sharesText = (found: ReadonlyMap<string, number>): string =>
  canonicalJson([...found].map(([place, share]) => [place, Number(share.toFixed(9))] as const).sort(([a], [b]) => (a < b ? -1 : 1)));

/** A copy that goes nowhere is noticed by nobody. */
const isCopied = ({ percent, pods }: MirrorOutcome): boolean => percent > 0 && pods.length > 0;

const mirrorText = ({ percent, pods }: MirrorOutcome): string => canonicalJson([percent, pods.map(podName).sort()]);

/** Conditions in any order, however they are spaced, say the same. */
function retryText(retry: unknown): string {
  if (!isRecord(retry) || typeof retry.retryOn !== 'string') return canonicalJson(retry);
  const conditions = new Set(retry.retryOn.split(',').map((one) => one.trim()));
  return canonicalJson({ ...retry, retryOn: [...conditions].sort() });
}

/** Header names mean the same in any case. */
function changeText(change: HeaderChange | undefined): string {
  const named = (values: Readonly<Record<string, string>> = {}) =>
    Object.entries(values)
      .map(([name, value]) => [name.toLowerCase(), value])
      .sort();
  return canonicalJson([named(change?.set), named(change?.add), (change?.remove ?? []).map((name) => name.toLowerCase()).sort()]);
}
