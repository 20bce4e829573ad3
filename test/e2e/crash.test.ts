import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './eventually.js';
import { type HeddleProcess, run } from './heddle.js';
import { useStage } from './stage.js';
import { heddleLeftovers, userObjects } from './state.js';
import { PATIENCE_MS, SERVED } from './worlds/index.js';

/** Where in its life the process is killed, by what it has said so far. */
const MOMENTS: readonly { readonly when: string; readonly said: RegExp }[] = [
  { when: 'while the shadow is provisioned', said: /provisioning/ },
  { when: 'when the shadow is ready', said: /\bready\b/ },
  { when: 'while the rules are written', said: /\brouting\b/ },
  { when: 'when active', said: /\bactive\b/ },
];

describe.skipIf(!SERVED('networking.istio.io'))(
  'kill -9 of a running heddle mesh',
  () => {
    const stage = useStage();
    let colleague: HeddleProcess;

    beforeAll(async () => {
      colleague = stage.mesh(stage.hers, ['--header', 'x-dev=alice']);
      await colleague.waitFor(/\bactive\b/, PATIENCE_MS);
      await eventually(async () => expect(await stage.world.inMesh(10, { 'x-dev': 'alice' })).toEqual({ '200 alice': 10 }), PATIENCE_MS);
    }, 300_000);

    for (const [index, { when, said }] of MOMENTS.entries()) {
      it(`${when}: clean removes all of it, and the colleague's session goes on`, async () => {
        const { world } = stage;
        const before = await heddleLeftovers(world.cluster, world.namespace);
        const objects = await userObjects(world.cluster, world.namespace);
        const victim = stage.mesh(stage.laptop, ['--header', `x-victim=${index}`]);
        await victim.waitFor(said, PATIENCE_MS);
        victim.child.kill('SIGKILL');
        await victim.exit;

        const cleaned = await run(['clean', '-n', world.namespace, '--yes'], world.env);
        expect(cleaned.code, cleaned.stderr).toBe(0);
        await eventually(async () => expect(await heddleLeftovers(world.cluster, world.namespace)).toEqual(before), PATIENCE_MS);
        expect(await userObjects(world.cluster, world.namespace)).toEqual(objects);
        expect(await world.inMesh(20, { 'x-dev': 'alice' })).toEqual({ '200 alice': 20 });
        await eventually(
          async () => expect(await world.inMesh(20, { 'x-victim': String(index) })).toEqual({ '200 tomcat7': 20 }),
          PATIENCE_MS,
        );
      });
    }

    it('the colleague ends as ever', async () => {
      colleague.child.kill('SIGINT');
      expect(await colleague.exit).toEqual({ code: 0, signal: null });
      await eventually(async () => expect(await heddleLeftovers(stage.world.cluster, stage.world.namespace)).toEqual([]), PATIENCE_MS);
    });
  },
  600_000,
);
