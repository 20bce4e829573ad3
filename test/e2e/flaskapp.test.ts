import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './eventually.js';
import { type HeddleProcess, heddle, run } from './heddle.js';
import { type Laptop, startLaptop } from './laptop.js';
import { heddleLeftovers, userObjects } from './state.js';
import { ON_CLUSTER, PATIENCE_MS, SERVED } from './worlds/index.js';
import { disagreements, predicted } from './worlds/predicted.js';
import { type ScenarioWorld, scenarioWorld } from './worlds/scenario-world.js';

const JASON = { 'end-user': 'jason' };
const ALICE = { 'x-dev': 'alice' };

describe.skipIf(!SERVED('networking.istio.io'))(
  'flaskapp in two versions',
  () => {
    let world: ScenarioWorld;
    let laptop: Laptop;
    let before: unknown;
    let session: HeddleProcess | undefined;

    const predict = (headers: Readonly<Record<string, string>>) =>
      predicted(
        world,
        { kind: 'sidecar', namespace: world.namespace, labels: { app: 'sleep' } },
        {
          method: 'GET',
          scheme: 'http',
          host: `flaskapp.${world.namespace}`,
          port: 80,
          authority: 'flaskapp',
          path: '/',
          headers: Object.entries(headers),
        },
      );

    beforeAll(async () => {
      world = await scenarioWorld('flaskapp', ON_CLUSTER);
      laptop = await startLaptop('laptop');
      before = await userObjects(world.cluster, world.namespace);
    }, 300_000);

    afterAll(async () => {
      if (session?.child.exitCode === null) session.child.kill('SIGKILL');
      await session?.exit;
      await laptop?.[Symbol.asyncDispose]();
      await world?.close();
    }, 200_000);

    it('answers as decoded: jason gets v2, everybody else v1', async () => {
      expect(await predict(JASON)).toEqual({ '200 v2': 1 });
      expect(await predict({})).toEqual({ '200 v1': 1 });
      for (const headers of [{}, JASON, { 'end-user': 'Jason' }, { 'end-user': 'jasons' }]) {
        expect(disagreements(await predict(headers), await world.call(100, headers))).toEqual([]);
      }
    });

    it('keeps both while somebody else has a session', async () => {
      const args = ['mesh', 'flaskapp', '--expose', `${laptop.port}:80`, '-n', world.namespace, '--header', 'x-dev=alice', '--yes'];
      session = heddle([...args, ...world.meshFlags], world.env);
      await session.waitFor(/\bactive\b/, PATIENCE_MS);
      await eventually(async () => expect(await world.call(20, ALICE)).toEqual({ '200 laptop': 20 }), PATIENCE_MS);
      expect(await world.call(50, { ...ALICE, ...JASON })).toEqual({ '200 laptop': 50 });
      expect(await world.call(50, JASON)).toEqual({ '200 v2': 50 });
      expect(await world.call(50)).toEqual({ '200 v1': 50 });
    });

    it('splits evenly, as decoded, and is as it was afterwards', async () => {
      session?.child.kill('SIGINT');
      expect(await session?.exit).toEqual({ code: 0, signal: null });
      const route = (...args: string[]) => run(['route', ...args, '-n', world.namespace, '--yes'], world.env);
      const split = await route('split', 'flaskapp', 'v1=50', 'v2=50');
      expect(split.code, split.stderr).toBe(0);
      expect(await predict({})).toEqual({ '200 v1': 0.5, '200 v2': 0.5 });
      await eventually(async () => expect(disagreements(await predict({}), await world.call(400))).toEqual([]), PATIENCE_MS);
      const cleared = await route('clear', 'flaskapp');
      expect(cleared.code, cleared.stderr).toBe(0);
      expect(await userObjects(world.cluster, world.namespace)).toEqual(before);
      await eventually(async () => expect(await world.call(50)).toEqual({ '200 v1': 50 }), PATIENCE_MS);
      await eventually(async () => expect(await heddleLeftovers(world.cluster, world.namespace)).toEqual([]), PATIENCE_MS);
    });
  },
  600_000,
);
