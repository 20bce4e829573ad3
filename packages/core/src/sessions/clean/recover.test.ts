import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { killedSession } from '../../../test/sessions/killed.js';
import { contents, createWorld, header, NAMESPACE, type World } from '../../../test/sessions/world.js';
import type { Identity } from '../types.js';
import { clean } from './clean.js';
import { recoverSession } from './recover.js';

let world: World;
let before: ReadonlyMap<string, string>;
beforeEach(async () => {
  world = await createWorld();
  before = contents(world.sandbox);
});
afterEach(() => world.stop());

const forReal = { dryRun: false, force: false };

async function expectRestored(): Promise<void> {
  await expect.poll(() => contents(world.sandbox)).toEqual(before);
}

describe('a holder that sleeps', () => {
  it('finds its session cleaned up when it wakes, and writes nothing any more', async () => {
    const alice = await world.developer('alice');
    const { session } = alice.start(header('x-dev', 'alice'));
    await session.active;
    // The lid is closed: no timer runs, no event arrives.
    const asleep = Promise.withResolvers<void>();
    const wake = world.sandbox.faults.add(async ({ client }, phase) => {
      if (client === 'alice' && phase === 'before') await asleep.promise;
    });
    world.clock.suspend(400_000);
    const bob = await world.developer('bob');
    expect(await clean(bob.clean, forReal)).toMatchObject({ sessions: [{ id: session.id }], left: [] });
    const writes = () =>
      world.sandbox.faults.requests.filter(
        ({ client, verb, dryRun }) => client === 'alice' && /create|update|delete/.test(verb) && dryRun !== true,
      ).length;
    const count = writes();
    wake();
    asleep.resolve();
    expect(await session.done).toMatchObject({ left: [] });
    expect(writes()).toBe(count);
    await expectRestored();
  });

  it('takes back a rule that it wrote after it had lost its Lease', async () => {
    const alice = await world.developer('alice');
    const bob = await world.developer('bob');
    // Asleep between the check of its Lease and the write.
    const woken = Promise.withResolvers<void>();
    const fallen = Promise.withResolvers<void>();
    let first = true;
    world.sandbox.faults.add(async ({ client, verb, resource, dryRun }, phase) => {
      if (!first || client !== 'alice' || phase !== 'before' || verb !== 'update' || resource !== 'virtualservices' || dryRun === true)
        return;
      first = false;
      fallen.resolve();
      await woken.promise;
    });
    const { session } = alice.start(header('x-dev', 'alice'));
    await fallen.promise;
    world.clock.suspend(400_000);
    expect(await clean(bob.clean, forReal)).toMatchObject({ sessions: [{ id: session.id }], left: [] });
    woken.resolve();
    await expect(session.active).rejects.toThrow();
    expect(await session.done).toMatchObject({ left: [] });
    await expectRestored();
  });

  it('renews before it writes when its last renewal is too old', async () => {
    const alice = await world.developer('alice');
    const { session } = alice.start(header('x-dev', 'alice'));
    await session.active;
    // It falls asleep once its writes have been rehearsed, and wakes before anybody may call it expired.
    let naps = 0;
    world.sandbox.faults.add(({ client, resource, dryRun }, phase) => {
      if (client === 'alice' && resource === 'virtualservices' && dryRun === true && phase === 'after' && naps++ === 0)
        world.clock.suspend(200_000);
    });
    const from = world.sandbox.faults.requests.length;
    expect(await session.stop()).toEqual({ why: 'interrupted', left: [] });
    expect(naps).toBeGreaterThan(0);
    const writes = world.sandbox.faults.requests.slice(from).filter(({ client, verb }) => client === 'alice' && /update|delete/.test(verb));
    const steps = writes.map(({ verb, resource, dryRun }) => `${verb} ${resource}${dryRun === true ? ' (dry run)' : ''}`);
    const rehearsed = steps.lastIndexOf('update virtualservices (dry run)');
    expect(steps[rehearsed + 1]).toBe('update leases');
    await expectRestored();
  });
});

describe('recoverSession', () => {
  it("cleans up one's own crash at once", async () => {
    const { id } = await killedSession(world, 'alice', { pid: 100 });
    const again = await world.developer('alice2', { user: 'alice', host: 'alice-laptop', pid: 200 });
    const deps = { ...again.clean, isGone: ({ pid }: Identity) => pid === 100 };
    expect(await recoverSession(deps, { namespace: NAMESPACE, id }, { force: false })).toMatchObject({
      sessions: [{ id, why: 'its process 100 on this machine is gone' }],
      left: [],
    });
    await expectRestored();
  });

  it('waits for others to expire, unless forced', async () => {
    const { id } = await killedSession(world);
    const bob = await world.developer('bob');
    await expect(recoverSession(bob.clean, { namespace: NAMESPACE, id }, { force: false })).rejects.toMatchObject({
      code: 'session-alive',
      exit: 'refused',
      message: expect.stringContaining('alice@alice-laptop (pid 100) is alive: renewed'),
      next: [expect.stringContaining('heddle sessions stop'), expect.stringContaining('--force')],
    });
    expect(await recoverSession(bob.clean, { namespace: NAMESPACE, id }, { force: true })).toMatchObject({ sessions: [{ id }], left: [] });
    await expectRestored();
  });

  it('knows no session that never was', async () => {
    const bob = await world.developer('bob');
    await expect(recoverSession(bob.clean, { namespace: NAMESPACE, id: 'x1' }, { force: true })).rejects.toMatchObject({
      code: 'unknown-session',
      exit: 'usage',
    });
  });
});

describe('starting again after a crash', () => {
  it("cleans up one's own dead session first, so that it never blocks", async () => {
    const { id } = await killedSession(world, 'alice', { pid: 100 });
    const again = await world.developer('alice2', { user: 'alice', host: 'alice-laptop', pid: 200 });
    Object.assign(again.deps, { isGone: ({ pid }: Identity) => pid === 100 });
    const { session, events } = again.start(header('x-dev', 'alice'));
    await session.active;
    expect(events).toContainEqual({ type: 'progress', message: expect.stringContaining(`cleaning up session ${id} of alice`) });
    expect((await world.call({ 'x-dev': 'alice' })).body).toBe(again.body);
    await session.stop();
    await expectRestored();
  });
});
