import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { metaOf } from '@heddle/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useScenario } from './scenario-stage.js';
import { SERVED } from './worlds/index.js';

const JASON = { 'end-user': 'jason' };

const CANARY = '- {service: reviews, name: canary, split: {v1: 80, v3: 20}}';
const TO_V2 = '- {service: reviews, name: jason, match: {headers: {end-user: jason}}, to: v2}';
const BROKEN = '- {service: ratings, name: broken, match: {headers: {end-user: jason}}, fault: {abort: 503}}';

describe.skipIf(!SERVED('networking.istio.io'))(
  'standing routes kept in a file',
  () => {
    const stage = useScenario('bookinfo');
    let dir: string;
    const ratings = () => `http://ratings.${stage.world.namespace}:9080/`;

    beforeAll(async () => {
      dir = await mkdtemp(join(tmpdir(), 'heddle-e2e-routes-'));
    });
    afterAll(() => rm(dir, { recursive: true, force: true }));

    async function file(...routes: readonly string[]): Promise<string> {
      const path = join(dir, 'routes.yaml');
      const head = ['apiVersion: heddle.dev/v1', 'kind: Routes', 'metadata: {name: bookinfo}'];
      await writeFile(path, [...head, routes.length === 0 ? 'routes: []' : 'routes:', ...routes, ''].join('\n'));
      return path;
    }

    async function apply(...routes: readonly string[]): Promise<void> {
      const { code, stdout, stderr } = await stage.heddle('route', 'apply', '-f', await file(...routes), '--yes');
      expect(code, stdout + stderr).toBe(0);
    }

    const diff = async (...routes: readonly string[]) => (await stage.heddle('route', 'diff', '-f', await file(...routes))).code;

    /** Which state of each object the server has: any write makes it another. */
    async function versions(): Promise<Readonly<Record<string, string>>> {
      const { cluster, namespace } = stage.world;
      const kinds = [
        { group: 'networking.istio.io', kind: 'VirtualService', namespace },
        { group: 'networking.istio.io', kind: 'DestinationRule', namespace },
        { group: 'coordination.k8s.io', kind: 'Lease', namespace },
      ];
      const objects = (await Promise.all(kinds.map((query) => cluster.list(query)))).flat();
      return Object.fromEntries(objects.map((object) => [`${object.kind} ${metaOf(object).name}`, metaOf(object).resourceVersion ?? '']));
    }

    it('diff says what would change by exit code 6, and changes nothing', async () => {
      const before = await versions();
      expect(await diff(CANARY, TO_V2, BROKEN)).toBe(6);
      expect(await versions()).toEqual(before);
    });

    it('apply makes them so', async () => {
      await apply(CANARY, TO_V2, BROKEN);
      await stage.answers({ '200 v1': 0.8, '200 v3': 0.2 });
      await stage.answers({ '200 v2': 1 }, { headers: JASON });
      await stage.answers({ '503 -': 1 }, { headers: JASON, url: ratings() });
      await stage.answers({ '200 v1': 1 }, { url: ratings() });
    });

    it('the same file again writes nothing, and differs in nothing', async () => {
      const before = await versions();
      await apply(CANARY, TO_V2, BROKEN);
      expect(await diff(CANARY, TO_V2, BROKEN)).toBe(0);
      expect(await versions()).toEqual(before);
    });

    it('what has left the file is cleared, what has changed is changed, and what has not is not written', async () => {
      await stage.route('mirror', 'reviews', '--to', 'v3', '--percent', '10', '--name', 'by-hand');
      const before = await versions();
      const changed = CANARY.replace('v1: 80, v3: 20', 'v1: 50, v3: 50');
      expect(await diff(changed, BROKEN)).toBe(6);
      await apply(changed, BROKEN);
      await stage.answers({ '200 v1': 0.5, '200 v3': 0.5 });
      await stage.answers({ '200 v1': 0.5, '200 v3': 0.5 }, { headers: JASON });
      const after = await versions();
      const written = Object.keys(after).filter((name) => after[name] !== before[name]);
      expect(written.some((name) => name.includes('reviews'))).toBe(true);
      expect(written.filter((name) => name.includes('ratings'))).toEqual([]);
    });

    it('a file without routes keeps none; those that were made by command stay', async () => {
      await apply();
      await stage.answers({ '200 v1': 1 });
      await stage.answers({ '200 v1': 1 }, { headers: JASON, url: ratings() });
      const { stdout } = await stage.heddle('route', 'list', '-o', 'json');
      expect(stdout).toContain('"by-hand"');
      await stage.route('clear', 'reviews');
      await stage.isAsBefore();
    });
  },
  600_000,
);
