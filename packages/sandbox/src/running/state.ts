import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** A running sandbox, as others on this machine find it. */
export interface Running {
  readonly name: string;
  readonly pid: number;
  /** When the process began, as the system says; tells it from a later one with the same pid. */
  readonly startTime: string;
  readonly scenario: string;
  readonly kubeconfig: string;
  readonly apiUrl: string;
  readonly gatewayUrl: string;
  readonly clientUrl: string;
}

/** A sandbox's folder in the user's state directory (XDG base directory specification). */
export function stateDir(env: NodeJS.ProcessEnv, name: string): string {
  return join(env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'heddle', name);
}

export function makeDir(dir: string): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
}

const fileIn = (dir: string) => join(dir, 'sandbox.json');
/** What a sandbox in the background says. */
export const logIn = (dir: string) => join(dir, 'sandbox.log');

export function writeState(dir: string, running: Running): void {
  writeFileSync(fileIn(dir), JSON.stringify(running), { mode: 0o600 });
}

export function removeState(dir: string): void {
  for (const file of [fileIn(dir), logIn(dir)]) rmSync(file, { force: true });
  removeEmpty(dir);
}

/** A folder in which something else lies stays. */
export function removeEmpty(dir: string): void {
  try {
    rmdirSync(dir);
  } catch {
    // Not empty, or not there.
  }
}

/** The sandbox that runs now; what a dead one left is removed. */
export function readState(dir: string): Running | undefined {
  try {
    const running: Running = JSON.parse(readFileSync(fileIn(dir), 'utf8'));
    if (startTimeOf(running.pid) === running.startTime) return running;
    rmSync(running.kubeconfig, { force: true });
    removeState(dir);
  } catch {
    // No file, or none that can be read: nothing runs. One that is about to run has its log there.
  }
  return undefined;
}

/** When a process began; `undefined` when there is none. */
export function startTimeOf(pid: number): string | undefined {
  try {
    if (process.platform !== 'linux') return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? undefined : fields[18];
  } catch {
    return undefined;
  }
}
