import { describe, expect, it } from 'vitest';
import { eventually } from './eventually.js';
import type { HeddleProcess } from './heddle.js';
import { useScenario } from './scenario-stage.js';
import { type Counts, PATIENCE_MS, SERVED } from './worlds/index.js';
import type { ScenarioId } from './worlds/scenarios.js';

const JASON = { 'x-dev': 'jason' };
const NINETY = { '200 v1': 0.9, '200 v2': 0.1 };
const routings: readonly (readonly [string, ScenarioId])[] = [
  ['MeshHTTPRoute', 'benigno'],
  ['TrafficRoute', 'benigno-traffic-route'],
];

const others = (counts: Counts) => Object.keys(counts).filter((answer) => !/^200 v[12]$/.test(answer));

describe.skipIf(!SERVED('kuma.io')).each(routings)(
  'the benigno story, routed by %s',
  (routing, id) => {
    const stage = useScenario(id);
    let session: HeddleProcess;

    it('gives requests with the header to the laptop, and no others', async () => {
      session = await stage.session('benigno', 5000, '--header', 'x-dev=jason');
      await stage.answers({ '200 laptop': 1 }, { headers: JASON, count: 300 });
      expect(others(await stage.world.call(300))).toEqual([]);
      expect(others(await stage.world.call(100, { 'x-dev': 'jasons' }))).toEqual([]);
    });

    it('splits everybody else 90 to 10 while the session goes on', async () => {
      await stage.route('split', 'benigno', 'v1=90', 'v2=10', '--name', 'release');
      await stage.answers(NINETY);
      await stage.answers({ '200 laptop': 1 }, { headers: JASON, count: 300 });
    });

    it('ends the session with the split left as it is', async () => {
      await stage.end(session);
      await stage.answers(NINETY, { headers: JASON });
      await stage.answers(NINETY);
    });

    it.runIf(routing === 'MeshHTTPRoute')('mirrors a quarter of v1’s and v2’s requests to v2 beside that', async () => {
      await stage.route('split', 'benigno', 'v1=100', '--name', 'release');
      await stage.answers({ '200 v1': 1 });
      await stage.route('mirror', 'benigno', '--to', 'v2', '--percent', '25', '--name', 'copy');
      await eventually(async () => {
        const before = (await stage.world.received()).length;
        await stage.world.call(40);
        await eventually(async () => expect((await stage.world.received()).length).toBeGreaterThan(before), 3000);
      }, PATIENCE_MS);
      const before = (await stage.world.received()).length;
      await stage.world.call(1000);
      // 250 copies, and five standard deviations.
      await eventually(async () => expect((await stage.world.received()).length - before).toBeGreaterThan(181), PATIENCE_MS);
      const copies = (await stage.world.received()).slice(before);
      expect(copies.length).toBeLessThan(319);
      // Kuma leaves Envoy's suffix of mirrored copies on.
      expect(new Set(copies)).toEqual(new Set(['GET / host=benigno-shadow:5000']));
      await stage.answers({ '200 v1': 1 });
      await stage.route('clear', 'benigno', '--name', 'copy');
    });

    it.runIf(routing === 'MeshHTTPRoute')(
      'sends those with a header to v2, and refuses a fault, which no route of this mesh has',
      async () => {
        await stage.route('match', 'benigno', '--header', 'x-group=testers', '--to', 'v2', '--name', 'testers');
        await stage.answers({ '200 v2': 1 }, { headers: { 'x-group': 'testers' } });
        await stage.answers({ '200 v1': 1 });
        await stage.route('clear', 'benigno', '--name', 'testers');
        const refused = await stage.heddle('route', 'fault', 'benigno', '--abort', '503', '--percent', '50', '--yes');
        expect(refused.code).toBe(3);
        expect(refused.stderr).toMatch(/\bfault\b/);
        expect(refused.stderr).toContain('MeshFaultInjection');
      },
    );

    it.runIf(routing === 'TrafficRoute')('refuses a mirror and a fault, and says what would work instead', async () => {
      const mirror = await stage.heddle('route', 'mirror', 'benigno', '--to', 'v2', '--percent', '10', '--yes');
      expect(mirror.code).toBe(3);
      expect(mirror.stderr).toMatch(/\bmirror\b/);
      expect(mirror.stderr).toContain('MeshHTTPRoute');
      const fault = await stage.heddle('route', 'fault', 'benigno', '--delay', '7s', '--percent', '100', '--yes');
      expect(fault.code).toBe(3);
      expect(fault.stderr).toMatch(/\bfault\b/);
      expect(fault.stderr).toMatch(/(Mesh)?FaultInjection/);
      await stage.answers(NINETY);
    });

    it('clears the split, and everything is as it was', async () => {
      await stage.route('clear', 'benigno', '--name', 'release');
      await stage.isAsBefore();
      await eventually(async () => expect(others(await stage.world.call(200))).toEqual([]), PATIENCE_MS);
    });
  },
  600_000,
);
