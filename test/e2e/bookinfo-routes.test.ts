import { describe, expect, it } from 'vitest';
import { eventually } from './eventually.js';
import { useScenario } from './scenario-stage.js';
import { PATIENCE_MS, SERVED } from './worlds/index.js';

const JASON = { 'end-user': 'jason' };
const COOKIE = { cookie: 'user=jason' };
const ratingsAt = (namespace: string) => `http://ratings.${namespace}:9080/`;

/** How long an answer takes, in ms, and which it is. */
async function timed<T>(ask: () => Promise<T>): Promise<{ readonly answer: T; readonly ms: number }> {
  const started = performance.now();
  return { answer: await ask(), ms: performance.now() - started };
}

describe.skipIf(!SERVED('networking.istio.io'))(
  'the routing of the Bookinfo tasks, by command',
  () => {
    const stage = useScenario('bookinfo');
    const ratings = () => ratingsAt(stage.world.namespace);

    it('shifts traffic: half of the reviews to v3, then all', async () => {
      await stage.route('split', 'reviews', 'v1=50', 'v3=50');
      await stage.answers({ '200 v1': 0.5, '200 v3': 0.5 });
      await stage.route('split', 'reviews', 'v3=100');
      await stage.answers({ '200 v3': 1 });
      await stage.route('clear', 'reviews');
      await stage.answers({ '200 v1': 1 });
      await stage.isAsBefore();
    });

    it('routes by user: jason gets v2 by the header end-user, nobody else does', async () => {
      await stage.route('match', 'reviews', '--header', 'end-user=jason', '--to', 'v2', '--name', 'jason');
      await stage.answers({ '200 v2': 1 }, { headers: JASON });
      await stage.answers({ '200 v1': 1 });
      for (const user of ['Jason', 'jasons', '']) await stage.answers({ '200 v1': 1 }, { headers: { 'end-user': user } });
      // What the application's own rule says of its cookie still holds.
      await stage.answers({ '200 v2': 1 }, { headers: COOKIE });
    });

    it('mirrors a tenth of the reviews to v3 beside that, and callers hear nothing of it', async () => {
      await stage.route('mirror', 'reviews', '--to', 'v3', '--percent', '10', '--name', 'copy');
      // A real mesh takes a moment: copies of these are not counted.
      await eventually(async () => {
        const before = (await stage.world.received()).length;
        await stage.world.call(200);
        await eventually(async () => expect((await stage.world.received()).length).toBeGreaterThan(before), 3000);
      }, PATIENCE_MS);
      const before = (await stage.world.received()).length;
      await stage.answers({ '200 v1': 1 }, { count: 900 });
      const copies = await eventually(async () => {
        const found = (await stage.world.received()).slice(before);
        // 1,000 requests with 50 that asked whether the rule is there: 100 copies, and 5 standard deviations.
        expect(found.length).toBeGreaterThan(50);
        return found;
      }, PATIENCE_MS);
      expect(copies.length).toBeLessThan(150);
      // Istio 1.28 and later put nothing behind the host of a copy.
      expect(new Set(copies)).toEqual(new Set(['GET / host=reviews:9080']));
      await stage.answers({ '200 v2': 1 }, { headers: JASON });
    });

    it('delays the ratings for jason by 7 s, and for nobody else', async () => {
      await stage.route('fault', 'ratings', '--delay', '7s', '--percent', '100', '--header', 'end-user=jason', '--name', 'slow');
      await eventually(
        async () => expect((await timed(() => stage.world.call(1, JASON, ratings()))).ms).toBeGreaterThan(6900),
        PATIENCE_MS,
      );
      const slow = await timed(() => stage.world.call(3, JASON, ratings()));
      expect(slow.answer).toEqual({ '200 v1': 3 });
      expect(slow.ms).toBeGreaterThan(6900);
      const quick = await timed(() => stage.world.call(20, {}, ratings()));
      expect(quick.answer).toEqual({ '200 v1': 20 });
      expect(quick.ms).toBeLessThan(6900);
    });

    it('aborts half of the ratings for everybody beside that', async () => {
      await stage.route('clear', 'ratings', '--name', 'slow');
      await stage.route('fault', 'ratings', '--abort', '503', '--percent', '50', '--name', 'broken');
      await stage.answers({ '503 -': 0.5, '200 v1': 0.5 }, { url: ratings() });
      await stage.answers({ '200 v1': 1 });
    });

    it('lists them, and all are taken back one by one', async () => {
      const { stdout } = await stage.heddle('route', 'list', '-o', 'json');
      for (const name of ['jason', 'copy', 'broken']) expect(stdout).toContain(`"${name}"`);
      await stage.route('clear', 'reviews', '--name', 'jason');
      await stage.answers({ '200 v1': 1 }, { headers: JASON });
      await stage.route('clear', 'reviews', '--name', 'copy');
      await stage.route('clear', 'ratings', '--name', 'broken');
      await stage.answers({ '200 v1': 1 }, { url: ratings() });
      await stage.isAsBefore();
    });
  },
  600_000,
);
