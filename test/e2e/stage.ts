import { afterAll, beforeAll } from 'vitest';
import { type HeddleProcess, heddle } from './heddle.js';
import { type Laptop, startLaptop } from './laptop.js';
import { startWorld, type World } from './worlds/index.js';

/** A world with laptops and sessions in it; everything that was started on it ends with the suite. */
export interface Stage {
  readonly world: World;
  readonly laptop: Laptop;
  /** Another person's. */
  readonly hers: Laptop;
  /** `heddle mesh SERVICE` for a laptop, in the world's namespace unless another is named. */
  mesh(laptop: Laptop, flags: readonly string[], of?: { readonly service: string; readonly namespace: string }): HeddleProcess;
}

export function useStage(): Stage {
  const running: HeddleProcess[] = [];
  let parts: { world: World; laptop: Laptop; hers: Laptop } | undefined;
  const ready = () => {
    if (parts === undefined) throw new Error('the stage is not set yet');
    return parts;
  };
  beforeAll(async () => {
    parts = { world: await startWorld(), laptop: await startLaptop('laptop'), hers: await startLaptop('alice') };
  }, 300_000);
  afterAll(async () => {
    for (const process of running) await process.kill();
    await parts?.laptop[Symbol.asyncDispose]();
    await parts?.hers[Symbol.asyncDispose]();
    await parts?.world.close();
  }, 120_000);
  return {
    get world() {
      return ready().world;
    },
    get laptop() {
      return ready().laptop;
    },
    get hers() {
      return ready().hers;
    },
    mesh(laptop, flags, of) {
      const { world } = ready();
      const { service, namespace } = of ?? { service: 'tomcat', namespace: world.namespace };
      const args = ['mesh', service, '-n', namespace, '--expose', `${laptop.port}:8080`, '--yes', ...world.meshFlags, ...flags];
      const process = heddle(args, world.env);
      running.push(process);
      return process;
    },
  };
}
