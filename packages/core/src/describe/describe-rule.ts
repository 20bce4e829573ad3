import type { Action, Destination, Fault, Redirect, RegexRewrite, Rewrite, Rule } from '../model/table.js';
import { describeMatches } from './describe-match.js';
import { describeMs } from './describe-ms.js';
import { describePercent } from './describe-percent.js';

/** A destination's short name: its version or subset behind the host, else the host. */
function describeDestination(destination: Destination): string {
  const place = `${destination.host}${destination.port === undefined ? '' : `:${destination.port}`}`;
  const part = destination.version ?? destination.subset;
  const state =
    destination.endpoints === 'no-cluster'
      ? ` (does not exist: ${destination.missingStatus ?? 503} NC)`
      : destination.endpoints.length === 0
        ? ' (no ready pod: 503 UH)'
        : '';
  return `${part === undefined ? place : `${part} of ${place}`}${state}`;
}

/** What an action does: `v1 of reviews… 90 %, v2 of reviews… 10 %`, `redirect 301 to https://…`, `404`. */
export function describeAction(action: Action): string {
  if (action === 'closed') return 'the connection is closed';
  if (action === 'passthrough') return 'passed through unrouted';
  if ('status' in action) return `${action.status} from the proxy`;
  if ('redirect' in action) return describeRedirect(action.redirect);
  if ('directResponse' in action) return `answered by the proxy with ${action.directResponse.status}`;
  const total = action.to.reduce((sum, { weight }) => sum + Math.max(weight, 0), 0);
  const [only] = action.to;
  if (only === undefined) return 'no destination';
  if (action.to.length === 1) return describeDestination(only);
  if (total === 0) return 'no destination with a weight';
  return action.to
    .filter(({ weight }) => weight > 0)
    .map((destination) => `${describeDestination(destination)} ${describePercent((100 * destination.weight) / total)}`)
    .join(', ');
}

/** A whole rule in one line: `x-dev = alice → shadow of …; path → /new; copied to v2 of … (50 %)`. */
export function describeRule(rule: Rule): string {
  const effects = [
    ...(rule.rewrite === undefined ? [] : describeRewrite(rule.rewrite)),
    ...(rule.mirrors ?? []).map(
      ({ destination, percent: part }) => `copied to ${describeDestination(destination)} (${describePercent(part)})`,
    ),
    ...(rule.fault === undefined ? [] : describeFault(rule.fault)),
    ...(rule.timeoutMs === undefined ? [] : [`timeout ${rule.timeoutMs} ms`]),
    ...(rule.preflight === undefined ? [] : ['CORS preflights answered by the proxy']),
    ...Object.keys(rule.opaque ?? {}).map((what) => `depends on ${what}`),
  ];
  return [`${describeMatches(rule.match)} → ${describeAction(rule.action)}`, ...effects].join('; ');
}

function describeRedirect(redirect: Redirect): string {
  const { code, scheme, authority, port, path } = redirect;
  const elsewhere = scheme !== undefined || authority !== undefined || port !== undefined;
  const place = elsewhere ? `${scheme ?? '…'}://${authority ?? '…'}${port === undefined ? '' : `:${port}`}` : '';
  const where = path === undefined ? '' : 'full' in path ? path.full : 'prefix' in path ? `${path.prefix}…` : describeRegex(path);
  return `redirect ${code} to ${place}${where}`;
}

function describeRewrite(rewrite: Rewrite): readonly string[] {
  const path = rewrite.path;
  const text =
    path === undefined
      ? []
      : 'full' in path
        ? [`path → ${path.full}`]
        : 'prefix' in path
          ? [`matched part of the path → ${path.prefix}`]
          : [`path: ${describeRegex(path)}`];
  const { authority } = rewrite;
  if (authority === undefined) return text;
  return [...text, typeof authority === 'string' ? `authority → ${authority}` : `authority from the path: ${describeRegex(authority)}`];
}

const describeRegex = ({ regex, substitution }: RegexRewrite): string => `${regex} → ${substitution}`;

function describeFault({ delay, abort }: Fault): readonly string[] {
  return [
    ...(delay === undefined ? [] : [`delayed ${describeMs(delay.ms)} (${describePercent(delay.percent)})`]),
    ...(abort === undefined ? [] : [`aborted with ${abort.status} (${describePercent(abort.percent)})`]),
  ];
}

/** Two decimals at most, and none that say nothing. */
