import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './eventually.js';
import { type HeddleProcess, heddle, run } from './heddle.js';
import { type Laptop, startLaptop } from './laptop.js';
import { heddleLeftovers, withoutServerFields } from './state.js';
import { type BenignoWorld, benignoCluster, benignoSandbox, type Routing } from './worlds/benigno-world.js';
import { type Counts, ON_CLUSTER, PATIENCE_MS, SERVED } from './worlds/index.js';

const JASON = { 'x-dev': 'jason' };
const routings: readonly Routing[] = ['MeshHTTPRoute', 'TrafficRoute'];

const onlyVersions = (counts: Counts) => Object.keys(counts).filter((answer) => !/^200 v[12]$/.test(answer));
const share = (counts: Counts, answer: string) => (counts[answer] ?? 0) / Object.values(counts).reduce((sum, count) => sum + count, 0);

/** 90 % of 1,000 within four standard deviations: a fair split fails that once in 16,000 times. */
function expectNinety(counts: Counts): void {
  expect(onlyVersions(counts)).toEqual([]);
  expect(share(counts, '200 v1')).toBeGreaterThan(0.862);
  expect(share(counts, '200 v1')).toBeLessThan(0.938);
}

describe.skipIf(!SERVED('kuma.io')).each(routings)(
  'the benigno story, routed by %s',
  (routing) => {
    let world: BenignoWorld;
    let laptop: Laptop;
    let before: unknown;
    let session: HeddleProcess;

    const state = async () => (await world.routes()).map(withoutServerFields);
    const heddleRun = (...args: string[]) => run([...args, '-n', world.namespace, '--mesh', 'kuma'], world.env);

    beforeAll(async () => {
      world = await (ON_CLUSTER ? benignoCluster(routing) : benignoSandbox(routing));
      laptop = await startLaptop('laptop');
      before = await state();
    }, 300_000);

    afterAll(async () => {
      if (session?.child.exitCode === null) session.child.kill('SIGKILL');
      await session?.exit;
      await laptop?.[Symbol.asyncDispose]();
      await world?.close();
    }, 200_000);

    it('gives requests with the header to the laptop, and no others', async () => {
      const args = ['mesh', 'benigno', '--expose', `${laptop.port}:5000`, '-n', world.namespace, '--mesh', 'kuma'];
      session = heddle([...args, '--header', 'x-dev=jason', '--yes', ...world.meshFlags], world.env);
      await session.waitFor(/\bactive\b/, PATIENCE_MS);
      await eventually(async () => expect(await world.call(20, JASON)).toEqual({ '200 laptop': 20 }), PATIENCE_MS);
      expect(await world.call(300, JASON)).toEqual({ '200 laptop': 300 });
      expect(onlyVersions(await world.call(300))).toEqual([]);
      expect(onlyVersions(await world.call(100, { 'x-dev': 'jasons' }))).toEqual([]);
    });

    it('splits everybody else 90 to 10 while the session goes on', async () => {
      const split = await heddleRun('route', 'split', 'benigno', 'v1=90', 'v2=10', '--yes');
      expect(split.code, split.stderr).toBe(0);
      await eventually(async () => expectNinety(await world.call(200)), PATIENCE_MS);
      expectNinety(await world.call(1000));
      expect(await world.call(300, JASON)).toEqual({ '200 laptop': 300 });
    });

    it('ends the session with the split left as it is', async () => {
      session.child.kill('SIGINT');
      expect(await session.exit).toEqual({ code: 0, signal: null });
      await eventually(async () => expect(onlyVersions(await world.call(50, JASON))).toEqual([]), PATIENCE_MS);
      expectNinety(await world.call(1000));
      expectNinety(await world.call(1000, JASON));
    });

    it('clears the split, and everything is as it was', async () => {
      const cleared = await heddleRun('route', 'clear', 'benigno', '--yes');
      expect(cleared.code, cleared.stderr).toBe(0);
      expect(await state()).toEqual(before);
      await eventually(async () => expect(await heddleLeftovers(world.cluster, world.namespace)).toEqual([]), PATIENCE_MS);
      expect(onlyVersions(await world.call(200))).toEqual([]);
    });
  },
  600_000,
);
