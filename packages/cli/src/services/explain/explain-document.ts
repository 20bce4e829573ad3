import { type MirrorOutcome, type Origin, type Outcome, podName } from '@heddle/core';
import { placePrefix } from '../files/file-notes.js';
import { placeText } from '../files/types.js';
import { traceDocument } from './trace-document.js';
import type { ExplainReport } from './types.js';

/** An explanation as JSON shows it, in the words of recorded answers; schemas/explain.json. Nothing is said of what cannot be told. */
export function explainDocument(report: ExplainReport) {
  const { mesh, request, caller, explanation, dependsOn } = report;
  const { answer, rule } = explanation;
  const { method, host, port, authority, path, headers } = request;
  const head = {
    mesh,
    request: { method, url: report.url, host, port, authority, path, headers },
    client: { ...caller.client, ...(caller.client.kind === 'none' ? { namespace: caller.namespace } : {}), who: caller.who },
  };
  if (dependsOn.length > 0) return { ...head, outcomes: [], decidedBy: null, trace: [], dependsOn, notes: explainNotes(report) };
  const { status, protocol, faults, redirect, body, seen } = answer;
  return {
    ...head,
    ...(status === undefined ? {} : { status }),
    ...(protocol === undefined ? {} : { protocol }),
    outcomes: report.outcomes.map(outcomeDocument),
    decidedBy: decidedBy(report),
    ...(report.mirrors.length === 0 ? {} : { mirrors: report.mirrors.map(mirrorDocument) }),
    ...(faults === undefined ? {} : { faults }),
    ...(redirect === undefined ? {} : { redirect }),
    ...(body === undefined ? {} : { body }),
    ...(seen === undefined ? {} : { seen }),
    ...(rule?.timeoutMs === undefined ? {} : { timeoutMs: rule.timeoutMs }),
    ...(rule?.retry === undefined ? {} : { retries: rule.retry }),
    trace: traceDocument(answer.trace),
    notes: explainNotes(report),
  };
}

/** What was assumed, what the mesh's objects have wrong with them, and what the answer hangs on, in sentences. */
export function explainNotes({ dependsOn, problems, notes, placeOf }: ExplainReport): readonly string[] {
  const uncertain = dependsOn.map(
    ({ message, ref }) => `It cannot be told what becomes of the request: ${placePrefix({ placeOf }, ref)}${message}.`,
  );
  return [...uncertain, ...notes, ...problems.map(({ message, ref, pointer }) => `${placePrefix({ placeOf }, ref, pointer)}${message}`)];
}

function decidedBy({ explanation, placeOf }: ExplainReport) {
  const [first, ...also] = explanation.answer.decidedBy ?? [];
  if (first === undefined) return null;
  const originDocument = ({ ref, index, name, pointer }: Origin) => {
    const place = placeOf(ref, pointer);
    return {
      ...ref,
      rule: { index, ...(name === undefined ? {} : { name }) },
      ...(place === undefined ? {} : { place: placeText(place) }),
    };
  };
  const { rule, place, ...ref } = originDocument(first) as ReturnType<typeof originDocument> & { readonly place?: string };
  return {
    ...ref,
    plane: explanation.table?.view.plane ?? 'mesh',
    rule,
    ...(place === undefined ? {} : { place }),
    ...(also.length === 0 ? {} : { also: also.map(originDocument) }),
  };
}

function outcomeDocument({ probability, status, version, host, port, subset, labels, pods, reason }: Outcome) {
  return {
    probability,
    ...(status === undefined ? {} : { status }),
    ...(version === undefined ? {} : { version }),
    host,
    ...(port === undefined ? {} : { port }),
    ...(subset === undefined ? {} : { subset }),
    ...(labels === undefined ? {} : { labels }),
    ...(pods === undefined || reason !== undefined ? {} : { pods: pods.map(podName) }),
    ...(reason === undefined ? {} : { reason }),
  };
}

function mirrorDocument({ host, port, subset, labels, version, percent, pods, reason }: MirrorOutcome & { readonly version?: string }) {
  return {
    host,
    ...(port === undefined ? {} : { port }),
    ...(subset === undefined ? {} : { subset }),
    ...(version === undefined ? {} : { version }),
    ...(labels === undefined ? {} : { labels }),
    percent,
    pods: pods.map(podName),
    ...(reason === undefined ? {} : { reason }),
  };
}
