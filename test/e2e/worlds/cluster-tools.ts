import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Counts, Headers } from './world.js';

const run = promisify(execFile);

/** An environment variable that the cluster suites cannot do without. */
export function needed(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`test:cluster needs ${name}; see CONTRIBUTING.md, "Testing against a cluster"`);
  return value;
}

export async function kubectl(...args: string[]): Promise<string> {
  const { stdout } = await run('kubectl', args, { maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}

/** GETs from a pod of a Deployment that runs the echo image, counted by answer: through its own sidecar if it has one. */
export async function callFromPod(
  from: { readonly namespace: string; readonly deployment: string; readonly url: string },
  count: number,
  headers: Headers = {},
): Promise<Counts> {
  const flags = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}:${value}`]);
  const client = ['exec', `deploy/${from.deployment}`, '-c', 'client', '--', 'echo-server', '-client', from.url];
  const out = await kubectl('-n', from.namespace, ...client, '-n', String(count), ...flags);
  const counts: Record<string, number> = {};
  for (const line of out.trim().split('\n')) {
    const [, answer, times] = /^(.*) (\d+)$/.exec(line.trim()) ?? [];
    if (answer !== undefined) counts[answer.trim()] = Number(times);
  }
  return counts;
}

/** Configuration reaches proxies after a while: waits until the answers are as expected twice in a row. */
export function settled(ask: () => Promise<Counts>, expected: Counts): Promise<void> {
  return twice(ask, (counts) => JSON.stringify(counts) === JSON.stringify(expected), JSON.stringify(expected));
}

/** The same, where all answers are to be of a kind. */
export function settledOn(ask: () => Promise<Counts>, kind: RegExp): Promise<void> {
  return twice(ask, (counts) => Object.keys(counts).every((answer) => kind.test(answer)), String(kind));
}

async function twice(ask: () => Promise<Counts>, isGood: (counts: Counts) => boolean, expected: string): Promise<void> {
  let last: Counts = {};
  for (let good = 0, tries = 0; good < 2; tries += 1) {
    last = await ask().catch((error: unknown) => ({ [String(error)]: 1 }));
    good = isGood(last) ? good + 1 : 0;
    if (tries > 60) throw new Error(`expected ${expected}, got ${JSON.stringify(last)}`);
    if (good < 2) await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
