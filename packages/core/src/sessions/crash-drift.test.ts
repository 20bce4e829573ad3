import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { editRules, isOurs, rulesOf, withTimeout } from '../../test/sessions/foreign-rules.js';
import { breathe } from '../../test/sessions/manual-clock.js';
import { contents, createWorld, header, type World } from '../../test/sessions/world.js';
import { clean } from './clean/clean.js';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.stop());

describe.each(['before', 'after'] as const)('a process that is killed %s one of its requests', (phase) => {
  it('while it encodes its rules anew leaves none that looks edited by others', async () => {
    const points: string[] = [];
    const before = contents(world.sandbox);
    for (let k = 1; ; k++) {
      const name = `victim-${k}`;
      const victim = await world.developer(name);
      const { session, event } = victim.start(header('x-dev', 'victim'));
      await session.active;
      await expect
        .poll(() => world.sandbox.faults.requests.filter(({ client, verb }) => client === name && verb === 'watch').length)
        .toBeGreaterThan(10);
      await breathe();
      const crash = world.sandbox.faults.crash(name, k, phase);
      await editRules(world, (all) => withTimeout(all, `${k}s`));
      const anew = event((one) => one.type === 'condition' && one.condition === 're-encoded').then(() => undefined);
      const hit = await Promise.race([crash.reached, anew]);
      if (hit !== undefined) points.push(`${hit.verb} ${hit.resource}${hit.dryRun === true ? ' (dry run)' : ''}`);

      for (const stream of victim.streams) stream.destroy();
      await breathe();
      await world.clock.advance(311_000);
      const bob = await world.developer('bob');
      // The one that came through is alive, though nobody renewed for it just now: it has to go too.
      expect(await clean(bob.clean, { dryRun: false, force: hit === undefined })).toMatchObject({
        sessions: [{ id: session.id }],
        left: [],
      });
      expect((await rulesOf(world)).map(({ timeout }) => timeout)).toEqual([`${k}s`]);
      expect((await rulesOf(world)).some(isOurs)).toBe(false);
      await expect.poll(() => [...contents(world.sandbox).keys()].sort()).toEqual([...before.keys()].sort());
      if (hit === undefined) break;
    }
    expect(points.filter((point) => point === 'update virtualservices')).toHaveLength(1);
    expect(points.filter((point) => point === 'update leases').length).toBeGreaterThanOrEqual(2);
  }, 60_000);
});
