import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adapter as istio } from '@heddle/adapter-istio';
import { scenarios as istioScenarios } from '@heddle/adapter-istio/scenarios';
import { adapter as kuma } from '@heddle/adapter-kuma';
import { scenarios as kumaScenarios } from '@heddle/adapter-kuma/scenarios';
import type { MeshAdapter, Scenario } from '@heddle/core';
import { createSandbox, type Sandbox } from '@heddle/sandbox';
import { agent as directAgent } from '@heddle/tunnel-direct/in-process';
import { agent as sshAgent } from '@heddle/tunnel-ssh/in-process';
import { dump, load } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../e2e/eventually.js';
import { type HeddleProcess, heddle, run } from '../e2e/heddle.js';
import { type Laptop, startLaptop } from '../e2e/laptop.js';
import { getMany } from '../e2e/worlds/http.js';

interface Place {
  readonly context: string;
  readonly mesh: string;
  readonly sandbox: Sandbox;
  readonly laptop: Laptop;
  readonly namespace: string;
  readonly service: string;
  readonly port: number;
  readonly tunnel: string;
}

const MATCH = { 'x-dev': 'me' };

describe('one terminal, two clusters with a session on each', { timeout: 120_000 }, () => {
  let home: string;
  let env: Readonly<Record<string, string>>;
  let places: readonly Place[] = [];
  let sessions: readonly HeddleProcess[] = [];

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'heddle-two-'));
    places = [await place('eu-mesh', 'ssh', istio, istioScenarios), await place('lab', 'direct', kuma, kumaScenarios)];
    const kubeconfig = join(home, 'kubeconfig');
    await writeFile(kubeconfig, merged(places.map(({ sandbox, context }) => sandbox.kubeconfig('me', context))), { mode: 0o600 });
    await mkdir(join(home, 'config/heddle'), { recursive: true });
    const clusters = Object.fromEntries(places.map(({ context, tunnel }) => [context, { context, tunnel }]));
    await writeFile(join(home, 'config/heddle/config.yaml'), dump({ clusters }));
    env = { KUBECONFIG: kubeconfig, HOME: home, XDG_CONFIG_HOME: join(home, 'config'), XDG_STATE_HOME: join(home, 'state') };
  }, 120_000);
  afterAll(async () => {
    for (const session of sessions) await session.kill();
    for (const { sandbox, laptop } of places) {
      await laptop[Symbol.asyncDispose]();
      await sandbox.stop();
    }
    await rm(home, { recursive: true, force: true });
  });

  const answers = async ({ sandbox, service, port }: Place, headers: Readonly<Record<string, string>>) =>
    Object.keys(await getMany(sandbox.clientUrl, 6, { host: `${service}:${port}`, ...headers })).sort();
  /** The services' own versions answer, which ones being the mesh's choice; no laptop does. */
  const expectOnlyOthers = (all: readonly string[]) => {
    expect(all.length).toBeGreaterThan(0);
    for (const answer of all) {
      expect(answer).toMatch(/^200 /);
      expect(places.map(({ context }) => `200 ${context}`)).not.toContain(answer);
    }
  };
  const listed = async ({ context, namespace }: Place) => {
    const { stdout } = await run(['sessions', 'list', '-n', namespace, '--context', context, '-o', 'json'], env);
    return (JSON.parse(stdout) as { sessions: { id: string; adapter: string }[] }).sessions;
  };

  it('the mesh and the tunnel of each are found by the context alone', async () => {
    const { stdout } = await run(['clusters', '-o', 'json'], env);
    const { contexts } = JSON.parse(stdout) as {
      contexts: { context: string; tunnel: string; answer: { meshes: { adapter: string }[] } }[];
    };
    expect(contexts.map(({ context, tunnel, answer }) => [context, tunnel, answer.meshes.map(({ adapter }) => adapter)])).toEqual(
      places.map(({ context, tunnel, mesh }) => [context, tunnel, [mesh]]),
    );
  });

  it('each takes the requests of its own cluster to its own program, both at once', async () => {
    sessions = places.map(({ context, namespace, service, port, laptop }) =>
      heddle(
        ['mesh', service, '-n', namespace, '--context', context, '--expose', `${laptop.port}:${port}`, '--header', 'x-dev=me', '--yes'],
        env,
      ),
    );
    await Promise.all(sessions.map((session) => session.waitFor(/: proved/)));
    for (const each of places) {
      await eventually(async () => expect(await answers(each, MATCH)).toEqual([`200 ${each.context}`]), 20_000);
      expectOnlyOthers(await answers(each, {}));
      expect(each.laptop.requests.length).toBeGreaterThan(0);
    }
    const all = await Promise.all(places.map(listed));
    expect(all.map((list) => list.map(({ adapter }) => adapter))).toEqual(places.map(({ mesh }) => [mesh]));
    expect(new Set(all.flat().map(({ id }) => id)).size).toBe(2);
  });

  it('nothing of a session is kept on this machine, so there is nothing to share', async () => {
    expect((await readdir(home)).sort()).toEqual(['config', 'kubeconfig']);
  });

  it('ending one leaves the other', async () => {
    const [first, second] = places;
    const [session, other] = sessions;
    if (first === undefined || second === undefined) throw new Error('two places are needed');
    session?.child.kill('SIGINT');
    expect((await session?.exit)?.code).toBe(0);
    expectOnlyOthers(await answers(first, MATCH));
    expect(await listed(first)).toEqual([]);
    expect(await answers(second, MATCH)).toEqual([`200 ${second.context}`]);
    other?.child.kill('SIGINT');
    expect((await other?.exit)?.code).toBe(0);
    expect(await listed(second)).toEqual([]);
  });
});

async function place(context: string, tunnel: string, adapter: MeshAdapter, scenarios: readonly Scenario[]): Promise<Place> {
  const [scenario] = scenarios;
  const client = scenario?.client;
  if (scenario === undefined || client === undefined) throw new Error(`${adapter.id} has no scenario with a client`);
  const sandbox = await createSandbox({ adapter, scenario, agents: [sshAgent, directAgent] });
  const { namespace, host, port } = client;
  return { context, mesh: adapter.id, tunnel, sandbox, laptop: await startLaptop(context), namespace, service: host, port };
}

/** One kubeconfig of several. */
function merged(files: readonly string[]): string {
  const all = files.map((text) => load(text) as Readonly<Record<'contexts' | 'clusters' | 'users', readonly unknown[]>>);
  const [first] = all;
  const lists = (['contexts', 'clusters', 'users'] as const).map((key) => [key, all.flatMap((each) => each[key])]);
  return dump({ ...first, ...Object.fromEntries(lists) });
}
