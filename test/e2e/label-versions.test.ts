import { describe, expect, it } from 'vitest';
import { eventually } from './eventually.js';
import { useScenario } from './scenario-stage.js';
import { routingText } from './state.js';
import { PATIENCE_MS, SERVED } from './worlds/index.js';

const JASON = { 'end-user': 'jason' };
const ALICE = { 'x-dev': 'alice' };

/** Bookinfo as it is before anybody writes routing for it: its pods say by a label which version they are, and that is all. */
describe.skipIf(!SERVED('networking.istio.io'))(
  'versions that only labels of pods tell apart',
  () => {
    const stage = useScenario('bookinfo');
    let plain: readonly string[];
    const routing = () => routingText(stage.world.cluster, stage.world.namespace, stage.world.isOwn);

    // In which shares is for the balancing of each proxy to say.
    const goToAnyPod = () =>
      eventually(async () => expect(Object.keys(await stage.world.call(100)).sort()).toEqual(['200 v1', '200 v2', '200 v3']), PATIENCE_MS);

    it('are what the service has once nobody routes it', async () => {
      const { cluster, namespace } = stage.world;
      for (const kind of ['VirtualService', 'DestinationRule']) {
        const ref = { apiVersion: 'networking.istio.io/v1', kind, namespace, name: 'reviews' };
        const found = await cluster.get(ref);
        const { uid = '', resourceVersion = '' } = (found?.metadata ?? {}) as Readonly<Record<string, string>>;
        expect(await cluster.delete(ref, { uid, resourceVersion })).toBe(true);
      }
      plain = await routing();
      await goToAnyPod();
    });

    it('are split between, and matched, by a subset of heddle’s own', async () => {
      await stage.route('split', 'reviews', 'v1=90', 'v3=10');
      await stage.answers({ '200 v1': 0.9, '200 v3': 0.1 });
      await stage.route('match', 'reviews', '--header', 'end-user=jason', '--to', 'v2', '--name', 'jason');
      await stage.answers({ '200 v2': 1 }, { headers: JASON });
      await stage.answers({ '200 v1': 0.9, '200 v3': 0.1 });
      await stage.route('pin', 'reviews', 'v3', '--name', 'split');
      await stage.answers({ '200 v3': 1 });
      await stage.answers({ '200 v2': 1 }, { headers: JASON });
    });

    it('stand beside a session, and leave nothing', async () => {
      const session = await stage.session('reviews', 9080, '--header', 'x-dev=alice', '--realise', 'subset');
      await stage.answers({ '200 laptop': 1 }, { headers: ALICE });
      await stage.answers({ '200 v3': 1 });
      await stage.route('clear', 'reviews', '--name', 'jason');
      await stage.answers({ '200 laptop': 1 }, { headers: ALICE });
      await stage.end(session);
      await stage.route('clear', 'reviews');
      await goToAnyPod();
      expect(await routing()).toEqual(plain);
    });
  },
  600_000,
);
