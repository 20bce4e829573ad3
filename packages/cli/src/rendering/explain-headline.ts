import { type Answer, describeMs, describePercent, type Outcome } from '@heddle/core';
import type { ExplainReport } from '../services/explain/types.js';

/** The answer in one line: `→ v1 90 %, v2 10 % of reviews.default:9080`. */
export function headline(report: ExplainReport): string {
  if (report.dependsOn.length > 0) return 'It cannot be told: the answer depends on what heddle does not read.';
  const { answer } = report.explanation;
  const { abort } = answer.faults ?? {};
  const way = wayOf(report);
  if (abort !== undefined && abort.percent >= 100) return `→ ${abort.status} for every request, by a fault; without it: ${way}`;
  return `→ ${[way, ...faultsOf(answer)].join('; ')}`;
}

function wayOf(report: ExplainReport): string {
  const { answer } = report.explanation;
  const { status, redirect, body, protocol } = answer;
  if (redirect !== undefined) return `redirect ${redirect.code} to ${redirect.location}`;
  if (report.outcomes.length > 0)
    return `${outcomesText(report)}${protocol === 'tcp' ? ', as a TCP connection: HTTP is not looked at' : ''}`;
  // Of what the proxy refuses before it looks at any rule, the only step says why.
  const [refused] = answer.route === undefined && answer.decidedBy === undefined ? answer.trace.slice(-1) : [];
  if (status !== undefined && refused !== undefined) return `${status} from the proxy: ${refused.because}`;
  if (status === 404 && answer.decidedBy === undefined) {
    return `404 from the proxy: no rule ${answer.trace.length > 1 ? 'takes the request' : 'is for this host'}`;
  }
  if (status !== undefined) return `${status} from the proxy itself${body === undefined || body === '' ? '' : `: ${brief(body)}`}`;
  return answer.trace.length === 0 ? 'no connection: nothing listens there' : 'the connection is accepted and closed without an answer';
}

function outcomesText({ outcomes, caller, request }: ExplainReport): string {
  const live = outcomes.filter(({ reason }) => reason === undefined);
  const dead = outcomes.filter(({ reason }) => reason !== undefined);
  const [only] = live;
  if (only?.host === 'PassthroughCluster') {
    if (caller.client.kind !== 'none') return `passed on unrouted to wherever ${request.host} leads (PassthroughCluster)`;
    if (only.pods === undefined) return `wherever ${request.host} leads, past the mesh`;
    return only.pods.length === 0 ? `no connection: ${request.host} has no ready pod` : `any ready pod of ${request.host}, past the mesh`;
  }
  if (live.length === 0) return deadEnd(dead);
  const served = live.length === 1 && dead.length === 0 && only !== undefined ? nameOf(only) : shares(live);
  return dead.length === 0 ? served : `${served}; ${percent(total(dead))} get ${deadEnd(dead)}`;
}

function deadEnd(dead: readonly Outcome[]): string {
  const [first] = dead;
  const what = first?.status === undefined ? 'no connection' : String(first.status);
  return `${what}: ${first !== undefined && dead.length === 1 ? whyDead(first) : `none of ${dead.length} destinations can answer`}`;
}

const total = (outcomes: readonly Outcome[]): number => outcomes.reduce((sum, { probability }) => sum + probability, 0);

/** Versions of one place are listed before it. */
function shares(live: readonly Outcome[]): string {
  const [first] = live;
  const places = new Set(live.map(placeOf));
  if (first === undefined || places.size > 1 || live.some(({ version }) => version === undefined)) {
    return live.map((one) => `${nameOf(one)} ${percent(one.probability)}`).join(', ');
  }
  return `${live.map((one) => `${one.version} ${percent(one.probability)}`).join(', ')} of ${placeOf(first)}`;
}

export function whyDead(one: Outcome): string {
  return one.reason === 'NC' ? `${nameOf(one)} does not exist for this caller (NC)` : `${nameOf(one)} has no ready pod (UH)`;
}

/** `v1 of reviews.default:9080` */
export function nameOf(one: Pick<Outcome, 'host' | 'port' | 'version'>): string {
  return one.version === undefined ? placeOf(one) : `${one.version} of ${placeOf(one)}`;
}

/** The rest of a Service's name is the same for all. */
const placeOf = ({ host, port }: Pick<Outcome, 'host' | 'port'>): string =>
  `${host.replace(/\.svc\.cluster\.local$/, '')}${port === undefined ? '' : `:${port}`}`;

function faultsOf({ faults }: Answer): readonly string[] {
  const { delay, abort } = faults ?? {};
  const some = (value: number) => (value >= 100 ? 'all' : percent(value / 100));
  return [
    ...(abort === undefined || abort.percent === 0 ? [] : [`${some(abort.percent)} aborted with ${abort.status}`]),
    ...(delay === undefined || delay.percent === 0 ? [] : [`${some(delay.percent)} delayed by ${describeMs(delay.ms)}`]),
  ];
}

export const percent = (probability: number): string => describePercent(100 * probability);

const brief = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}…` : text).replaceAll('\n', ' ');
