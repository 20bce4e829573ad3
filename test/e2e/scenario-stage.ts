import { afterAll, beforeAll, expect } from 'vitest';
import { eventually } from './eventually.js';
import { type HeddleProcess, heddle, run } from './heddle.js';
import { type Laptop, startLaptop } from './laptop.js';
import { heddleLeftovers, routingText } from './state.js';
import { type Counts, type Headers, PATIENCE_MS } from './worlds/index.js';
import { disagreements } from './worlds/predicted.js';
import { type ScenarioWorld, scenarioWorld } from './worlds/scenario-world.js';
import type { ScenarioId } from './worlds/scenarios.js';

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** An article's application with a laptop beside it; everything that was started on it ends with the suite. */
export interface ScenarioStage {
  readonly world: ScenarioWorld;
  readonly laptop: Laptop;
  /** `heddle …` in the scenario's namespace and mesh, to its end. */
  heddle(...args: string[]): Promise<Ran>;
  /** `heddle route … --yes`, which must succeed; what it printed. */
  route(...args: string[]): Promise<string>;
  /** `heddle mesh SERVICE` for the laptop, once it is active. */
  session(service: string, port: number, ...flags: string[]): Promise<HeddleProcess>;
  /** Ctrl-C. */
  end(session: HeddleProcess): Promise<void>;
  /** Soon all requests are answered in these shares: `{'200 v1': 0.9, '200 v2': 0.1}`. */
  answers(shares: Counts, request?: Asked): Promise<void>;
  /** Nothing of heddle's is left, and all objects are byte for byte what they were. */
  isAsBefore(): Promise<void>;
}

export interface Asked {
  readonly headers?: Headers;
  readonly url?: string;
  /** How often it is asked. */
  readonly count?: number;
}

export function useScenario(id: ScenarioId): ScenarioStage {
  const running: HeddleProcess[] = [];
  let parts: { world: ScenarioWorld; laptop: Laptop; before: readonly string[] } | undefined;
  const ready = () => {
    if (parts === undefined) throw new Error('the stage is not set yet');
    return parts;
  };
  const stateOf = ({ cluster, namespace, isOwn }: ScenarioWorld) => routingText(cluster, namespace, isOwn);
  const here = () => ['-n', ready().world.namespace, '--mesh', ready().world.adapter.id];

  beforeAll(async () => {
    const world = await scenarioWorld(id);
    parts = { world, laptop: await startLaptop('laptop'), before: await stateOf(world) };
  }, 300_000);
  afterAll(async () => {
    for (const process of running) await process.kill();
    await parts?.laptop[Symbol.asyncDispose]();
    await parts?.world.close();
  }, 200_000);

  return {
    get world() {
      return ready().world;
    },
    get laptop() {
      return ready().laptop;
    },
    heddle: (...args) => run([...args, ...here()], ready().world.env),
    async route(...args) {
      const { code, stdout, stderr } = await run(['route', ...args, ...here(), '--yes'], ready().world.env);
      expect(code, `heddle route ${args.join(' ')}\n${stdout}${stderr}`).toBe(0);
      return stdout;
    },
    async session(service, port, ...flags) {
      const { world, laptop } = ready();
      const args = ['mesh', service, '--expose', `${laptop.port}:${port}`, '--yes', ...here(), ...world.meshFlags, ...flags];
      const process = heddle(args, world.env);
      running.push(process);
      // A shadow, a tunnel and a proof: a busy machine takes a while.
      await process.waitFor(/\bactive\b/, 120_000);
      return process;
    },
    async end(session) {
      session.child.kill('SIGINT');
      expect(await session.exit).toEqual({ code: 0, signal: null });
    },
    async answers(shares, { headers = {}, url, count = Object.keys(shares).length === 1 ? 50 : 1000 } = {}) {
      const { world } = ready();
      // Proxies hear of a change one after the other: few requests tell whether it has arrived, then all are counted.
      const agree = async (times: number) =>
        expect(disagreements(shares, await world.call(times, headers, url)), JSON.stringify(headers)).toEqual([]);
      await eventually(() => agree(Math.min(count, 100)), PATIENCE_MS);
      await agree(count);
    },
    async isAsBefore() {
      const { world, before } = ready();
      await eventually(async () => expect(await heddleLeftovers(world.cluster, world.namespace)).toEqual([]), PATIENCE_MS);
      expect(await stateOf(world)).toEqual(before);
    },
  };
}
