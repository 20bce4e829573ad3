import { describe, it } from 'vitest';
import { useScenario } from './scenario-stage.js';
import { SERVED } from './worlds/index.js';

const JASON = { 'end-user': 'jason' };
const TESTER = { 'x-group': 'testers' };

describe.skipIf(!SERVED('networking.istio.io'))(
  'the routing of the flaskapp article, by command',
  () => {
    const stage = useScenario('flaskapp');

    it('starts as the article ends: jason at v2, everybody else at v1', async () => {
      await stage.answers({ '200 v2': 1 }, { headers: JASON });
      await stage.answers({ '200 v1': 1 });
    });

    it('splits 80 to 20', async () => {
      await stage.route('split', 'flaskapp', 'v1=80', 'v2=20', '--name', 'canary');
      await stage.answers({ '200 v1': 0.8, '200 v2': 0.2 });
    });

    it('sends those with a header to v2 beside that, whichever came first', async () => {
      await stage.route('match', 'flaskapp', '--header', 'x-group=testers', '--to', 'v2', '--name', 'testers');
      await stage.answers({ '200 v2': 1 }, { headers: TESTER });
      await stage.answers({ '200 v1': 0.8, '200 v2': 0.2 });
      await stage.route('clear', 'flaskapp', '--name', 'canary');
      await stage.answers({ '200 v1': 1 });
      await stage.answers({ '200 v2': 1 }, { headers: TESTER });
      await stage.route('split', 'flaskapp', 'v1=50', 'v2=50', '--name', 'canary');
      await stage.answers({ '200 v2': 1 }, { headers: TESTER });
      await stage.answers({ '200 v1': 0.5, '200 v2': 0.5 });
    });

    it('is as it was when both are cleared', async () => {
      await stage.route('clear', 'flaskapp', '--name', 'testers');
      await stage.route('clear', 'flaskapp', '--name', 'canary');
      await stage.answers({ '200 v2': 1 }, { headers: JASON });
      await stage.answers({ '200 v1': 1 });
      await stage.isAsBefore();
    });
  },
  600_000,
);
