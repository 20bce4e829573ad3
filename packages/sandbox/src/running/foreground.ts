import { accessSync, constants, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { UserError } from '@heddle/core';
import { createSandbox } from '../sandbox.js';
import type { Parts } from './parts.js';
import { type Running, removeEmpty, removeState, startTimeOf, writeState } from './state.js';

/** Runs a sandbox in this process until it is asked to end. Its kubeconfig and state are there meanwhile, and not afterwards. */
export async function runForeground(
  parts: Parts,
  name: string,
  dir: string,
  kubeconfig: string,
  onUp: (running: Running) => void,
): Promise<void> {
  const ended = new Promise<void>((end) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => end());
  });
  const sandbox = await createSandbox(parts);
  try {
    const { apiUrl, gatewayUrl, clientUrl } = sandbox;
    writeFileSync(kubeconfig, sandbox.kubeconfig(undefined, name), { mode: 0o600 });
    const { pid } = process;
    const running = {
      name,
      pid,
      startTime: startTimeOf(pid) ?? '',
      scenario: parts.scenario.id,
      kubeconfig,
      apiUrl,
      gatewayUrl,
      clientUrl,
    };
    writeState(dir, running);
    onUp(running);
    // Started by `--detach`: the parent waits for this.
    process.send?.(running);
    await ended;
    removeState(dir);
  } finally {
    rmSync(kubeconfig, { force: true });
    removeEmpty(dir);
    await sandbox.stop();
  }
}

/** Throws when the file cannot be written, or is there and holds something else than a sandbox's kubeconfig. */
export function refuseForeignFile(file: string): void {
  let message = `${file} is there and is not a sandbox's kubeconfig: it stays as it is.`;
  try {
    const isOurs = !existsSync(file) || readFileSync(file, 'utf8').includes('name: developer@');
    if (isOurs) return void accessSync(dirname(file), constants.W_OK);
  } catch (error) {
    message = `${file} cannot be written: ${(error as Error).message}.`;
  }
  throw new UserError({ code: 'sandbox-kubeconfig', exit: 'usage', message, next: ['Name another file with --kubeconfig.'] });
}
