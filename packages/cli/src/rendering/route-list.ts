import type { ListedRoute, RouteListDocument } from '../services/standing-route/list-document.js';
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
  const stale = [...new Map(routes.filter(({ state }) => state === 'stale').map((route) => [route.id + route.namespace, route])).values()];
  return [
    routes.length === 0
      ? `No standing routes ${where}.`
      : table(['SERVICE', 'NAME', 'REQUESTS', 'WHAT IT DOES', 'BY', 'AGE', 'STATE'], rows, paper),
    ...unreadable.map(({ namespace, id, problem }) => style.red(`Record ${id} in ${namespace} cannot be read: ${problem}`)),
    ...(stale.length === 0 ? [] : ['', 'Others have changed the rules that these are copies of. Take the changes over:']),
    ...stale.map(({ service, namespace }) => `  heddle route refresh ${service} -n ${namespace}${flags}`),
  ].join('\n');
}

function stateText({ state }: ListedRoute, { style }: Paper): string {
  if (state === 'stands') return style.green('stands');
  return state === 'stale' ? style.yellow('copied from a table that changed') : style.yellow('a change is unfinished');
}

/** As `kubectl get` shows it: `5s`, `3m`, `7h`, `2d`. */
function ageText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  if (Number.isNaN(seconds)) return '';
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}m`;
  return seconds < 86_400 ? `${Math.floor(seconds / 3_600)}h` : `${Math.floor(seconds / 86_400)}d`;
}
