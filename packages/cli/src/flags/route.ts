import {
  ABORT_STATUS,
  DURATION,
  durationMs,
  isAbortStatus,
  isPercent,
  PERCENT,
  parseShares,
  type RouteAction,
  type Share,
} from '@heddle/core';
import { Args, Flags } from '@oclif/core';
import { cliInputError } from '../errors/cli-error.js';
import type { SetRequest } from '../services/standing-route/standing-routes.js';
import { matchFlags, matchOf } from './match.js';
import { parseServiceArgument } from './service-argument.js';
import { contextFlags, dryRunFlag, meshFlag, namespaceFlag, yesFlag } from './shared-flags.js';

const placeFlags = { ...namespaceFlag, ...contextFlags, ...meshFlag };

/** Of every command that changes standing routes. */
export const changeFlags = { ...dryRunFlag, ...yesFlag, ...placeFlags };

/** Of those that set one. */
export const setFlags = {
  name: Flags.string({
    summary: 'Name of the standing route; default: from what it does and for which requests.',
    helpValue: 'NAME',
    env: 'HEDDLE_NAME',
  }),
  ...matchFlags,
  ...changeFlags,
};

export const percentFlag = {
  percent: Flags.string({ default: '100', summary: 'How many of the requests that fit.', helpValue: 'PERCENT', env: 'HEDDLE_PERCENT' }),
};

export const serviceArg = (description: string) => Args.string({ required: true, description, ignoreStdin: true });

export const HTTP_PORTS = 'The service, with :PORT (number or name) for one of its ports; default: all that carry HTTP.';
export const ROUTED_PORTS = 'The service, with :PORT (number or name) for the routes of that port alone; default: all of its routes.';

/** What a command asks of the service. Throws `service-invalid` and `bad-match`. */
export function setRequest(
  service: string,
  flags: { readonly name?: string | undefined; readonly 'dry-run': boolean } & Parameters<typeof matchOf>[0],
  action: RouteAction,
): SetRequest {
  const match = matchOf(flags);
  return {
    service: parseServiceArgument(service),
    action,
    match: match === undefined ? [] : [match],
    ...(flags.name === undefined ? {} : { name: flags.name }),
    dryRun: flags['dry-run'],
  };
}

/** Reads `NAME`: routes are listed for all of its ports at once. Throws `service-invalid`. */
export function parseRouteService(text: string): string {
  const { name, port } = parseServiceArgument(text);
  if (port === undefined) return name;
  throw cliInputError('service-invalid', { path: 'SERVICE', expected: "a Service's name alone", received: text }, [
    `Its routes are listed with their ports: heddle route list ${name}`,
  ]);
}

/** `v2` alone for all requests, else shares: `v1=50 v2=50`, by comma too. Throws `shares-invalid`. */
export function versionOrShares(words: readonly string[]): readonly Share[] {
  const [only = '', ...more] = words.flatMap((word) => word.split(','));
  return parseShares(more.length === 0 && !only.includes('=') ? [`${only}=100`] : [only, ...more]);
}

/** One version, without a share. Throws `usage`. */
export function parseVersion(text: string): string {
  if (text !== '' && !/[=,]/.test(text)) return text;
  const at = { path: '--to', expected: 'one version, by its name', received: text === '' ? 'nothing' : text };
  throw cliInputError('usage', at, ['How many of the requests are copied: --percent PERCENT']);
}

/** Reads `10`, `0.5`, `10%`. Throws `usage`. */
export function parsePercent(text: string): number {
  const value = /^\d+(\.\d+)?%?$/.test(text) ? Number(text.replace(/%$/, '')) : Number.NaN;
  if (isPercent(value)) return value;
  throw cliInputError('usage', { path: '--percent', expected: PERCENT, received: text === '' ? 'nothing' : text });
}

/** Throws `usage` where there is neither a delay nor an abort, or one of them is none. */
export function parseFault(flags: {
  readonly delay?: string | undefined;
  readonly abort?: string | undefined;
  readonly percent: string;
}): RouteAction {
  const percent = parsePercent(flags.percent);
  const { delay, abort } = flags;
  if (delay === undefined && abort === undefined) {
    throw cliInputError('usage', { path: '--delay, --abort', expected: 'one of them, or both', received: 'neither' });
  }
  return {
    fault: {
      ...(delay === undefined ? {} : { delay: { percent, ms: parseDelay(delay) } }),
      ...(abort === undefined ? {} : { abort: { percent, status: parseAbort(abort) } }),
    },
  };
}

function parseDelay(text: string): number {
  const ms = durationMs(text);
  if (ms !== undefined) return ms;
  throw cliInputError('usage', { path: '--delay', expected: DURATION, received: text === '' ? 'nothing' : text });
}

function parseAbort(text: string): number {
  const status = /^\d{3}$/.test(text) ? Number(text) : Number.NaN;
  if (isAbortStatus(status)) return status;
  throw cliInputError('usage', { path: '--abort', expected: ABORT_STATUS, received: text === '' ? 'nothing' : text });
}
