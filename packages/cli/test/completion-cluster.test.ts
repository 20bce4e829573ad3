import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sandbox } from '@heddle/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bind } from '../src/composition-root.js';
import { type ClusterSource, clusterValues } from '../src/services/completion/cluster-values.js';
import { TOKENS } from '../src/tokens.js';
import { bookinfoBindings, bookinfoSandbox, routesText } from './support/bookinfo.js';
import { runCommand } from './support/run-command.js';
import { heddle } from './support/spawn-heddle.js';

const BROUGHT = { adapters: [{ id: 'istio', apiVersion: 1, module: './index.js' }] };
const packages = [{ name: 'brought', version: '1.0.0', root: '/brought', origin: 'core', pjson: { heddle: BROUGHT } }];

let home: string;
let sandbox: Sandbox;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'heddle-completion-'));
  sandbox = await bookinfoSandbox();
  writeFileSync(join(home, 'kubeconfig'), sandbox.kubeconfig('me', 'here'));
  const bindings = bookinfoBindings(sandbox);
  await runCommand(['route', 'split', 'reviews', 'v1=90', 'v3=10', '--yes'], bindings);
  const file = routesText('- {service: ratings, fault: {delay: 7s}}');
  const applied = await runCommand(['route', 'apply', '-f', '-', '--yes'], [...bindings, bind(TOKENS.readStdin, async () => file)]);
  expect(applied).toMatchObject({ code: 0 });
});
afterAll(async () => {
  await sandbox.stop();
  rmSync(home, { recursive: true, force: true });
});

/** What the cluster knows for a line, each with its description behind a tab. */
async function ask(source: ClusterSource, args: readonly string[] = [], flags: Readonly<Record<string, string>> = {}) {
  const line = { command: 'route:split', args, flags: { kubeconfig: join(home, 'kubeconfig'), namespace: 'bookinfo', ...flags } };
  const place = { env: {}, cwd: home, configDir: home, packages, importModule: () => import('@heddle/adapter-istio') };
  const values = await clusterValues(source, line, place);
  return values.map(({ value, description }) => (description === undefined ? value : `${value}\t${description}`));
}

describe('the cluster knows', () => {
  it('Services, and which have standing routes', async () => {
    expect(await ask('services')).toEqual(['details', 'productpage', 'ratings', 'reviews']);
    expect(await ask('routedServices')).toEqual(['ratings', 'reviews']);
    expect(await ask('services', [], { namespace: 'nowhere' })).toEqual([]);
  });

  it('names of routes, with what they do, and of the files that keep them', async () => {
    expect(await ask('routes', ['reviews:9080'])).toEqual(['split\tevery request: v1 90 %, v3 10 %']);
    expect(await ask('routes')).toEqual([
      'fault\tratings, every request: delayed 7 s (100 %)',
      'split\treviews, every request: v1 90 %, v3 10 %',
    ]);
    expect(await ask('routesFiles')).toEqual(['demo']);
  });

  it('namespaces; sessions, of which there is none', async () => {
    expect(await ask('namespaces')).toEqual(expect.arrayContaining(['bookinfo', 'default']));
    expect(await ask('sessions')).toEqual([]);
    await expect(ask('namespaces', [], { context: 'elsewhere' })).rejects.toThrow('elsewhere');
  });

  it('versions: those that the mesh tells apart, and Services for some of the Pods', async () => {
    expect(await ask('versions', ['svc/reviews'])).toEqual(['v1', 'v2', 'v3']);
    expect(await ask('shares', ['reviews', 'v1=90'])).toEqual(['v2=', 'v3=']);
    expect(await ask('versions', ['nobody'])).toEqual([]);
    expect(await ask('versions')).toEqual([]);
    const service = (name: string, app: string) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: 'bookinfo' },
      spec: { selector: { app, version: 'next' }, ports: [{ port: 9080 }] },
    });
    for (const one of [service('reviews-next', 'reviews'), service('reviews-db', 'database')]) await sandbox.cluster('me').create(one);
    expect(await ask('versions', ['reviews'])).toEqual(['next', 'v1', 'v2', 'v3']);
  });
});

describe('the command that scripts ask', { timeout: 60_000 }, () => {
  const asked = (kubeconfig: string, ...words: string[]) =>
    heddle(['__complete', '--', ...words], { HOME: home, HEDDLE_KUBECONFIG: join(home, kubeconfig) });

  it('asks the cluster of the line', async () => {
    // A busy machine may need longer than somebody at a prompt would wait; they press Tab again.
    await expect
      .poll(async () => (await asked('kubeconfig', 'route', 'clear', '-n', 'bookinfo', 'rev')).stdout, { timeout: 50_000 })
      .toBe('values\nreviews\n');
  });

  it('says nothing, and does not wait for long, where the cluster does not answer', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const clusters = [{ name: 'x', cluster: { server: `http://127.0.0.1:${port}` } }];
    const contexts = [{ name: 'x', context: { cluster: 'x' } }];
    writeFileSync(join(home, 'silent'), JSON.stringify({ clusters, contexts, 'current-context': 'x' }));
    expect(await asked('silent', 'mesh', '')).toEqual({ stdout: 'values\n', stderr: '', code: 0 });
    expect(await asked('nothing', 'mesh', '')).toEqual({ stdout: 'values\n', stderr: '', code: 0 });
    silent.close();
  });
});
