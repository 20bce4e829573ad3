import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Clock, UserError } from '@heddle/core';
import { cliError } from '../errors/cli-error.js';

/** How a child process ended, as a shell would say it: 128 + the signal's number for a killed one. */
export interface ChildEnd {
  readonly code: number;
  readonly signal?: NodeJS.Signals;
}

export interface Child {
  readonly ended: Promise<ChildEnd>;
  /** Undefined while it runs. */
  readonly end: ChildEnd | undefined;
  kill(signal: NodeJS.Signals): void;
}

/** `stdout`: where its own stdout goes; to stderr where ours holds documents for a program. */
export type StartChild = (command: readonly string[], options: { readonly stdout: 'stdout' | 'stderr' }) => Promise<Child>;

/** Starts the user's command on this terminal. Throws `command-not-started`. */
export const startChild: StartChild = ([file = '', ...args], { stdout }) =>
  new Promise((resolve, reject) => {
    // On Windows npm and the like are batch files, which only a shell starts.
    const child = spawn(file, args, {
      stdio: ['inherit', stdout === 'stdout' ? 'inherit' : 2, 'inherit'],
      shell: process.platform === 'win32',
    });
    let end: ChildEnd | undefined;
    const ended = new Promise<ChildEnd>((done) => {
      child.once('exit', (code, signal) => {
        end = signal === null ? { code: code ?? 0 } : { code: 128 + constants.signals[signal], signal };
        done(end);
      });
    });
    child.once('error', (error) => reject(notStarted(file, error)));
    child.once('spawn', () =>
      resolve({
        ended,
        get end() {
          return end;
        },
        kill: (signal) => {
          child.kill(signal);
        },
      }),
    );
  });

function notStarted(file: string, error: Error): UserError {
  const code = 'code' in error ? String(error.code) : error.message;
  const why = code === 'ENOENT' ? 'there is no such program' : code === 'EACCES' ? 'it may not be executed' : code;
  return cliError('command-not-started', `The command ${file} cannot be started: ${why}.`, ['Check the words after --.'], error);
}

const GRACE_MS = 10_000;

/** Ends it: SIGTERM, and SIGKILL to one that is still there after ten seconds. */
export async function endChild(child: Child, clock: Clock): Promise<ChildEnd> {
  if (child.end !== undefined) return child.end;
  child.kill('SIGTERM');
  const cancel = new AbortController();
  const first = await Promise.race([child.ended, clock.sleep(GRACE_MS, cancel.signal)]);
  cancel.abort();
  if (first !== undefined) return first;
  child.kill('SIGKILL');
  return child.ended;
}
