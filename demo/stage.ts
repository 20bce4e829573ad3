import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../packages/cli/bin/run.js', import.meta.url));
const colour = process.stdout.isTTY && process.env.NO_COLOR === undefined;
const paint = (code: number, text: string) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);

/** A home of its own, so that the demo neither reads nor leaves anything in the user's. */
export const home = mkdtempSync(join(tmpdir(), 'heddle-demo-'));
export const environment: Record<string, string> = {
  PATH: process.env.PATH ?? '',
  HOME: home,
  XDG_CONFIG_HOME: join(home, 'config'),
  XDG_STATE_HOME: join(home, 'state'),
  NO_COLOR: '1',
};

export const say = (text: string) => console.log(`\n${paint(1, text)}`);
export const show = (text: string) => console.log(text.replace(/^(?=.)/gm, '  '));
export const command = (args: readonly string[]) => console.log(`\n${paint(36, `$ heddle ${args.map(quoted).join(' ')}`)}`);

const quoted = (arg: string) => (/^[\w@%+=:,./-]+$/.test(arg) ? arg : `'${arg}'`);

let failures = 0;
export const failed = () => failures;

/** Prints what was found, and remembers when it is not what was expected. */
export function check(what: string, found: string, expected: string): void {
  const good = found === expected;
  if (!good) failures += 1;
  console.log(`  ${good ? paint(32, 'ok ') : paint(31, 'BAD')} ${what}: ${found}${good ? '' : ` (expected ${expected})`}`);
}

const running = new Set<ChildProcess>();

export interface Heddle {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly stdout: () => string;
  readonly exit: Promise<number | null>;
  until(what: RegExp): Promise<void>;
}

/** Starts `heddle`; `echo` prints its lines as they come. */
export function heddle(args: readonly string[], options: { echo?: boolean } = {}): Heddle {
  const child = spawn(process.execPath, [BIN, ...args], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let output = '';
  let stdout = '';
  const waiting = new Set<() => void>();
  const take = (stream: 'stdout' | 'stderr') => (text: string) => {
    output += text;
    if (stream === 'stdout') stdout += text;
    if (options.echo === true) process.stdout.write(text.replace(/^(?=.)/gm, '  '));
    for (const wake of waiting) wake();
  };
  child.stdout?.setEncoding('utf8').on('data', take('stdout'));
  child.stderr?.setEncoding('utf8').on('data', take('stderr'));
  const exit = new Promise<number | null>((resolve) => {
    child.on('close', (code) => {
      running.delete(child);
      resolve(code);
    });
  });
  const until = (what: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (!what.test(output)) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      void exit.then((code) => reject(new Error(`heddle ${args.join(' ')} ended with ${code} before ${what}:\n${output}`)));
      look();
    });
  return { child, output: () => output, stdout: () => stdout, exit, until };
}

export interface RunningSandbox extends Record<'name' | 'kubeconfig' | 'gatewayUrl' | 'clientUrl', string> {
  readonly process: Heddle;
}

/** `heddle sandbox start` in the foreground of a process of its own; from now on its cluster is the current one. */
export async function startSandbox(flags: readonly string[]): Promise<RunningSandbox> {
  const args = ['sandbox', 'start', ...flags, '-o', 'json'];
  command(args);
  const process = heddle(args);
  await process.until(/\}\s*$/);
  const running = JSON.parse(process.stdout()) as Omit<RunningSandbox, 'process'>;
  environment.KUBECONFIG = running.kubeconfig;
  return { ...running, process };
}

/** Ctrl-C for a sandbox; its kubeconfig goes with it. */
export async function endSandbox({ name, kubeconfig, process }: RunningSandbox): Promise<void> {
  process.child.kill('SIGINT');
  check(`exit code of the sandbox ${name}`, String(await process.exit), '0');
  check(`the kubeconfig of ${name}`, existsSync(kubeconfig) ? 'still there' : 'removed', 'removed');
}

/** A command that runs to its end; what it printed. */
export async function finished(args: readonly string[]): Promise<string> {
  command(args);
  const process = heddle(args);
  const code = await process.exit;
  if (code !== 0) throw new Error(`heddle ${args.join(' ')} ended with ${code}:\n${process.output()}`);
  return process.stdout().trimEnd();
}

/** Ends what still runs; only processes that this demo started. */
export async function endAll(): Promise<void> {
  for (const child of running) child.kill('SIGTERM');
  await Promise.all([...running].map((child) => new Promise((resolve) => child.once('close', resolve))));
}

/** The program on the laptop: a stand-in that says who it is. On the wanted port, or on any when that is taken. */
export async function localServer(body: string, wanted: number): Promise<{ server: Server; port: number }> {
  const server = createServer((_request, response) => response.writeHead(200, { 'content-type': 'text/plain' }).end(`${body}\n`));
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        server.removeListener('error', reject);
        resolve();
      });
    });
  await listen(wanted).catch(() => listen(0));
  return { server, port: (server.address() as AddressInfo).port };
}

export async function endServers(servers: readonly { readonly server: Server }[]): Promise<void> {
  for (const { server } of servers) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** A real request; the first line of the body, which says who answered. */
export function ask(url: string, headers: Readonly<Record<string, string>>): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(url, { headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => resolve(`${response.statusCode} ${body.split('\n')[0] ?? ''}`.trim()));
    });
    sent.on('error', reject).end();
  });
}
