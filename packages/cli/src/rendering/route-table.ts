import { describeAction, describeMatches, describeRef, describeRule, describeView, type RouteTable, type Rule } from '@heddle/core';
import { placePrefix } from '../services/files/file-notes.js';
import { placeText } from '../services/files/types.js';
import type { RouteReport } from '../services/route.js';
import type { Paper } from '../terminal/output.js';
import { table } from './table.js';

export function renderRoutes(report: RouteReport, paper: Paper): string {
  const { style } = paper;
  const title = report.services.map(({ namespace, name, port }) => `${namespace}/${name}:${port}`).join(', ');
  return [
    style.bold(`${title} on ${report.mesh}`),
    ...(report.versions.length === 0 ? [] : [`Versions: ${report.versions.map(versionText).join(', ')}`]),
    '',
    renderTables(report.tables.filter(saysSomething), paper, report.placeOf) || withoutTables(report),
    ...blankIf(report.problems.length + report.gaps.length + report.notes.length > 0),
    ...report.problems.map(
      ({ message, ref, pointer, fix }) =>
        `${style.yellow('Problem:')} ${placePrefix(report, ref, pointer)}${message}${fix === undefined ? '' : `: ${fix}`}`,
    ),
    ...report.gaps.map(
      ({ feature, message, ref }) =>
        `${style.red('Not read:')} ${placePrefix(report, ref)}${feature === 'unread' ? '' : `${feature}: `}${message}`,
    ),
    ...report.notes.map((note) => `${style.cyan('Note:')} ${note}`),
  ].join('\n');
}

const withoutTables = ({ gaps }: RouteReport): string =>
  gaps.some(({ feature }) => feature === 'unread')
    ? 'It cannot be told which rules of the mesh are for it.'
    : 'No rule of the mesh is for it.';

const blankIf = (wanted: boolean): readonly string[] => (wanted ? [''] : []);

/** `v1 (2 ready pods with version=v1)` */
function versionText({ id, pods, ...version }: RouteReport['versions'][number]): string {
  const labels = 'labels' in version ? Object.entries(version.labels).map(([key, value]) => `${key}=${value}`) : [];
  const count = pods === 0 ? 'no ready pod' : pods === 1 ? '1 ready pod' : `${pods} ready pods`;
  return `${id} (${count}${labels.length === 0 ? '' : ` with ${labels.join(', ')}`})`;
}

/** One table per view, port and set of names, rules in the order in which they are tried; with the places of rules that stand in files. */
export function renderTables(tables: readonly RouteTable[], paper: Paper, placeOf: RouteReport['placeOf'] = () => undefined): string {
  return tables.map((each) => renderTable(each, paper, placeOf)).join('\n\n');
}

function renderTable(routes: RouteTable, paper: Paper, placeOf: RouteReport['placeOf']): string {
  const rows = routes.rules.map((rule, index) => [
    String(index + 1),
    describeMatches(rule.match),
    goesTo(rule),
    originText(rule, paper, placeOf),
  ]);
  const last = [
    '',
    routes.rules.length === 0 ? 'every request' : 'else',
    short(describeAction(routes.otherwise)),
    routes.otherwiseLabel ?? '',
  ];
  return [
    `${paper.style.cyan(capital(describeView(routes.view)))}, port ${routes.port}${routes.protocol === 'tcp' ? ' (TCP)' : ''}: ${namesOf(routes.domains)}`,
    table(['', 'REQUESTS', 'GO TO', 'BY'], [...rows, last], paper, '  '),
  ].join('\n');
}

/** The action and what else the rule does. core describes a whole rule; the match has a column of its own here. */
function goesTo(rule: Rule): string {
  return short(describeRule(rule).slice(describeMatches(rule.match).length + ' → '.length));
}

/** `tomcat.mesh-demo:8080`: the rest of a Service's name is the same for all. */
function short(text: string): string {
  return text.replaceAll('.svc.cluster.local', '');
}

function originText(rule: Rule, { style }: Paper, placeOf: RouteReport['placeOf']): string {
  const { owner, origins } = rule;
  if (owner === 'foreign') {
    return distinct(
      origins.map(({ ref, index, name, pointer }) => {
        const place = placeOf(ref, pointer);
        return `${describeRef(ref)} ${name ?? `#${index + 1}`}${place === undefined ? '' : ` (${placeText(place)})`}`;
      }),
    );
  }
  // Our rules are named after their owner, so the object is all that is left to say.
  const whose = owner.kind === 'session' ? `session ${owner.id}` : 'standing route';
  return style.green(`${whose} in ${distinct(origins.map(({ ref }) => describeRef(ref)))}`);
}

function distinct(texts: readonly string[]): string {
  return [...new Set(texts)].join(' and ');
}

/** A proxy's catch-all for hosts that nobody routes says nothing of the service; one that leads to the service does. */
export function saysSomething({ domains, rules, otherwise }: RouteTable): boolean {
  return rules.length > 0 || domains.some((domain) => domain !== '*') || (typeof otherwise === 'object' && 'to' in otherwise);
}

/** A service goes by many names; the shortest say enough, and addresses come last. */
function namesOf(domains: readonly string[]): string {
  const isAddress = (domain: string) => (/^[\d.]+$|:/.test(domain) ? 1 : 0);
  const sorted = [...domains].sort((a, b) => isAddress(a) - isAddress(b) || a.length - b.length);
  return sorted.length <= 3 ? sorted.join(', ') : `${sorted.slice(0, 2).join(', ')} and ${sorted.length - 2} more names`;
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
