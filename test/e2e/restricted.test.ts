import { describe, expect, it } from 'vitest';
import { eventually } from './eventually.js';
import { run } from './heddle.js';
import { useStage } from './stage.js';
import { heddleLeftovers } from './state.js';
import { PATIENCE_MS, SERVED } from './worlds/index.js';

describe.skipIf(!SERVED('networking.istio.io'))(
  'a namespace that enforces PodSecurity restricted',
  () => {
    const stage = useStage();

    it('admits the shadow, a session runs there, and its proof reads written', async () => {
      const { world, laptop } = stage;
      const namespace = await world.restrictedNamespace();
      // The namespace is in no mesh, and a cluster may have two.
      const session = stage.mesh(laptop, ['--mesh', 'istio', '--header', 'x-dev=alice'], { service: 'plain', namespace });
      await session.waitFor(/proof {4}.*: written/, PATIENCE_MS);
      expect(session.stdout() + session.stderr()).not.toMatch(/: proved/);
      session.child.kill('SIGINT');
      expect((await session.exit).code).toBe(0);
      await eventually(async () => expect(await heddleLeftovers(world.cluster, namespace)).toEqual([]), PATIENCE_MS);
    });

    it('with injection on, the error says that the mesh needs its CNI plugin or no sidecar, and nothing is left', async () => {
      const { world, laptop } = stage;
      const namespace = `${await world.restrictedNamespace()}`;
      const object = await world.cluster.get({ apiVersion: 'v1', kind: 'Namespace', name: namespace });
      if (object === undefined) throw new Error(`no namespace ${namespace}`);
      const { metadata } = object as { metadata: { labels: Record<string, string> } };
      await world.cluster.replace({ ...object, metadata: { ...metadata, labels: { ...metadata.labels, 'istio-injection': 'enabled' } } });
      const { code, stderr } = await run(
        ['mesh', 'plain', '-n', namespace, '--expose', `${laptop.port}:8080`, '--yes', '--header', 'x-dev=alice', ...world.meshFlags],
        world.env,
      );
      expect(code).not.toBe(0);
      expect(stderr).toMatch(/--no-sidecar/);
      expect(stderr).toMatch(/CNI/);
      expect(await heddleLeftovers(world.cluster, namespace)).toEqual([]);
    });
  },
  600_000,
);
