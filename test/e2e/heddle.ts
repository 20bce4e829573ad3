import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const BIN = fileURLToPath(new URL('../../packages/cli/bin/run.js', import.meta.url));

/** A running `heddle`, with what it printed. */
export interface HeddleProcess {
  readonly child: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves when the process has ended and its output is complete. */
  readonly exit: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Waits until the output (both streams) contains something; rejects with all of the output when it ends or takes too long. */
  waitFor(what: RegExp, timeoutMs?: number): Promise<void>;
  /** Ends it without a chance to clean up, if it still runs. */
  kill(): Promise<void>;
}

export function heddle(args: readonly string[], env: Readonly<Record<string, string>>, cwd?: string): HeddleProcess {
  const child = spawn(process.execPath, [BIN, ...args], {
    env: { PATH: process.env.PATH ?? '', NO_COLOR: '1', CI: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
  });
  let stdout = '';
  let stderr = '';
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of listeners) listener();
  };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    changed();
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    changed();
  });
  const exit = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
  const said = () => `heddle ${args.join(' ')}\n--- stdout\n${stdout}\n--- stderr\n${stderr}`;
  return {
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    exit,
    waitFor: (what, timeoutMs = 60_000) =>
      new Promise((resolve, reject) => {
        const done = (finish: () => void) => {
          clearTimeout(timer);
          listeners.delete(check);
          finish();
        };
        const check = () => {
          if (what.test(stdout + stderr)) done(resolve);
        };
        const timer = setTimeout(() => done(() => reject(new Error(`${what} did not appear in ${timeoutMs} ms: ${said()}`))), timeoutMs);
        listeners.add(check);
        void exit.then(() => {
          check();
          done(() => reject(new Error(`ended before ${what} appeared: ${said()}`)));
        });
        check();
      }),
    kill: async () => {
      if (child.exitCode === null) child.kill('SIGKILL');
      await exit;
    },
  };
}

/** Runs `heddle` to its end. */
export async function run(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd?: string,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const process = heddle(args, env, cwd);
  const { code } = await process.exit;
  return { code, stdout: process.stdout(), stderr: process.stderr() };
}
