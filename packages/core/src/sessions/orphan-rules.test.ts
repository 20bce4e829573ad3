import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isOurs, rulesOf } from '../../test/sessions/foreign-rules.js';
import { killedSession } from '../../test/sessions/killed.js';
import { contents, createWorld, header, NAMESPACE, type World } from '../../test/sessions/world.js';
import { metaOf } from '../model/object.js';
import { planSession } from './begin.js';
import { leaseRef } from './names.js';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.stop());

/** A session that was killed and whose Lease somebody deleted, so that its shadow went too: its rules lead nowhere. */
async function orphaned(): Promise<string> {
  const { id } = await killedSession(world);
  const kubectl = world.sandbox.cluster('kubectl');
  const { uid = '', resourceVersion = '' } = metaOf(await kubectl.get(leaseRef(NAMESPACE, id)));
  await kubectl.delete(leaseRef(NAMESPACE, id), { uid, resourceVersion });
  await expect.poll(async () => (await world.call({ 'x-dev': 'alice' })).status).toBe(503);
  return id;
}

describe('rules without a record', () => {
  it('are removed before a session starts, which they would take the requests of', async () => {
    const before = contents(world.sandbox);
    const id = await orphaned();
    const bob = await world.developer('bob');
    const { session, events } = bob.start(header('x-dev', 'alice'));
    await session.active;
    expect(events).toContainEqual({ type: 'progress', message: `removing rules of session ${id}, which has no record any more` });
    expect(await world.call({ 'x-dev': 'alice' })).toEqual({ status: 200, body: bob.body });
    expect(await session.stop()).toEqual({ why: 'interrupted', left: [] });
    expect((await rulesOf(world)).filter(isOurs)).toEqual([]);
    await expect.poll(() => contents(world.sandbox)).toEqual(before);
  });

  it('are named by a plan, which touches nothing', async () => {
    const id = await orphaned();
    const before = contents(world.sandbox);
    const bob = await world.developer('bob');
    const planning = await planSession(bob.deps, bob.options(header('x-dev', 'alice')));
    if (!('session' in planning)) throw new Error('refused');
    expect(planning.session.notes).toContainEqual(
      expect.objectContaining({ code: 'cleaned-first', message: expect.stringContaining(`Rules of session ${id} stand`) }),
    );
    expect(contents(world.sandbox)).toEqual(before);
  });

  it('are not those of a session that lives', async () => {
    const alice = await world.developer('alice');
    const { session } = alice.start(header('x-dev', 'alice'));
    await session.active;
    const bob = await world.developer('bob');
    const planning = await planSession(bob.deps, bob.options(header('x-dev', 'bob')));
    expect('session' in planning ? planning.session.notes.map(({ code }) => code) : []).not.toContain('cleaned-first');
    await session.stop();
  });
});
