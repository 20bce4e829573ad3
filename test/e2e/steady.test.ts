import { describe, expect, it } from 'vitest';
import { eventually } from './eventually.js';
import { useStage } from './stage.js';
import { heddleLeftovers } from './state.js';
import { steadily } from './steadily.js';
import { PATIENCE_MS, SERVED } from './worlds/index.js';

const MATCHING = { 'x-dev': 'alice' };

describe.skipIf(!SERVED('networking.istio.io'))(
  'callers see no gap while a session comes and goes',
  () => {
    const stage = useStage();

    it('matching requests get the laptop until it goes and tomcat 7 then, others tomcat 7 all the time, and nobody an error', async () => {
      const { world } = stage;
      const others = [steadily(() => world.inMesh(40)), steadily(() => world.viaGateway(40, { 'user-agent': 'curl' }))];
      const session = stage.mesh(stage.laptop, ['--header', 'x-dev=alice']);
      await session.waitFor(/proof {4}/, PATIENCE_MS);
      await eventually(async () => expect(await world.viaGateway(20, MATCHING)).toEqual({ '200 laptop': 20 }), PATIENCE_MS);
      await eventually(async () => expect(await world.inMesh(20, MATCHING)).toEqual({ '200 laptop': 20 }), PATIENCE_MS);
      // Only now: until the proof is done, matching requests are answered 503 with Retry-After by heddle itself.
      const matching = [steadily(() => world.inMesh(40, MATCHING)), steadily(() => world.viaGateway(40, MATCHING))];
      await eventually(async () => {
        for (const { counts } of matching) expect(counts).toHaveProperty('200 laptop');
      }, PATIENCE_MS);
      session.child.kill('SIGINT');
      expect((await session.exit).code).toBe(0);
      await eventually(async () => expect(await heddleLeftovers(world.cluster, world.namespace)).toEqual([]), PATIENCE_MS);
      await eventually(async () => expect(await world.inMesh(20, MATCHING)).toEqual({ '200 tomcat7': 20 }), PATIENCE_MS);
      for (const counts of await Promise.all(others.map(({ stop }) => stop()))) expect(Object.keys(counts)).toEqual(['200 tomcat7']);
      for (const counts of await Promise.all(matching.map(({ stop }) => stop()))) {
        expect(Object.keys(counts).sort()).toEqual(['200 laptop', '200 tomcat7']);
      }
    });
  },
  600_000,
);
