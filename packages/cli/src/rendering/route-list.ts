import { describeRef } from '@heddle/core';
import type { ListedRoute, RouteListDocument, RouteState } from '../services/standing-route/list-document.js';
import type { Paper } from '../terminal/output.js';
import { table } from './table.js';

/** `where`: what was looked at; `flags`: what another command needs to reach the same cluster. */
export function renderRouteList({ routes, unreadable, now }: RouteListDocument, where: string, flags: string, paper: Paper): string {
  const { style } = paper;
  const rows = routes.map((route) => [
    `${route.namespace}/${route.service}:${route.ports.join(',')}`,
    style.bold(route.name),
    route.requests,
    route.does,
    `${route.by.user}@${route.by.host}${route.file === undefined ? '' : ` (file ${route.file})`}`,
    ageText(Date.parse(now) - Date.parse(route.since)),
    stateText(route, paper),
  ]);
  return [
    routes.length === 0
      ? `No standing routes ${where}.`
      : table(['SERVICE', 'NAME', 'REQUESTS', 'WHAT IT DOES', 'BY', 'AGE', 'STATE'], rows, paper),
    ...unreadable.map(({ namespace, id, problem }) => style.red(`Record ${id} in ${namespace} cannot be read: ${problem}`)),
    ...nextSteps(routes, flags),
  ].join('\n');
}

function stateText({ state }: ListedRoute, { style }: Paper): string {
  const texts: Readonly<Record<RouteState, string>> = {
    stands: style.green('stands'),
    edited: style.red('edited by hand'),
    missing: style.red('rules are gone'),
    stale: style.yellow('copied from a table that changed'),
    outdated: style.yellow('out of date'),
    partial: style.yellow('not for all ports'),
    unfinished: style.yellow('a change is unfinished'),
    unknown: style.dim('not looked at'),
  };
  return texts[state];
}

/** What to do about routes that do not stand as they were written, for each service once. */
function nextSteps(routes: readonly ListedRoute[], flags: string): readonly string[] {
  const steps = (state: RouteState, title: string, lines: (route: ListedRoute) => readonly string[]) => {
    const concerned = new Map(routes.filter((route) => route.state === state).map((route) => [`${route.namespace}/${route.id}`, route]));
    const all = [...new Set([...concerned.values()].flatMap(lines))];
    return concerned.size === 0 ? [] : ['', title, ...all.map((line) => `  ${line}`)];
  };
  const command = (verb: string, { service, namespace }: ListedRoute) => `heddle route ${verb} ${service} -n ${namespace}${flags}`;
  return [
    ...steps(
      'edited',
      'Somebody edited rules of these by hand, so heddle leaves them alone. Put them back as they were, or take them out, then write the routes anew:',
      (route) => [...(route.edited ?? []).map(({ ref, pointer }) => `${pointer} of ${describeRef(ref)}`), command('refresh', route)],
    ),
    ...steps('missing', 'Somebody took rules of these out. Write them anew, or take the routes back:', (route) => [
      ...(route.missing ?? []).map(({ ref, rules }) => `${rules === 1 ? '1 rule is' : `${rules} rules are`} gone from ${describeRef(ref)}`),
      command('refresh', route),
      command('clear', route),
    ]),
    ...steps('stale', 'Others have changed the rules that these are copies of. Take the changes over:', (route) => [
      command('refresh', route),
    ]),
    ...steps(
      'outdated',
      'These would be written otherwise now: their objects have been changed, or what they name is called otherwise, so they may not do what was meant. Write them anew:',
      (route) => [...(route.outdated ?? []).map(describeRef), command('refresh', route)],
    ),
    ...steps('partial', 'Ports have come since these were made. Take them in:', (route) => [
      `port ${(route.uncovered ?? []).join(', ')} of ${route.namespace}/${route.service}`,
      command('refresh', route),
    ]),
    ...steps('unfinished', 'Whoever was changing these is at it, or gone. If gone, bring it to an end:', ({ namespace }) => [
      `heddle clean -n ${namespace}${flags}`,
    ]),
    ...steps('unknown', 'Objects of their mesh may not be read, or its adapter is not at hand:', ({ namespace }) => [
      `heddle doctor -n ${namespace}${flags}`,
    ]),
  ];
}

/** As `kubectl get` shows it: `5s`, `3m`, `7h`, `2d`. */
function ageText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  if (Number.isNaN(seconds)) return '';
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}m`;
  return seconds < 86_400 ? `${Math.floor(seconds / 3_600)}h` : `${Math.floor(seconds / 86_400)}d`;
}
