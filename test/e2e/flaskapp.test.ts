import type { Client } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import type { HeddleProcess } from './heddle.js';
import { useScenario } from './scenario-stage.js';
import { type Headers, SERVED } from './worlds/index.js';
import { disagreements, predicted } from './worlds/predicted.js';

const JASON = { 'end-user': 'jason' };
const ALICE = { 'x-dev': 'alice' };

describe.skipIf(!SERVED('networking.istio.io'))(
  'flaskapp in two versions',
  () => {
    const stage = useScenario('flaskapp');
    let session: HeddleProcess;

    const predict = (headers: Headers) => {
      const { world } = stage;
      const client: Client = { kind: 'sidecar', namespace: world.namespace, labels: { app: 'sleep' } };
      const where = { host: `flaskapp.${world.namespace}`, port: 80, authority: 'flaskapp', path: '/' };
      return predicted(world, client, { method: 'GET', scheme: 'http', ...where, headers: Object.entries(headers) });
    };

    it('answers as decoded: jason gets v2, everybody else v1', async () => {
      expect(await predict(JASON)).toEqual({ '200 v2': 1 });
      expect(await predict({})).toEqual({ '200 v1': 1 });
      for (const headers of [{}, JASON, { 'end-user': 'Jason' }, { 'end-user': 'jasons' }]) {
        expect(disagreements(await predict(headers), await stage.world.call(100, headers))).toEqual([]);
      }
    });

    it('keeps both while somebody else has a session', async () => {
      session = await stage.session('flaskapp', 80, '--header', 'x-dev=alice');
      await stage.answers({ '200 laptop': 1 }, { headers: ALICE });
      await stage.answers({ '200 laptop': 1 }, { headers: { ...ALICE, ...JASON } });
      await stage.answers({ '200 v2': 1 }, { headers: JASON });
      await stage.answers({ '200 v1': 1 });
    });

    it('splits evenly, as decoded, and is as it was afterwards', async () => {
      await stage.end(session);
      await stage.route('split', 'flaskapp', 'v1=50', 'v2=50');
      expect(await predict({})).toEqual({ '200 v1': 0.5, '200 v2': 0.5 });
      await stage.answers(await predict({}));
      await stage.route('clear', 'flaskapp');
      await stage.answers({ '200 v1': 1 });
      await stage.isAsBefore();
    });
  },
  600_000,
);
