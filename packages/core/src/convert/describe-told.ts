import { describeMs } from '../describe/describe-ms.js';
import { describePercent } from '../describe/describe-percent.js';
import { PASSTHROUGH } from '../evaluate/answer-action.js';
import type { Answer, MirrorOutcome, Outcome } from '../model/answer.js';
import { isRecord } from '../model/object.js';
import type { Result } from '../plan/outcome.js';
import type { ToldPart } from './types.js';

/** What becomes of a request in a few words, and of each part in which it differs: `v1 90 %, v2 10 %; timeout 3 s`. */
export function describeTold(result: Result, parts: readonly ToldPart[]): string {
  const rest = parts.filter((part) => part !== 'destination' && part !== 'redirect' && part !== 'body');
  return [describeWhere(result.answer), ...rest.flatMap((part) => WORDS[part](result))].join('; ');
}

type Words = (result: Result) => readonly string[];

const WORDS: Readonly<Record<Exclude<ToldPart, 'destination' | 'redirect' | 'body'>, Words>> = {
  rewrite: ({ answer: { seen } }) => (seen === undefined ? [] : [`arrives as ${seen.authority}${seen.path}`]),
  mirror: ({ answer: { mirrors = [] } }) =>
    mirrors.length === 0 ? ['no copy'] : mirrors.map((mirror) => `copied to ${nameOf(mirror)} ${describePercent(mirror.percent)}`),
  fault: ({ answer: { faults } }) => {
    const { delay, abort } = faults ?? {};
    const said = [
      ...(delay === undefined ? [] : [`${describePercent(delay.percent)} delayed by ${describeMs(delay.ms)}`]),
      ...(abort === undefined ? [] : [`${describePercent(abort.percent)} aborted with ${abort.status}`]),
    ];
    return said.length === 0 ? ['no fault'] : said;
  },
  timeout: ({ rule }) => [rule?.timeoutMs === undefined ? 'no timeout of the rule' : `timeout ${describeMs(rule.timeoutMs)}`],
  retry: ({ rule }) => [rule?.retry === undefined ? 'no retries of the rule' : retryText(rule.retry)],
  headers: ({ rule }) => [rule?.headers === undefined ? 'headers as they are' : `headers changed: ${JSON.stringify(rule.headers)}`],
  opaque: ({ rule }) => Object.keys(rule?.opaque ?? {}).map((what) => `depends on ${what}`),
};

/** `3 retries on 5xx,reset, 2s each`; as the mesh has them where they say more than that. */
function retryText(retry: unknown): string {
  const { attempts, perTryTimeout, retryOn, ...others } = isRecord(retry) ? retry : { others: retry };
  if (typeof attempts !== 'number' || Object.keys(others).length > 0) return `retries ${JSON.stringify(retry)}`;
  const on = typeof retryOn === 'string' ? ` on ${retryOn}` : '';
  const each = typeof perTryTimeout === 'string' ? `, ${perTryTimeout} each` : '';
  return `${attempts} ${attempts === 1 ? 'retry' : 'retries'}${on}${each}`;
}

function describeWhere(answer: Answer): string {
  if (answer.redirect !== undefined) return `redirect ${answer.redirect.code} to ${answer.redirect.location}`;
  if (answer.outcomes.length === 0) {
    if (answer.status === undefined) return 'the connection is closed';
    return answer.body === undefined || answer.status >= 500 ? String(answer.status) : `${answer.status} ${JSON.stringify(answer.body)}`;
  }
  const shares = new Map<string, number>();
  for (const outcome of answer.outcomes) {
    const failure = outcome.status === undefined ? 'the connection is closed' : String(outcome.status);
    const why = { UH: ` (${failure}, no ready pod)`, NC: ` (${failure}, does not exist)` };
    const name = `${nameOf(outcome)}|${outcome.reason === undefined ? '' : why[outcome.reason]}`;
    shares.set(name, (shares.get(name) ?? 0) + outcome.probability);
  }
  return [...shares].map(([name, share]) => name.replace('|', ` ${describePercent(100 * share)}`)).join(', ');
}

/** A version by what the mesh calls it, a Service by its name. */
function nameOf({ host, subset, labels, ...rest }: MirrorOutcome | Outcome): string {
  if (host === PASSTHROUGH) return 'sent on unrouted';
  const service = host.includes('.svc') ? (host.split('.')[0] ?? host) : host;
  const version = ('version' in rest ? rest.version : undefined) ?? subset ?? Object.values(labels ?? {}).join(' ');
  return version === '' ? service : `${version} of ${service}`;
}
