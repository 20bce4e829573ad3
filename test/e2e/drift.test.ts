import { type KubeObject, metaOf, type ObjectRef } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { eventually } from './eventually.js';
import { useStage } from './stage.js';
import { heddleLeftovers } from './state.js';
import { PATIENCE_MS, SERVED } from './worlds/index.js';

const ALICE = { 'x-dev': 'alice' };

interface Route {
  readonly name?: string;
  readonly match?: readonly unknown[];
}

describe.skipIf(!SERVED('networking.istio.io'))(
  'a colleague edits the VirtualService while a session runs',
  () => {
    const stage = useStage();
    const ref = (): ObjectRef => ({
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      namespace: stage.world.namespace,
      name: 'tomcat',
    });
    const read = async (): Promise<KubeObject & { spec: { http: readonly Route[] } }> => {
      const object = await stage.world.cluster.get(ref());
      if (object === undefined) throw new Error('the VirtualService is gone');
      return object as KubeObject & { spec: { http: readonly Route[] } };
    };
    const maintenance = {
      name: 'maintenance',
      match: [{ uri: { prefix: '/maintenance' } }],
      directResponse: { status: 503 },
    };

    it('both the edit and the session hold, and the edit stays when the session ends', async () => {
      const session = stage.mesh(stage.laptop, ['--header', 'x-dev=alice']);
      await session.waitFor(/proof {4}/, PATIENCE_MS);
      await eventually(async () => expect(await stage.world.viaGateway(10, ALICE)).toEqual({ '200 laptop': 10 }), PATIENCE_MS);

      // The colleague puts a rule in front of everything, ours too, and adds a timeout to their own route.
      const live = await read();
      const own = live.spec.http.at(-1) ?? {};
      const ours = live.spec.http.slice(0, -1);
      await stage.world.cluster.replace({ ...live, spec: { ...live.spec, http: [maintenance, ...ours, { ...own, timeout: '7s' }] } });

      await session.waitFor(/re-encoded|encoded anew/, PATIENCE_MS);
      await eventually(async () => {
        const { http } = (await read()).spec;
        expect(http.map(({ name }) => name ?? '')).toContain('maintenance');
        expect(http.at(-1)).toMatchObject({ timeout: '7s' });
        expect(http.some((route) => route.name?.startsWith('heddle/session/') && 'timeout' in route)).toBe(true);
      }, PATIENCE_MS);
      await eventually(async () => expect(await stage.world.viaGateway(10, ALICE)).toEqual({ '200 laptop': 10 }), PATIENCE_MS);
      expect(await stage.world.viaGateway(10)).toEqual({ '200 tomcat7': 10 });

      session.child.kill('SIGINT');
      expect((await session.exit).code).toBe(0);
      await eventually(async () => expect(await heddleLeftovers(stage.world.cluster, stage.world.namespace)).toEqual([]), PATIENCE_MS);
      const { spec, ...rest } = await read();
      expect(metaOf(rest).name).toBe('tomcat');
      expect(spec.http).toEqual([maintenance, { ...own, timeout: '7s' }]);
    });
  },
  600_000,
);
