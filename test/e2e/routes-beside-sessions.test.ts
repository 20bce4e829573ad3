import { describe, expect, it } from 'vitest';
import { eventually } from './eventually.js';
import type { HeddleProcess } from './heddle.js';
import { type ScenarioStage, useScenario } from './scenario-stage.js';
import { type Steady, steadily } from './steadily.js';
import { ON_CLUSTER, PATIENCE_MS, SERVED } from './worlds/index.js';
import type { ScenarioId } from './worlds/scenarios.js';

const ALICE = { 'x-dev': 'alice' };
const TESTER = { 'x-group': 'testers' };

interface Told {
  readonly title: string;
  readonly id: ScenarioId;
  readonly group: string;
  readonly service: string;
  readonly port: number;
  /** How a mirrored copy is told among the requests that the mirror's target got. */
  readonly copy: RegExp;
  /** What the mesh can do, by what it is called. */
  readonly routes: Readonly<Record<string, readonly string[]>>;
}

const split = ['split', 'v1=90', 'v2=10'];
const match = ['match', '--header', 'x-group=testers', '--to', 'v2'];
const mirrorTo = (version: string) => ['mirror', '--to', version, '--percent', '20'];
const fault = ['fault', '--abort', '418', '--percent', '100', '--header', 'x-broken'];

const TOLD: readonly Told[] = [
  {
    title: 'Istio',
    id: 'bookinfo',
    group: 'networking.istio.io',
    service: 'reviews',
    port: 9080,
    // Nothing else is sent to v3.
    copy: /^GET \/ /,
    routes: { split, match, mirror: mirrorTo('v3'), fault },
  },
  {
    title: 'MeshHTTPRoute',
    id: 'benigno',
    group: 'kuma.io',
    service: 'benigno',
    port: 5000,
    copy: /host=benigno-shadow:5000$/,
    routes: { split, match, mirror: mirrorTo('v2') },
  },
];

/** In which order things come, and in which they go: the session is `session`. */
const ORDERS: readonly (readonly [come: string, go: string])[] = [
  ['session split match mirror fault', 'split match mirror fault session'],
  ['mirror fault match session split', 'session match split fault mirror'],
  ['split match session fault mirror', 'mirror session split fault match'],
];

/** All of them where a real proxy listens. In the sandbox core's own tests play any order, so one of each mesh shows the commands. */
const ordersOf = (index: number) => (ON_CLUSTER ? ORDERS : ORDERS.slice(index % ORDERS.length).slice(0, 1));

for (const [index, told] of TOLD.entries()) {
  const { title, id, group, routes } = told;
  describe.skipIf(!SERVED(group))(
    `a session and standing routes of one service on ${title}`,
    () => {
      const stage = useScenario(id);
      const known = (order: string) => order.split(' ').filter((one) => one === 'session' || routes[one] !== undefined);

      it.each(ordersOf(index))('come as %s, go as %s: the session’s requests reach it all the time', async (come, go) => {
        const play = new Play(stage, told);
        try {
          for (const one of known(come)) await play.add(one);
          await play.holds();
          for (const one of known(go)) {
            await play.remove(one);
            await play.holds();
          }
        } finally {
          await play.stop();
        }
        await stage.isAsBefore();
      });
    },
    900_000,
  );
}

/** One order, as it is played. */
class Play {
  readonly #stage: ScenarioStage;
  readonly #told: Told;
  readonly #there = new Set<string>();
  #session: { readonly process: HeddleProcess; readonly steady: Steady } | undefined;

  constructor(stage: ScenarioStage, told: Told) {
    this.#stage = stage;
    this.#told = told;
  }

  async add(one: string): Promise<void> {
    const { service, port, routes } = this.#told;
    const [verb = '', ...flags] = routes[one] ?? [];
    if (one !== 'session') await this.#stage.route(verb, service, ...flags, '--name', one);
    else {
      const process = await this.#stage.session(service, port, '--header', 'x-dev=alice');
      await this.#stage.answers({ '200 laptop': 1 }, { headers: ALICE });
      this.#session = { process, steady: steadily(() => this.#stage.world.call(5, { ...ALICE, ...TESTER, 'x-broken': '1' })) };
    }
    this.#there.add(one);
  }

  async remove(one: string): Promise<void> {
    this.#there.delete(one);
    if (one !== 'session') return void (await this.#stage.route('clear', this.#told.service, '--name', one));
    if (this.#session === undefined) throw new Error('there is no session');
    const { process, steady } = this.#session;
    this.#session = undefined;
    // As long as it lived, whatever came and went beside it.
    expect(Object.keys(await steady.stop())).toEqual(['200 laptop']);
    await this.#stage.end(process);
  }

  /** Ends what a failure has left running. */
  async stop(): Promise<void> {
    await this.#session?.steady.stop().catch(() => undefined);
    this.#session?.process.child.kill('SIGINT');
  }

  /** What is there now does what it says, and nothing else is done. */
  async holds(): Promise<void> {
    const { answers, world } = this.#stage;
    if (this.#there.has('session')) await answers({ '200 laptop': 1 }, { headers: ALICE });
    if (this.#there.has('fault')) await answers({ '418 -': 1 }, { headers: { 'x-broken': '1' } });
    if (this.#there.has('match')) await answers({ '200 v2': 1 }, { headers: TESTER });
    if (this.#there.has('split')) await answers({ '200 v1': 0.9, '200 v2': 0.1 }, { count: 200 });
    if (!this.#there.has('mirror')) return;
    const copies = async () => (await world.received()).filter((line) => this.#told.copy.test(line)).length;
    await eventually(async () => {
      const before = await copies();
      await world.call(100);
      await eventually(async () => expect(await copies()).toBeGreaterThan(before), 3000);
    }, PATIENCE_MS);
  }
}
