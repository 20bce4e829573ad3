import { describeMs } from '../describe/describe-ms.js';
import { describePercent } from '../describe/describe-percent.js';
import type { Answer, MirrorOutcome, Outcome } from '../model/answer.js';
import type { Change, Version } from '../model/change.js';
import type { Rule } from '../model/table.js';
import { canonicalJson } from './content-hash.js';

/** What becomes of a request, as far as anybody could tell two results apart. */
export interface Result {
  readonly answer: Answer;
  /** The rule that decided; `undefined`: none did. */
  readonly rule: Rule | undefined;
}

/** The parts of a result that must not change, by name. */
const PARTS: readonly (readonly [string, (result: Result) => unknown])[] = [
  ['distribution', ({ answer }) => merged(answer.outcomes)],
  ['status', ({ answer }) => answer.status],
  ['protocol', ({ answer }) => answer.protocol],
  ['redirect', ({ answer }) => answer.redirect],
  ['body', ({ answer }) => answer.body],
  ['rewrite', ({ answer }) => answer.seen],
  ['mirror', ({ answer }) => (answer.mirrors ?? []).map(mirrorText).sort()],
  ['fault', ({ answer }) => answer.faults],
  ['timeout', ({ rule }) => rule?.timeoutMs],
  ['retry', ({ rule }) => rule?.retry],
  ['headers', ({ rule }) => rule?.headers],
  ['preflight', ({ rule }) => rule?.preflight],
  ['opaque', ({ rule }) => rule?.opaque],
];

/** The names of the parts in which two results differ. */
export function differingParts(a: Result, b: Result): readonly string[] {
  const differs = (x: unknown, y: unknown) => x !== y && canonicalJson(x) !== canonicalJson(y);
  return PARTS.filter(([, of]) => differs(of(a), of(b))).map(([name]) => name);
}

/** Outcomes by where they lead, in a fixed order, with probabilities that rounding errors do not tell apart. */
function merged(outcomes: readonly Outcome[]): readonly (readonly [string, number])[] {
  const shares = new Map<string, number>();
  for (const { probability, pods, version: _version, ...place } of outcomes) {
    const reached = { ...place, pods: (pods ?? []).map(({ namespace, name }) => `${namespace}/${name}`).sort() };
    // What the mesh does not know leads nowhere, whatever it is called.
    const key = canonicalJson(place.reason === 'NC' ? { status: place.status } : reached);
    shares.set(key, (shares.get(key) ?? 0) + probability);
  }
  return [...shares].map(([place, share]) => [place, Number(share.toFixed(9))] as const).sort(([a], [b]) => (a < b ? -1 : 1));
}

function mirrorText({ pods, ...place }: MirrorOutcome): string {
  return canonicalJson({ ...place, pods: pods.map(({ namespace, name }) => `${namespace}/${name}`).sort() });
}

/**
 * Whether a host is a Service's full name, `name.namespace.svc.<domain>`: tables hold hosts as the mesh resolved them, and what it
 * left shorter is none that it knows.
 */
export function isServiceHost(host: string, service: { readonly namespace: string; readonly name: string }): boolean {
  return host.startsWith(`${service.name}.${service.namespace}.svc.`);
}

/** The version of a change that an outcome leads to, by Service or by the labels of a subset behind the base Service. */
export function versionOf(outcome: Pick<Outcome, 'host' | 'subset' | 'labels' | 'version'>, change: Change): Version | undefined {
  const isBase = change.services.some((service) => isServiceHost(outcome.host, service));
  const isNamed = (version: Version) =>
    version.realise === 'service'
      ? isServiceHost(outcome.host, version.service)
      : isBase && (version.ref === undefined ? outcome.version === version.id : outcome.subset === version.ref);
  const isLabelled = (version: Version) => {
    if (version.realise === 'service' || !isBase) return false;
    const labels = Object.entries(version.labels);
    return labels.length > 0 && labels.every(([key, value]) => outcome.labels?.[key] === value);
  };
  // Two versions may be the same pods: then the name says which is meant.
  return change.versions.find(isNamed) ?? change.versions.find(isLabelled);
}

/** A result in a few words: `v1 90 %, v2 10 %`, `shadow 100 %`, `404`, `v1 100 %, also copied to v3 (10 %), delayed 7 s (100 %)`. Versions of the change go by their ids. */
export function describeResult({ answer, rule }: Result, change: Change): string {
  const { delay, abort } = answer.faults ?? {};
  // What is always aborted is neither sent on nor copied.
  const isSent = abort === undefined || abort.percent < 100;
  const mirrors = isSent ? (answer.mirrors ?? []) : [];
  const parts = [
    ...(isSent ? [describeOutcomes(answer, change)] : []),
    ...mirrors.map((mirror) => `also copied to ${nameOf(mirror, change)} (${describePercent(mirror.percent)})`),
    ...(delay === undefined ? [] : [`delayed ${describeMs(delay.ms)} (${describePercent(delay.percent)})`]),
    ...(abort === undefined ? [] : [`aborted with ${abort.status} (${describePercent(abort.percent)})`]),
    ...Object.keys(rule?.opaque ?? {}).map((what) => `depends on ${what}`),
  ];
  return parts.join(', ');
}

function describeOutcomes(answer: Answer, change: Change): string {
  if (answer.redirect !== undefined) return `redirect ${answer.redirect.code} to ${answer.redirect.location}`;
  if (answer.outcomes.length === 0) return answer.status === undefined ? 'connection closed' : String(answer.status);
  const shares = new Map<string, number>();
  for (const outcome of answer.outcomes) {
    const why = outcome.reason === 'UH' ? ' (503, no ready pod)' : outcome.reason === 'NC' ? ' (503, does not exist)' : '';
    const name = `${nameOf(outcome, change)}|${why}`;
    shares.set(name, (shares.get(name) ?? 0) + outcome.probability);
  }
  return [...shares].map(([name, share]) => `${name.replace('|', ` ${describePercent(100 * share)}`)}`).join(', ');
}

function nameOf(outcome: Pick<Outcome, 'host' | 'subset' | 'labels' | 'version'>, change: Change): string {
  const version = versionName(versionOf(outcome, change), change) ?? outcome.version ?? outcome.subset;
  return version ?? (outcome.host.includes('.svc') ? (outcome.host.split('.')[0] ?? outcome.host) : outcome.host);
}

/** A session's versions carry its id; what people know is that it has a shadow. */
export function versionName(version: Version | undefined, change: Change): string | undefined {
  return version === undefined || change.owner.kind === 'route' ? version?.id : 'shadow';
}
