import {
  describeMatches,
  describeRef,
  describeRouteAction,
  type RouteEntry,
  type RoutePlan,
  type ServiceRef,
  type Version,
} from '@heddle/core';
import { type EntryChange, entryChanges, type RouteChange } from '../services/standing-route/route-change.js';
import type { Paper } from '../terminal/output.js';
import type { Style } from '../terminal/style.js';
import { renderEffects, renderNotes, renderRouting } from './plan.js';
import { table } from './table.js';

/** What is planned for standing routes, or was done. `flags`: what another command needs to reach the same cluster. */
export function renderRouteChanges(changes: readonly RouteChange[], flags: string, paper: Paper): string {
  return changes
    .map((change) => (change.outcome === 'planned' ? renderRoutePlan(change.plan, paper) : renderDone(change, flags, paper)))
    .join('\n\n');
}

/** The whole plan, for `--dry-run`. */
export function renderRoutePlan(route: RoutePlan, paper: Paper): string {
  const { bold } = paper.style;
  const { plan, services, versions, problem, notes } = route;
  const rows = entryChanges(route).map((change) => entryRow(change, paper.style));
  return [
    `${bold(`Plan for ${serviceText(services)}`)}: ${summary(route)}${problem === undefined ? '' : ` (${problem})`}`,
    ...(rows.length === 0 ? [] : ['', bold('Standing routes'), table(['', 'NAME', 'REQUESTS', 'WHAT IT DOES'], rows, paper, '  ')]),
    ...(versions.length === 0 || route.entries.length === 0
      ? []
      : [
          '',
          bold('Versions'),
          table(
            ['VERSION', 'IS'],
            versions.map((version) => [version.id, versionText(version)]),
            paper,
            '  ',
          ),
        ]),
    '',
    bold('Who is affected'),
    renderEffects(plan, paper),
    '',
    ...renderRouting(plan, 'none changes but as said above', paper),
    ...renderNotes(notes, paper),
  ].join('\n');
}

const SIGNS = { added: '+', changed: '~', removed: '-', kept: ' ' } as const;

/** `before`: how what it did before is introduced, in a plan and once that is carried out. */
export function entryRow(
  { name, change, was, is }: EntryChange,
  { green, red, yellow, dim }: Style,
  before: 'now' | 'was' = 'now',
): readonly string[] {
  const paint = { added: green, changed: yellow, removed: red, kept: dim }[change];
  const entry = is ?? was;
  if (entry === undefined) return [];
  const others = was === undefined || is === undefined ? [] : differences(was, is);
  const other = others.length === 0 ? '' : ` (${before} ${others.join(', ')})`;
  return [paint(SIGNS[change]), paint(name), describeMatches(entry.match), `${describeRouteAction(entry)}${other}`];
}

/** What a route was, where that is not what it is: what it does, for which requests, and who keeps it. */
function differences(was: RouteEntry, is: RouteEntry): readonly string[] {
  const texts = (entry: RouteEntry) => [
    describeRouteAction(entry),
    `for ${describeMatches(entry.match)}`,
    entry.file === undefined ? 'in no file' : `in file ${entry.file}`,
  ];
  const after = texts(is);
  return texts(was).filter((text, index) => text !== after[index]);
}

/** `standing route split is taken back`, `v1 90 %, v2 10 % (standing route split)` */
function summary(route: RoutePlan): string {
  const changes = entryChanges(route);
  const changed = changes.filter(({ change }) => change === 'added' || change === 'changed');
  const removed = changes.filter(({ change }) => change === 'removed');
  return [
    ...changed.map(({ name, is }) => (is === undefined ? name : `${describeRouteAction(is)} (standing route ${name}${restriction(is)})`)),
    ...(removed.length === 0 && route.entries.length > 0 ? [] : [`${routesText(removed.map(({ name }) => name))} taken back`]),
    ...(changed.length + removed.length === 0 && route.entries.length > 0
      ? [`${kept(route)} ${route.plan.edits.length > 0 ? 'written anew' : `as ${route.entries.length === 1 ? 'it is' : 'they are'}`}`]
      : []),
  ].join('; ');
}

const kept = ({ entries }: RoutePlan) =>
  `standing ${entries.length === 1 ? 'route' : 'routes'} ${entries.map(({ name }) => name).join(', ')}`;

function routesText(names: readonly string[]): string {
  if (names.length === 0) return 'what stands is';
  return names.length === 1 ? `standing route ${names[0]} is` : `standing routes ${names.join(', ')} are`;
}

const restriction = ({ match }: RouteEntry) => (match.length === 0 ? '' : `, for requests with ${describeMatches(match)}`);

function renderDone(change: RouteChange, flags: string, paper: Paper): string {
  const { bold, dim, red } = paper.style;
  const { plan: route, outcome, removed, left } = change;
  const { services, entries, notes } = route;
  const title = bold(serviceText(services));
  if (entries.length === 0) {
    const names = routesText(route.was.map(({ name }) => name));
    return [
      `${title}: ${names} taken back${outcome === 'left' ? ' in part' : ''}`,
      ...removed.map(({ ref, how }) => `  ${how === 'deleted' ? '-' : '~'} ${describeRef(ref)} ${dim(`(${how})`)}`),
      ...left.map(({ ref, why }) => red(`Left: ${describeRef(ref)}: ${why}`)),
    ].join('\n');
  }
  return [
    `${title}: ${outcome === 'unchanged' ? `${entries.map(entryText).join('; ')}, as it was already` : summary(route)}`,
    undoText(route, flags),
    // Of what was to change, the plan has told them already.
    ...(outcome === 'unchanged' ? renderNotes(notes, paper) : []),
  ].join('\n');
}

/** How to take back what was set; after one was taken back, which are left. */
function undoText(route: RoutePlan, flags: string): string {
  const [{ namespace, name, port } = { namespace: '', name: '', port: 0 }] = route.services;
  const service = route.allPorts === true || route.services.length > 1 ? name : `${name}:${port}`;
  const command = (name = '') => `heddle route clear ${service}${name === '' ? '' : ` --name ${name}`} -n ${namespace}${flags}`;
  const changes = entryChanges(route);
  const [only, ...others] = changes.filter(({ change }) => change === 'added' || change === 'changed');
  if (route.entries.length === 1) return `Take it back: ${command()}`;
  if (only !== undefined && others.length === 0) return `Take it back: ${command(only.name)}`;
  return `Take ${changes.some(({ change }) => change === 'removed') ? 'the others' : 'them'} back: ${command()}`;
}

const entryText = (entry: RouteEntry) => `${describeRouteAction(entry)} (standing route ${entry.name}${restriction(entry)})`;

/** `shop/cart:8080,9090` */
export function serviceText(services: readonly ServiceRef[]): string {
  const [{ namespace, name } = { namespace: '', name: '' }] = services;
  return `${namespace}/${name}:${services.map(({ port }) => port).join(',')}`;
}

function versionText(version: Version): string {
  if (version.realise === 'service') return `Service ${version.service.namespace}/${version.service.name}`;
  const labels = Object.entries(version.labels).map(([key, value]) => `${key}=${value}`);
  const pods = `pods with ${labels.join(', ') || 'any labels'}`;
  return version.realise === 'subset' && version.ref === undefined
    ? `${pods} (a subset that heddle makes)`
    : `${version.realise} ${version.ref ?? version.id} (${pods})`;
}
