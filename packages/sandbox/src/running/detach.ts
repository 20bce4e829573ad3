import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { UserError } from '@heddle/core';
import type { Running } from './state.js';

/** Runs this command line again without `--detach`, as a process of its own; resolves when it says that it is up. */
export async function detach(argv: readonly string[], env: NodeJS.ProcessEnv, logFile: string): Promise<Running> {
  const { HEDDLE_DETACH: _detach, ...rest } = env;
  const log = openSync(logFile, 'w', 0o600);
  const args = [...process.execArgv, process.argv[1] ?? '', 'sandbox', 'start', ...argv.filter((arg) => arg !== '--detach')];
  const child = spawn(process.execPath, args, { detached: true, env: rest, stdio: ['ignore', log, log, 'ipc'] });
  closeSync(log);
  try {
    return await new Promise<Running>((resolve, reject) => {
      child.once('message', (running) => resolve(running as Running));
      child.once('error', reject);
      child.once('exit', () => {
        const [said = ''] = readFileSync(logFile, 'utf8').trim().split('\n');
        const message = `The sandbox did not start: ${said.replace(/^Error: /, '') || 'it ended without a word.'}`;
        reject(new UserError({ code: 'sandbox-start', exit: 'usage', message, next: [`Look at what it said: ${logFile}`] }));
      });
    });
  } finally {
    if (child.connected) child.disconnect();
    child.unref();
  }
}
