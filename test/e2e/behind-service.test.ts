import { metaOf, refOf } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { eventually } from './eventually.js';
import { run } from './heddle.js';
import { useStage } from './stage.js';
import { heddleLeftovers } from './state.js';
import { PATIENCE_MS, SERVED } from './worlds/index.js';

const REQUESTS = 300;
const MATCHING = { 'x-dev': 'alice' };
const FLAGS = ['--header', 'x-dev=alice', '--realise', 'subset'];

describe.skipIf(!SERVED('networking.istio.io'))(
  "a shadow among the service's own pods",
  () => {
    const stage = useStage();
    const route = (...args: string[]) => run(['route', ...args, '-n', stage.world.namespace, '--yes'], stage.world.env);

    it('is refused while callers in the mesh may reach any pod, and the refusal names the way out', async () => {
      const session = stage.mesh(stage.laptop, FLAGS);
      expect((await session.exit).code).toBe(3);
      expect(session.stderr()).toContain('shadow-leak');
      expect(session.stderr()).toContain(`heddle route pin tomcat v1 -n ${stage.world.namespace}`);
      expect(await heddleLeftovers(stage.world.cluster, stage.world.namespace)).toEqual([]);
    });

    it(`gets its session's requests once the service is pinned, and none of ${REQUESTS} others in the mesh or at the gateway`, async () => {
      const { world, laptop } = stage;
      const pinned = await route('pin', 'tomcat', 'v1');
      expect(pinned.code, pinned.stderr).toBe(0);
      const session = stage.mesh(laptop, FLAGS);
      await session.waitFor(/\bactive\b/, PATIENCE_MS);
      expect(session.stdout() + session.stderr()).toMatch(/create DestinationRule \S+heddle-tomcat/);
      await eventually(async () => expect(await world.inMesh(50, MATCHING)).toEqual({ '200 laptop': 50 }), PATIENCE_MS);
      await eventually(async () => expect(await world.viaGateway(50, MATCHING)).toEqual({ '200 laptop': 50 }), PATIENCE_MS);

      const reached = laptop.requests.length;
      expect(await world.inMesh(REQUESTS)).toEqual({ '200 tomcat7': REQUESTS });
      expect(await world.inMesh(REQUESTS, { 'x-dev': 'bob' })).toEqual({ '200 tomcat7': REQUESTS });
      expect(await world.viaGateway(REQUESTS)).toEqual({ '200 tomcat7': REQUESTS });
      expect(laptop.requests).toHaveLength(reached);
      expect(await world.inMesh(REQUESTS, MATCHING)).toEqual({ '200 laptop': REQUESTS });

      const cleared = await route('clear', 'tomcat');
      expect([cleared.code, cleared.stderr]).toEqual([3, expect.stringContaining('shadow-leak')]);
      session.child.kill('SIGINT');
      expect(await session.exit).toEqual({ code: 0, signal: null });
      await eventually(async () => expect(await world.inMesh(50, MATCHING)).toEqual({ '200 tomcat7': 50 }), PATIENCE_MS);
    });

    it('ends by itself as soon as somebody undoes the pin by hand', async () => {
      const { world } = stage;
      const session = stage.mesh(stage.laptop, FLAGS);
      await session.waitFor(/\bactive\b/, PATIENCE_MS);
      const query = { group: 'networking.istio.io', kind: 'VirtualService', namespace: world.namespace };
      const own = (await world.cluster.list(query)).find((object) => metaOf(object).name === 'heddle-tomcat');
      if (own === undefined) throw new Error('no VirtualService of our own');
      const { uid = '', resourceVersion = '' } = metaOf(own);
      await world.cluster.delete(refOf(own), { uid, resourceVersion });
      expect(await session.exit).toEqual({ code: 3, signal: null });
      expect(session.stderr()).toContain('shadow-leak');
      const pods = { group: '', kind: 'Pod', namespace: world.namespace, labelSelector: 'app.kubernetes.io/managed-by=heddle' };
      await eventually(async () => expect(await world.cluster.list(pods)).toEqual([]), PATIENCE_MS);
      await eventually(async () => expect(await world.inMesh(50)).toEqual({ '200 tomcat7': 50 }), PATIENCE_MS);
    });

    it('leaves nothing once the pin is taken back', async () => {
      const cleared = await route('clear', 'tomcat');
      expect(cleared.code, cleared.stderr).toBe(0);
      const { world } = stage;
      await eventually(async () => expect(await heddleLeftovers(world.cluster, world.namespace)).toEqual([]), PATIENCE_MS);
      expect(await world.inMesh(50)).toEqual({ '200 tomcat7': 50 });
    });
  },
  600_000,
);
