import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sandbox } from '@heddle/sandbox';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ask, localApplication, until } from './support/laptop.js';
import { state, tomcatSandbox } from './support/sandbox-world.js';
import { expectShape } from './support/schemas.js';
import { type HeddleProcess, heddle, startHeddle } from './support/spawn-heddle.js';

let sandbox: Sandbox;
let home: string;
let env: Record<string, string>;
let before: Awaited<ReturnType<typeof state>>;
let laptop: Awaited<ReturnType<typeof localApplication>>;
beforeAll(async () => {
  sandbox = await tomcatSandbox();
  home = mkdtempSync(join(tmpdir(), 'heddle-mesh-'));
  writeFileSync(join(home, 'kubeconfig'), sandbox.kubeconfig());
  env = { HOME: home, KUBECONFIG: join(home, 'kubeconfig'), HEDDLE_NAMESPACE: 'mesh-demo' };
  before = await state(sandbox);
});
afterAll(async () => {
  await sandbox.stop();
  rmSync(home, { recursive: true, force: true });
});
beforeEach(async () => {
  laptop = await localApplication();
});
afterEach(() => laptop.close());

const header = { host: 'tomcat.mesh.com', 'x-dev': 'alice' };
const gateway = () => ask(sandbox.gatewayUrl, header);

async function up(line: readonly string[]): Promise<HeddleProcess> {
  const process = startHeddle(['mesh', 'tomcat', ...line], env);
  let over = false;
  void process.exit.then(() => {
    over = true;
  });
  await until('the session is up', () => over || process.stdout().includes('now reach'), 30_000);
  if (over) throw new Error(process.stderr());
  return process;
}

async function expectAsBefore(): Promise<void> {
  await until('the pod is gone', async () => (await state(sandbox)).ours.length === 0);
  expect(await state(sandbox)).toEqual(before);
}

describe('the process of a session', () => {
  it('puts everything back on SIGINT, SIGTERM and SIGHUP, with or without somebody who reads, and ends with 0', async () => {
    const expose = ['--expose', `${laptop.port}:8080`];
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGHUP'] as const;
    const processes = await Promise.all(signals.map((_, index) => up([...expose, '--header', `x-test=${index}`])));
    for (const [index, signal] of signals.entries()) {
      expect(await ask(sandbox.gatewayUrl, { host: header.host, 'x-test': String(index) })).toBe('200 laptop /');
      const process = processes[index];
      // The last one's terminal is gone.
      if (index === 3) process?.child.stdout?.destroy();
      if (index === 3) process?.child.stderr?.destroy();
      process?.child.kill(signal);
    }
    for (const [index, process] of processes.entries()) {
      const { code, stderr } = await process.exit;
      expect(code, stderr).toBe(0);
      if (index < 3) expect(stderr).toContain(`${signals[index]}: putting everything back`);
      expect(stderr).not.toContain('\u001b');
    }
    await expectAsBefore();
  });

  it('after kill -9, clean on the same machine removes everything at once', async () => {
    const process = await up(['--expose', `${laptop.port}:8080`, '--header', 'x-dev=alice']);
    process.child.kill('SIGKILL');
    await process.exit;
    const { code, stdout, stderr } = await heddle(['clean'], env);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^Ended session \w+ in mesh-demo: its process \d+ on this machine is gone\n/);
    await expectAsBefore();
  });

  it('ends the command after -- once no request is sent to it any more, and leaves nothing', async () => {
    const { port } = laptop;
    await laptop.close();
    const note = join(home, 'said');
    const script = `const fs = require('node:fs');
      process.on('SIGTERM', () => { fs.writeFileSync(${JSON.stringify(note)}, 'SIGTERM'); process.exit(0); });
      require('node:http').createServer((q, s) => s.end('child')).listen(${port}, '127.0.0.1');`;
    const running = await up(['--expose', `${port}:8080`, '--header', 'x-dev=alice', '--', process.execPath, '-e', script]);
    expect(await gateway()).toBe('200 child');
    const answers: string[] = [];
    let over = false;
    const asking = (async () => {
      while (!over) answers.push(await gateway().catch(String));
    })();
    running.child.kill('SIGTERM');
    expect((await running.exit).code).toBe(0);
    over = true;
    await asking;
    expect(answers.filter((answer) => !/^200 (child|Apache Tomcat)/.test(answer))).toEqual([]);
    expect(new Set(answers).size).toBe(2);
    expect(existsSync(note)).toBe(true);
    await expectAsBefore();
    laptop = await localApplication();
  });

  it('-o json: every line of stdout is an event, and what the command after -- prints is on stderr', async () => {
    const { port } = laptop;
    await laptop.close();
    const script = `console.log('from the command'); require('node:http').createServer(() => {}).listen(${port}, '127.0.0.1');`;
    const line = ['mesh', 'tomcat', '--expose', `${port}:8080`, '--header', 'x-dev=alice', '-o', 'json'];
    const running = startHeddle([...line, '--', process.execPath, '-e', script], env);
    await until('the session is up', () => running.stdout().includes('"event":"active"'), 30_000);
    running.child.kill('SIGINT');
    const { code, stdout, stderr } = await running.exit;
    expect(code, stderr).toBe(0);
    for (const text of stdout.trimEnd().split('\n')) expectShape('mesh-event', JSON.parse(text));
    expect(stderr).toBe('from the command\n');
    laptop = await localApplication();
  });
});
