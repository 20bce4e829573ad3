import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contents, createWorld, header, NAMESPACE, TOMCAT_7, type World } from '../../test/sessions/world.js';
import { metaOf } from '../model/object.js';
import { askToStop } from './ask-to-stop.js';
import { leaseRef } from './names.js';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.stop());

async function active() {
  const before = contents(world.sandbox);
  const alice = await world.developer('alice');
  const started = alice.start(header('x-dev', 'alice'));
  await started.session.active;
  const lease = async () => {
    const object = await world.sandbox.cluster('kubectl').get(leaseRef(NAMESPACE, started.session.id));
    if (object === undefined) throw new Error('no Lease');
    return object;
  };
  return { before, alice, ...started, lease };
}

describe('a running session', () => {
  it('ends when it is asked to from elsewhere', async () => {
    const { before, session } = await active();
    await askToStop(world.sandbox.cluster('bob'), { namespace: NAMESPACE, id: session.id });
    expect(await session.done).toEqual({ why: 'asked', left: [] });
    await expect.poll(() => contents(world.sandbox)).toEqual(before);
  });

  it('ends when its Lease is deleted by hand, and does not make it again', async () => {
    const { before, session, lease } = await active();
    const { uid = '', resourceVersion = '' } = metaOf(await lease());
    await world.sandbox.cluster('kubectl').delete(leaseRef(NAMESPACE, session.id), { uid, resourceVersion });
    expect(await session.done).toEqual({ why: 'record-gone', left: [] });
    await expect.poll(() => contents(world.sandbox)).toEqual(before);
    expect(await world.call({ 'x-dev': 'alice' })).toEqual({ status: 200, body: TOMCAT_7 });
  });

  it('does not try to have back what went with the Lease', async () => {
    const { session, lease, alice, events } = await active();
    // Slower than the cluster, which deletes what the Lease owns.
    world.sandbox.faults.add(async ({ resource, verb, client }, phase) => {
      if (phase !== 'before' || client !== 'alice' || resource !== 'virtualservices' || verb !== 'update') return;
      for (const stream of alice.streams) stream.destroy();
      await world.clock.advance(10_000);
    });
    const { uid = '', resourceVersion = '' } = metaOf(await lease());
    const before = events.length;
    await world.sandbox.cluster('kubectl').delete(leaseRef(NAMESPACE, session.id), { uid, resourceVersion });
    expect(await session.done).toEqual({ why: 'record-gone', left: [] });
    const told = events.slice(before).flatMap((event) => (event.type === 'progress' ? [event.message] : []));
    expect(told.filter((message) => !/^(replace|delete) VirtualService /.test(message))).toEqual([]);
    expect(events.slice(before).filter(({ type }) => type === 'condition')).toEqual([]);
  });

  it('leaves a Lease alone that was made anew under its name', async () => {
    const { session, lease } = await active();
    const object = await lease();
    const { uid = '', resourceVersion = '', name, namespace, labels } = metaOf(object);
    const kubectl = world.sandbox.cluster('kubectl');
    await kubectl.delete(leaseRef(NAMESPACE, session.id), { uid, resourceVersion });
    await kubectl.create({ ...object, metadata: { name, namespace, labels } });
    expect(await session.done).toEqual({ why: 'record-gone', left: [] });
    expect(metaOf(await lease()).uid).not.toBe(uid);
    expect([...contents(world.sandbox).keys()].filter((key) => key.includes(session.id))).toEqual([
      `Lease ${NAMESPACE}/heddle-${session.id}`,
    ]);
  });

  it('ends once, however often it is stopped', async () => {
    const { session } = await active();
    const [one, two] = await Promise.all([session.stop(), session.stop()]);
    expect(one).toBe(two);
    expect(await session.stop()).toBe(one);
  });

  it('puts everything back when it is stopped on the way', async () => {
    const before = contents(world.sandbox);
    const alice = await world.developer('alice');
    for (const state of ['planned', 'provisioning', 'ready', 'routing'] as const) {
      const { session, event } = alice.start(header('x-dev', 'alice'));
      await event((one) => one.type === 'state' && one.state === state);
      expect(await session.stop()).toEqual({ why: 'interrupted', left: [] });
      await expect(session.active).rejects.toMatchObject({ code: 'interrupted' });
      await expect.poll(() => contents(world.sandbox)).toEqual(before);
    }
  });

  it('says what it could not remove, and keeps the record for whoever cleans up', async () => {
    const { session, alice } = await active();
    world.sandbox.faults.deny(({ resource, verb }, client) => client === 'alice' && resource === 'virtualservices' && verb !== 'list');
    const end = await session.stop();
    expect(end.why).toBe('interrupted');
    expect(end.left).toMatchObject([
      { ref: { kind: 'Lease' }, why: expect.stringMatching(/forbidden.*heddle clean -n mesh-demo$/) },
      ...['Pod', 'Service', 'Secret'].map((kind) => ({
        ref: { kind },
        why: expect.stringContaining('as long as rules of the session do'),
      })),
    ]);
    // A rule must not name what does not exist, and whoever cleans up needs the record.
    expect([...contents(world.sandbox).keys()]).toEqual(
      expect.arrayContaining([
        `Lease ${NAMESPACE}/heddle-${session.id}`,
        `Service ${NAMESPACE}/heddle-tomcat-${session.id}`,
        `Pod ${NAMESPACE}/heddle-tomcat-${session.id}`,
        `Secret ${NAMESPACE}/heddle-${session.id}`,
      ]),
    );
    // Without the tunnel the shadow answers nothing, quickly.
    await expect.poll(async () => (await world.call({ 'x-dev': 'alice' })).status).toBe(503);
    expect(alice.seen).toHaveLength(0);
  });
});
