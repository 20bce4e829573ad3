import { constants } from 'node:os';
import { EXIT, type UserError } from '@heddle/core';
import type { EndSignal } from '../services/signals.js';
import { cliError } from './cli-error.js';

/** What is reported of a command that a signal ended before it had done its work. */
export function interruptedError(signal: EndSignal, message: string, next: readonly string[] = []): UserError {
  return Object.assign(cliError('interrupted', message, next), { signal });
}

/** As shells have it: 128 and the signal's number, so 130 for SIGINT, 143 for SIGTERM, 129 for SIGHUP. */
export const signalExit = (signal: EndSignal): number => 128 + constants.signals[signal];

/** The exit code of a command that ends with an error. */
export function exitOf(error: UserError): number {
  return error.exit === 'interrupted' && 'signal' in error ? signalExit(error.signal as EndSignal) : EXIT[error.exit];
}
