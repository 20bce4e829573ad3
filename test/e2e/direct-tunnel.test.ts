import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './eventually.js';
import { type HeddleProcess, heddle } from './heddle.js';
import { useStage } from './stage.js';
import { heddleLeftovers, userObjects } from './state.js';
import { ON_CLUSTER, PATIENCE_MS, SERVED } from './worlds/index.js';

const MINE = { 'x-dev': 'direct' };
/** On a real cluster, the image that `npm run agent:image:direct` makes. */
const IMAGE = process.env.HEDDLE_E2E_DIRECT_IMAGE;

describe.skipIf(!SERVED('networking.istio.io') || (ON_CLUSTER && IMAGE === undefined))(
  'a session over the tunnel direct',
  () => {
    const stage = useStage();
    let before: unknown;
    let session: HeddleProcess;

    beforeAll(async () => {
      before = await userObjects(stage.world.cluster, stage.world.namespace);
    });

    afterAll(() => void session?.child.kill('SIGKILL'));

    const shadow = async () => {
      const pods = await stage.world.cluster.list({ group: '', kind: 'Pod', namespace: stage.world.namespace });
      const found = pods.find(({ metadata }) => String((metadata as { name: unknown }).name).startsWith('heddle-tomcat-'));
      if (found === undefined) throw new Error('there is no shadow');
      return found as unknown as {
        metadata: { name: string; uid: string; resourceVersion: string };
        spec: { containers: { name: string; image: string }[] };
      };
    };

    it('is proved, and gets its requests and no others', async () => {
      const { world, laptop } = stage;
      const image = IMAGE === undefined ? [] : ['--image', IMAGE];
      const flags = ['--header', 'x-dev=direct', '--tunnel', 'direct', '--yes', ...image];
      session = heddle(['mesh', 'tomcat', '-n', world.namespace, '--expose', `${laptop.port}:8080`, ...flags], world.env);
      await session.waitFor(/\bactive\b/, PATIENCE_MS);
      await session.waitFor(/pods in the mesh: proved/, PATIENCE_MS);
      await eventually(async () => expect(await stage.world.viaGateway(20, MINE)).toEqual({ '200 laptop': 20 }), PATIENCE_MS);
      await eventually(async () => expect(await stage.world.inMesh(200, MINE)).toEqual({ '200 laptop': 200 }), PATIENCE_MS);
      expect(await stage.world.inMesh(20)).toEqual({ '200 tomcat7': 20 });
      const [container] = (await shadow()).spec.containers;
      expect(container?.image).toBe(IMAGE ?? 'heddle-agent-direct:0.1.0');
    });

    it('comes back when its pod is deleted', async () => {
      const { name, uid, resourceVersion } = (await shadow()).metadata;
      const { cluster, namespace } = stage.world;
      await cluster.delete({ apiVersion: 'v1', kind: 'Pod', namespace, name }, { uid, resourceVersion }, { gracePeriodSeconds: 0 });
      await session.waitFor(/resumed/, PATIENCE_MS);
      expect((await shadow()).metadata.uid).not.toBe(uid);
      await eventually(async () => expect(await stage.world.inMesh(20, MINE)).toEqual({ '200 laptop': 20 }), PATIENCE_MS);
    });

    it('leaves nothing after Ctrl-C', async () => {
      session.child.kill('SIGINT');
      expect(await session.exit).toEqual({ code: 0, signal: null });
      await eventually(async () => expect(await stage.world.inMesh(20, MINE)).toEqual({ '200 tomcat7': 20 }), PATIENCE_MS);
      await eventually(async () => expect(await heddleLeftovers(stage.world.cluster, stage.world.namespace)).toEqual([]), PATIENCE_MS);
      expect(await userObjects(stage.world.cluster, stage.world.namespace)).toEqual(before);
    });
  },
  600_000,
);
