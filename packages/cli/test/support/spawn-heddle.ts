import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { CLI_ROOT } from './run-command.js';

export const BIN = join(CLI_ROOT, 'bin/run.js');

export interface HeddleProcess {
  readonly child: ChildProcess;
  stdout(): string;
  stderr(): string;
  readonly exit: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
}

/** Starts the built program, with nothing of this process's environment but what it needs to run. */
export function startHeddle(
  line: readonly string[],
  env: Readonly<Record<string, string>>,
  node: readonly string[] = [BIN],
): HeddleProcess {
  const child = spawn(process.execPath, [...node, ...line], {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const exit = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
  return { child, stdout: () => stdout, stderr: () => stderr, exit };
}

export function heddle(line: readonly string[], env: Readonly<Record<string, string>>): HeddleProcess['exit'] {
  return startHeddle(line, env).exit;
}
