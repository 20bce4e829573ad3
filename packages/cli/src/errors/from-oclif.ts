import { closest, isUserError, type UserError } from '@heddle/core';
import { stripColours } from '../terminal/ansi.js';
import { cliError } from './cli-error.js';

/** The exit code of oclif's "stop here" error (`this.exit(n)`), which has nothing to print. */
export function exitRequest(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'EEXIT') return undefined;
  return oclifExit(error) ?? 0;
}

/**
 * What oclif's parser or a plugin's `this.error()` reports, as a usage error in our form; our own errors pass unchanged,
 * and `undefined` means that it is neither, hence a bug.
 */
export function asUserError(error: unknown, help: string): UserError | undefined {
  // A flag's own refusal comes with words of the parser around it.
  if (isUserError(error))
    return /^Parsing --/.test(error.message) ? cliError('usage', sentence(error), [`See its help: ${help}`], error) : error;
  if (!(error instanceof Error) || oclifExit(error) === undefined) return undefined;
  const next = [...suggestions(error), `See its help: ${help}`];
  return cliError('usage', sentence(error), next, error);
}

function oclifExit(error: Error): number | undefined {
  if (!('oclif' in error) || typeof error.oclif !== 'object' || error.oclif === null) return undefined;
  const { exit } = error.oclif as { exit?: unknown };
  return typeof exit === 'number' ? exit : undefined;
}

function sentence(error: Error): string {
  const lines = stripColours(error.message)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^See more help with/.test(line) && !/^The following errors? occurred:$/.test(line));
  const text = lines
    .join(' ')
    .replace(/^(--\S+?)(?:=.*?)? cannot also be provided when using (--[\w-]+)\b.*$/, 'Give either $1 or $2, not both')
    .replace(/^Nonexistent flags?: (.*)$/, (_, flags: string) => `There is no flag ${flags}`)
    .replace(/^Missing \d+ required args?: .*$/, () => missingArguments(error))
    .replace(/^Missing required flag (\S+)$/, (_, name: string) => `The flag --${name.replace(/^--/, '')} is missing`)
    .replace(/^Parsing (--\S+) (?:\1: )?/, (_, flag: string) => `${flag}: `);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function missingArguments(error: Error): string {
  const { args = [] } = error as { args?: readonly { readonly name: string }[] };
  const names = args.map(({ name }) => name.toUpperCase());
  return names.length === 1 ? `The argument ${names[0]} is missing` : `The arguments ${names.join(' and ')} are missing`;
}

function suggestions(error: Error): readonly string[] {
  const { flags, parse } = error as { flags?: unknown; parse?: { input?: { flags?: Record<string, unknown> } } };
  if (!Array.isArray(flags)) return [];
  const known = Object.keys(parse?.input?.flags ?? {}).map((name) => `--${name}`);
  return flags
    .map((flag) => closest(String(flag).split('=')[0] ?? '', known))
    .filter((flag) => flag !== undefined)
    .map((flag) => `Did you mean ${flag}?`);
}
