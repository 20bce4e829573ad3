import type { Match } from '@heddle/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contents, createWorld, header, TOMCAT_7, type World } from '../../test/sessions/world.js';
import { planSession } from './begin.js';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.stop());

const firefox: Match = { headers: [{ name: 'user-agent', is: { regex: '.*Firefox/67\\.0.*' } }] };

describe('two sessions', () => {
  it('run side by side, and the second goes on when the first ends', async () => {
    const before = contents(world.sandbox);
    const alice = await world.developer('alice');
    const bob = await world.developer('bob');
    const first = alice.start(firefox);
    await first.session.active;
    const second = bob.start(header('x-dev', 'bob'));
    await second.session.active;
    const agent = { 'user-agent': 'Mozilla/5.0 Firefox/67.0' };
    expect((await world.call(agent)).body).toBe(alice.body);
    expect((await world.call({ 'x-dev': 'bob' }, 'gateway')).body).toBe(bob.body);
    // Both matches fit: the older session has it.
    expect((await world.call({ ...agent, 'x-dev': 'bob' })).body).toBe(alice.body);

    expect(await first.session.stop()).toEqual({ why: 'interrupted', left: [] });
    expect((await world.call(agent)).body).toBe(TOMCAT_7);
    expect((await world.call({ ...agent, 'x-dev': 'bob' })).body).toBe(bob.body);
    expect((await world.call({ 'x-dev': 'bob' }, 'gateway')).body).toBe(bob.body);
    expect(second.events.filter(({ type }) => type === 'warning')).toEqual([]);

    expect(await second.session.stop()).toEqual({ why: 'interrupted', left: [] });
    await expect.poll(() => contents(world.sandbox)).toEqual(before);
  });

  it('say so when a request can match both', async () => {
    const alice = await world.developer('alice');
    const bob = await world.developer('bob');
    const { session } = alice.start(firefox);
    await session.active;
    const planning = await planSession(bob.deps, bob.options(header('x-dev', 'bob')));
    expect(planning).toMatchObject({ session: { notes: expect.arrayContaining([expect.objectContaining({ code: 'may-meet' })]) } });
    await session.stop();
  });

  it.each<[string, Match]>([
    ['the same', firefox],
    ['a value that the other accepts', header('user-agent', 'Mozilla/5.0 Firefox/67.0')],
    ['more conditions', { ...firefox, path: { kind: 'segmentPrefix', value: '/api' } }],
    ['no condition at all', {}],
  ])('are refused before anything changes for %s, naming the holder', async (_what, match) => {
    const alice = await world.developer('alice');
    const bob = await world.developer('bob');
    const first = alice.start(firefox);
    await first.session.active;
    const before = contents(world.sandbox);
    const second = bob.start(match);
    await expect(second.session.active).rejects.toMatchObject({
      code: 'overlap',
      exit: 'refused',
      message: expect.stringContaining('alice@alice-laptop (pid 100) already has'),
      next: [expect.stringContaining(`heddle sessions stop ${first.session.id}`)],
    });
    expect(await second.session.done).toMatchObject({ why: 'failed', left: [] });
    expect(contents(world.sandbox)).toEqual(before);
    expect(
      world.sandbox.faults.requests.filter(
        ({ client, verb, dryRun, resource }) =>
          client === 'bob' && verb === 'create' && dryRun !== true && resource !== 'selfsubjectaccessreviews',
      ),
    ).toEqual([]);
    await first.session.stop();
  });

  it('that start at the same moment do not both get in', async () => {
    const people = await Promise.all(['alice', 'bob', 'carol'].map((name) => world.developer(name)));
    const before = contents(world.sandbox);
    // Nobody sees anybody's Lease while planning.
    let waiting = 0;
    const all = Promise.withResolvers<void>();
    world.sandbox.faults.add(async ({ verb, resource }, phase) => {
      if (phase !== 'before' || verb !== 'create' || resource !== 'leases') return;
      waiting += 1;
      if (waiting === people.length) all.resolve();
      await all.promise;
    });
    const sessions = people.map((one) => one.start(header('x-dev', 'same')).session);
    const outcomes = await Promise.allSettled(sessions.map((session) => session.active));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'overlap', exit: 'refused' });
    }
    for (const session of sessions) await session.stop();
    await expect.poll(() => contents(world.sandbox)).toEqual(before);
  });
});
