import { UserError } from '@heddle/core';
import { CLI_ERRORS, type CliErrorCode } from './codes.js';

/** A `UserError` with a code of `CLI_ERRORS`; its exit code comes from there. */
export function cliError(code: CliErrorCode, message: string, next: readonly string[] = [], cause?: unknown): UserError {
  return new UserError({ code, exit: CLI_ERRORS[code].exit, message, next, ...(cause === undefined ? {} : { cause }) });
}

/** A bad input: where it stands, what was expected, what is there. */
export function cliInputError(
  code: CliErrorCode,
  at: { readonly path: string; readonly expected: string; readonly received: string },
  next: readonly string[] = [],
): UserError {
  return cliError(code, `${at.path}: expected ${at.expected}, received ${at.received}`, next);
}
