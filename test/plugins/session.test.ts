import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dump } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../e2e/eventually.js';
import { type HeddleProcess, heddle, run } from '../e2e/heddle.js';
import { type Laptop, startLaptop } from '../e2e/laptop.js';
import { getMany } from '../e2e/worlds/http.js';
import { cleanHome, type Registry, startRegistry, withDependencies } from './registry.js';
import { writeWoven } from './woven.js';

interface Plugin {
  readonly package: string;
  readonly id: string;
  /** Its built folder; made in the one that is given, if it is not there yet. */
  folder(scratch: string): Promise<string>;
  readonly tunnel: string;
  /** The service of its first scenario. */
  readonly namespace: string;
  readonly service: string;
  readonly port: number;
  /** A bundled adapter that finds its mesh in the scenario too. */
  readonly beside?: string;
}

const PLUGINS: readonly Plugin[] = [
  {
    package: '@acme/heddle-adapter-woven',
    id: 'woven',
    tunnel: 'ssh',
    folder: (scratch) => writeWoven(join(scratch, 'woven'), '@acme/heddle-adapter-woven'),
    ...{ namespace: 'mesh-demo', service: 'tomcat', port: 8080, beside: 'istio' },
  },
  {
    package: 'heddle-adapter-template',
    id: 'gateway-api',
    tunnel: 'direct',
    folder: async () => fileURLToPath(new URL('../../examples/adapter-template', import.meta.url)),
    ...{ namespace: 'shop', service: 'reviews', port: 9080 },
  },
];

describe.each(PLUGINS)('a session through $package, installed with its own copy of core', { timeout: 120_000 }, (plugin) => {
  let folder: string;
  let registry: Registry;
  let home: string;
  let env: Readonly<Record<string, string>>;
  let laptop: Laptop;
  let session: HeddleProcess | undefined;
  let clientUrl: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'heddle-plugins-'));
    registry = await startRegistry([...(await withDependencies(['@heddle/core'])), await plugin.folder(folder)]);
    ({ home, env } = await cleanHome(registry));
    laptop = await startLaptop('laptop');
    expect(await run(['plugins', 'install', plugin.package], env)).toMatchObject({ code: 0 });
    const sandbox = await run(['sandbox', 'start', '--mesh', plugin.id, '--detach', '-o', 'json'], env);
    expect(sandbox, sandbox.stderr).toMatchObject({ code: 0 });
    const running = JSON.parse(sandbox.stdout) as { kubeconfig: string; clientUrl: string };
    clientUrl = running.clientUrl;
    env = { ...env, KUBECONFIG: running.kubeconfig };
  }, 120_000);
  afterAll(async () => {
    await session?.kill();
    await run(['sandbox', 'stop'], env);
    await laptop?.[Symbol.asyncDispose]();
    await registry?.[Symbol.asyncDispose]();
    await Promise.all([folder, home].map((each) => rm(each, { recursive: true, force: true })));
  });

  const { service, namespace, port } = plugin;
  const answers = async (headers: Readonly<Record<string, string>> = {}) =>
    Object.keys(await getMany(clientUrl, 8, { host: `${service}.${namespace}:${port}`, ...headers })).sort();

  /** The service's own versions answer, which one being the mesh's choice; the laptop does not. */
  const expectOnlyOthers = (all: readonly string[]) => {
    expect(all.length).toBeGreaterThan(0);
    for (const answer of all) expect(answer).toMatch(/^200 (?!laptop$)/);
  };

  it('has a core beside it that is not that of the command line', async () => {
    const own = await realpath(join(home, '.local/share/heddle/node_modules/@heddle/core'));
    expect(own.startsWith(await realpath(home))).toBe(true);
  });

  it('takes the matching requests, and puts everything back', async () => {
    expectOnlyOthers(await answers());
    const line = [
      'mesh',
      service,
      '-n',
      namespace,
      '--expose',
      `${laptop.port}:${port}`,
      '--mesh',
      plugin.id,
      '--tunnel',
      plugin.tunnel,
      '--yes',
    ];
    session = heddle([...line, '--header', 'x-dev=me'], env);
    await session.waitFor(/: proved/);
    await eventually(async () => expect(await answers({ 'x-dev': 'me' })).toEqual(['200 laptop']), 20_000);
    expectOnlyOthers(await answers());
    const { stdout } = await run(['sessions', 'list', '-n', namespace, '-o', 'json'], env);
    expect(JSON.parse(stdout).sessions).toEqual([expect.objectContaining({ adapter: plugin.id, state: 'active' })]);
    session.child.kill('SIGINT');
    expect((await session.exit).code).toBe(0);
    expectOnlyOthers(await answers({ 'x-dev': 'me' }));
  });

  const show = () => run(['route', 'show', service, '-n', namespace, '-o', 'json'], env);

  it.skipIf(plugin.beside !== undefined)('is found without being named', async () => {
    expect(await show()).toMatchObject({ code: 0, stderr: '' });
  });

  it.skipIf(plugin.beside === undefined)(
    'is one of two that are found here: both are named, until the configuration says which',
    async () => {
      const { code, stdout } = await show();
      const { error } = JSON.parse(stdout) as { error: { code: string; message: string } };
      expect({ code, error: error.code }).toEqual({ code: 2, error: 'mesh-ambiguous' });
      for (const id of [plugin.id, plugin.beside]) expect(error.message).toContain(id);
      const clusters = dump({ clusters: { here: { context: '*', namespaces: { [namespace]: { mesh: plugin.id } } } } });
      await mkdir(join(home, '.config/heddle'), { recursive: true });
      await writeFile(join(home, '.config/heddle/config.yaml'), clusters);
      expect(await show()).toMatchObject({ code: 0, stderr: '' });
    },
  );
});
