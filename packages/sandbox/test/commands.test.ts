import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTimeOf } from '../src/running/state.js';
import { ApiClient } from './api-client.js';

const BIN = fileURLToPath(new URL('../../cli/bin/run.js', import.meta.url));

/** The commands as a user runs them: the built program, in a home of its own. */
describe('sandbox start and stop', () => {
  let home: string;
  let env: NodeJS.ProcessEnv;
  const children: ChildProcess[] = [];

  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'heddle-sandbox-'));
    env = { ...process.env, HOME: home, XDG_STATE_HOME: join(home, 'state'), XDG_CONFIG_HOME: join(home, 'config'), NO_COLOR: '1' };
  });
  afterAll(async () => {
    await heddle('stop');
    for (const child of children) child.kill('SIGKILL');
    rmSync(home, { recursive: true });
  });

  const heddle = async (...args: string[]) => {
    const run = promisify(execFile)(process.execPath, [BIN, 'sandbox', ...args], { env });
    return await run.then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ code, stdout, stderr }),
    );
  };
  const stateFiles = () => (existsSync(join(home, 'state', 'heddle')) ? readdirSync(join(home, 'state', 'heddle')) : []);

  it('runs in the foreground until it is interrupted, and leaves nothing', async () => {
    const child = spawn(process.execPath, [BIN, 'sandbox', 'start', '--scenario', 'tomcat'], { env });
    children.push(child);
    let out = '';
    await new Promise<void>((resolve, reject) => {
      child.stdout.on('data', (data) => {
        out += data;
        if (out.includes('Ctrl-C ends it.')) resolve();
      });
      child.on('exit', () => reject(new Error(`it ended: ${out}`)));
    });
    const [, kubeconfig = ''] = /export KUBECONFIG=(\S+)/.exec(out) ?? [];
    expect((await new ApiClient(readFileSync(kubeconfig, 'utf8')).send('/version')).status).toBe(200);
    // The commands of the guide need no -n.
    expect(readFileSync(kubeconfig, 'utf8')).toContain('namespace: mesh-demo');
    const [, gateway = ''] = /^gateway +(\S+)/m.exec(out) ?? [];
    expect(await (await fetch(gateway)).text()).toContain('Apache Tomcat/7');
    expect(out).toContain('heddle mesh tomcat --expose 8080 -n mesh-demo');
    const second = await heddle('start');
    expect(second).toMatchObject({ code: 2, stderr: expect.stringContaining('A sandbox is running already') });
    const exit = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
    child.kill('SIGINT');
    expect(await exit).toBe(0);
    expect(stateFiles()).toEqual([]);
  });

  it('runs in the background until sandbox stop', async () => {
    const file = join(home, 'own.yaml');
    const started = await heddle('start', '--detach', '--kubeconfig', file, '-o', 'json');
    expect(started).toMatchObject({ code: 0 });
    const running = JSON.parse(started.stdout) as { pid: number; kubeconfig: string; gatewayUrl: string };
    expect(running.kubeconfig).toBe(file);
    expect(await (await fetch(running.gatewayUrl)).text()).toContain('Apache Tomcat/7');
    expect(await heddle('stop')).toMatchObject({ code: 0, stdout: 'Stopped the sandbox tomcat.\n' });
    expect(startTimeOf(running.pid)).toBeUndefined();
    expect(existsSync(file)).toBe(false);
    expect(stateFiles()).toEqual([]);
    expect(await heddle('stop')).toMatchObject({ code: 0, stdout: 'No sandbox is running under the name heddle-sandbox.\n' });
  });

  it('refuses what it cannot do, in one sentence', async () => {
    expect(await heddle('start', '--scenario', 'nothing')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("no scenario 'nothing'"),
    });
    expect(await heddle('start', '--detach', '--mesh', 'nothing')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("no mesh 'nothing'"),
    });
    const file = join(home, 'mine.yaml');
    writeFileSync(file, 'precious');
    expect(await heddle('start', '--kubeconfig', file)).toMatchObject({ code: 2, stderr: expect.stringContaining('stays as it is') });
    expect(readFileSync(file, 'utf8')).toBe('precious');
    const nowhere = join(home, 'no', 'such', 'folder.yaml');
    expect(await heddle('start', '--kubeconfig', nowhere)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`${nowhere} cannot be written`),
    });
  });

  it('says in one sentence why it did not start in the background, and keeps what it said', async () => {
    const dir = join(home, 'state', 'heddle', 'heddle-sandbox');
    mkdirSync(join(dir, 'sandbox.json'), { recursive: true });
    const { code, stderr } = await heddle('start', '--detach');
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^Error: The sandbox did not start: .*EISDIR.*\n {2}next: Look at what it said: (.*sandbox\.log)\n {2}code: sandbox-start/,
    );
    expect(readFileSync(join(dir, 'sandbox.log'), 'utf8')).toContain('EISDIR');
    rmSync(dir, { recursive: true });
  });
});
