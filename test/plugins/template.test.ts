import { realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../e2e/eventually.js';
import { type HeddleProcess, heddle, run } from '../e2e/heddle.js';
import { type Laptop, startLaptop } from '../e2e/laptop.js';
import { get } from '../e2e/worlds/http.js';
import { ROOT } from '../repository/sources.js';
import { cleanHome, type Registry, startRegistry, withDependencies } from './registry.js';

const NAME = 'heddle-adapter-template';
const ALICE = { 'x-dev': 'alice' };

describe('the template of a new adapter, packed and installed as a plugin', { timeout: 120_000 }, () => {
  let registry: Registry;
  let home: string;
  let env: Readonly<Record<string, string>>;
  let laptop: Laptop;
  let session: HeddleProcess | undefined;
  let url: string;

  beforeAll(async () => {
    registry = await startRegistry([...(await withDependencies(['@heddle/core'])), join(ROOT, 'examples/adapter-template')]);
    ({ home, env } = await cleanHome(registry));
    laptop = await startLaptop('laptop');
  }, 120_000);
  afterAll(async () => {
    await session?.kill();
    await run(['sandbox', 'stop'], env);
    await laptop?.[Symbol.asyncDispose]();
    await registry?.[Symbol.asyncDispose]();
    await rm(home, { recursive: true, force: true });
  });

  /** What five calls from a pod in the mesh are answered, each answer once. */
  const answers = async (path: string, headers: Readonly<Record<string, string>> = {}) => {
    const all = await Promise.all(Array.from({ length: 5 }, () => get(`${url}${path}`, headers)));
    return [...new Set(all.map(({ status, body }) => `${status} ${body.trim()}`))];
  };
  /** No mesh is named: it is found, and the only one here. */
  const IN_SHOP = ['-n', 'shop'];

  it('is installed from a registry, with a second copy of core', async () => {
    expect(await run(['plugins', 'install', NAME], env)).toMatchObject({ code: 0 });
    const { stdout } = await run(['adapters', '-o', 'json'], env);
    const { adapters } = JSON.parse(stdout) as { adapters: { id: string; works: boolean; origin: string }[] };
    expect(adapters).toContainEqual(expect.objectContaining({ id: 'gateway-api', origin: 'installed', works: true }));
    const core = await realpath(join(home, '.local/share/heddle/node_modules/@heddle/core'));
    expect(core).not.toBe(await realpath(join(ROOT, 'packages/core')));
  });

  it('brings a scenario for the sandbox, which it routes', async () => {
    const sandbox = await run(['sandbox', 'start', '--mesh', 'gateway-api', '--detach', '-o', 'json'], env);
    expect(sandbox).toMatchObject({ code: 0 });
    const running = JSON.parse(sandbox.stdout) as { kubeconfig: string; clientUrl: string };
    url = running.clientUrl;
    env = { ...env, KUBECONFIG: running.kubeconfig };
    expect(await answers('/')).toEqual(['200 reviews v1']);
    const { stdout } = await run(['route', 'show', 'reviews', ...IN_SHOP], env);
    expect(stdout).toContain('HTTPRoute shop/reviews');
  });

  it('carries a session, beside the rules of the user, and leaves nothing of it', async () => {
    session = heddle(['mesh', 'reviews', ...IN_SHOP, '--expose', `${laptop.port}:9080`, '--header', 'x-dev=alice', '--yes'], env);
    await session.waitFor(/: proved/);
    await eventually(async () => expect(await answers('/', ALICE)).toEqual(['200 {"version":"laptop"}']), 20_000);
    expect(await answers('/api/x', ALICE)).toEqual(['200 {"version":"laptop"}']);
    expect(await answers('/')).toEqual(['200 reviews v1']);
    const { stdout } = await run(['sessions', 'list', '-n', 'shop', '-o', 'json'], env);
    expect(JSON.parse(stdout).sessions).toEqual([expect.objectContaining({ adapter: 'gateway-api', state: 'active' })]);
    session.child.kill('SIGINT');
    expect((await session.exit).code).toBe(0);
    expect(await answers('/', ALICE)).toEqual(['200 reviews v1']);
    const { stdout: routes } = await run(['route', 'show', 'reviews', ...IN_SHOP], env);
    expect(routes).not.toContain('heddle-session');
  });
});
