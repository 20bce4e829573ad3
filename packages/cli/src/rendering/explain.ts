import { describeMs, describeRef, type HeaderChange, type Origin, type Outcome, type TraceStep } from '@heddle/core';
import { twoColumns } from '../help/layout.js';
import { explainNotes } from '../services/explain/explain-document.js';
import type { ExplainReport } from '../services/explain/types.js';
import { placeText } from '../services/files/types.js';
import type { Paper } from '../terminal/output.js';
import { headline, nameOf, percent, whyDead } from './explain-headline.js';

type Row = readonly [label: string, text: string];

const MOST_PASSED = 6;
const MOST_PODS = 6;

/** The answer, then what it was about, who decided and why, and what else happens to the request. `all`: the whole trace. */
export function renderExplain(report: ExplainReport, paper: Paper, all = false): string {
  const rows: readonly Row[] = [
    ...requestRows(report),
    ...(report.dependsOn.length > 0 ? [] : [...podRows(report), ...decidedRows(report), ...passedRows(report, all), ...effectRows(report)]),
    // Each with its label: several run into one another otherwise.
    ...explainNotes(report).map((note): Row => ['note', note]),
  ];
  // A number and its unit stay on one line.
  const text = twoColumns(
    rows.map(([label, value]) => [label, value.replaceAll(/(\d) (%|ms|s\b)/g, '$1\u00a0$2')]),
    paper.width,
    paper.style.bold,
  );
  return `${paper.style.bold(headline(report))}\n\n${text.replaceAll('\u00a0', ' ')}`;
}

function requestRows({ request, url, caller }: ExplainReport): readonly Row[] {
  const headers = request.headers.map(([name, value]) => `${name}: ${value}`);
  const host = request.authority.replace(/:\d+$/, '') === request.host ? [] : [`Host: ${request.authority}`];
  const mesh = caller.client.kind === 'sidecar' ? ', in the mesh' : caller.client.kind === 'none' ? ', not in the mesh' : '';
  return [['request', `${request.method} ${url}`], ...labelled('', [...host, ...headers]), ['from', `${caller.who}${mesh}`]];
}

/** Which pods may answer; of several ways, each with its share. */
function podRows({ outcomes }: ExplainReport): readonly Row[] {
  const places = new Set(outcomes.map(({ host, port }) => `${host}:${port}`));
  const rows = outcomes.flatMap((one) => {
    const pods = podsText(one);
    if (outcomes.length === 1) return pods === '' ? [] : [pods];
    const name = one.version === undefined || places.size > 1 ? nameOf(one) : one.version;
    return [one.reason === undefined ? `${name} ${percent(one.probability)}: ${pods}` : `${percent(one.probability)}: ${whyDead(one)}`];
  });
  return labelled(outcomes.length === 1 ? 'pods' : 'shares', rows);
}

function podsText({ pods = [] }: Outcome): string {
  const names = pods.slice(0, MOST_PODS).map(({ namespace, name }) => `${namespace}/${name}`);
  return `${names.join(', ')}${pods.length > MOST_PODS ? ` and ${pods.length - MOST_PODS} more` : ''}`;
}

function decidedRows({ explanation, caller, placeOf }: ExplainReport): readonly Row[] {
  const { answer } = explanation;
  const because = answer.trace.at(-1)?.because ?? '';
  if (answer.trace.length === 0 && answer.outcomes.length === 0) return [];
  if (caller.client.kind === 'none') return [['decided by', 'no rule of the mesh: the caller has no proxy']];
  if (answer.decidedBy === undefined || answer.decidedBy.length === 0) return [['decided by', undecided(answer.route, because)]];
  const where = (origin: Origin) => {
    const place = placeOf(origin.ref, origin.pointer);
    return `${describeRef(origin.ref)}, ${ruleName(origin)}${place === undefined ? '' : ` (${placeText(place)})`}`;
  };
  return [...labelled('decided by', answer.decidedBy.map(where)), ['it takes', because]];
}

function undecided(route: string | undefined, because: string): string {
  if (route === 'implicit') return 'no rule of the mesh: requests go to the Service as it stands';
  if (route === 'none') return 'no rule, so the proxy answers by itself';
  if (route === 'tcp') return 'no rule: to the mesh this port is not HTTP';
  if (route === 'passthrough') return 'no rule: the mesh knows nothing of this host and port';
  if (route === 'blocked') return 'no rule: the mesh lets nothing out that it does not know';
  return route === undefined ? because : `${route}: ${because}`;
}

const ruleName = ({ index, name }: Origin): string => `rule ${index + 1}${name === undefined ? '' : ` “${name}”`}`;

/** Rules that were tried before, each with the first condition that failed. */
function passedRows({ explanation }: ExplainReport, all: boolean): readonly Row[] {
  const { trace, decidedBy } = explanation.answer;
  const passed = trace.filter(({ matched, origins }) => !matched && origins.length > 0);
  const objects = new Set([...passed.map(({ origins: [first] }) => first), decidedBy?.[0]].map((one) => one && describeRef(one.ref)));
  const shown = all || passed.length <= MOST_PASSED + 1 ? passed : passed.slice(0, MOST_PASSED);
  const rest = passed.length - shown.length;
  const lines = shown.map((step) => passedText(step, objects.size > 1));
  return labelled('passed over', [...lines, ...(rest > 0 ? [`and ${rest} more rules (--verbose shows them)`] : [])]);
}

/** A delegate's rule is the root's and its own. */
function passedText({ origins: [first, ...more], because }: TraceStep, named: boolean): string {
  if (first === undefined) return because;
  const name = [
    `${named ? `${describeRef(first.ref)}, ` : ''}${ruleName(first)}`,
    ...more.map((one) => `${describeRef(one.ref)}, ${ruleName(one)}`),
  ];
  return `${name.join(' → ')}: ${because}`;
}

function effectRows(report: ExplainReport): readonly Row[] {
  const { answer, rule } = report.explanation;
  const { request, mirrors } = report;
  const { seen } = answer;
  const arrives = [
    ...(seen === undefined || seen.path === request.path ? [] : [`path ${seen.path}`]),
    ...(seen === undefined || seen.authority === request.authority ? [] : [`Host ${seen.authority}`]),
  ];
  const copies = mirrors.map(
    (one) => `${percent(one.percent / 100)} to ${nameOf(one)}${one.reason === undefined ? '' : ` (503 ${one.reason})`}`,
  );
  return [
    ...labelled('arrives with', arrives.length === 0 ? [] : [arrives.join(', ')]),
    ...labelled('copied', copies),
    ...labelled('headers', [...headerTexts('request', rule?.headers?.request), ...headerTexts('response', rule?.headers?.response)]),
    ...labelled('timeout', rule?.timeoutMs === undefined ? [] : [describeMs(rule.timeoutMs)]),
    ...labelled('retries', rule?.retry === undefined ? [] : [plain(rule.retry)]),
  ];
}

function headerTexts(which: string, change: HeaderChange | undefined): readonly string[] {
  if (change === undefined) return [];
  const pairs = (verb: string, of: HeaderChange['set']) => Object.entries(of ?? {}).map(([name, value]) => `${verb} ${name}: ${value}`);
  const texts = [...pairs('set', change.set), ...pairs('add', change.add), ...(change.remove ?? []).map((name) => `remove ${name}`)];
  return texts.length === 0 ? [] : [`${which}: ${texts.join(', ')}`];
}

/** `attempts 3, perTryTimeout 2s`, as the object has it. */
function plain(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([key, part]) => `${key} ${typeof part === 'object' ? JSON.stringify(part) : String(part)}`)
    .join(', ');
}

/** The label stands before the first line only. */
const labelled = (label: string, texts: readonly string[]): readonly Row[] =>
  texts.map((text, index): Row => [index === 0 ? label : '', text]);
