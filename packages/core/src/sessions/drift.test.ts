import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { editRules, isOurs, rulesOf, withTimeout } from '../../test/sessions/foreign-rules.js';
import { createWorld, header, TOMCAT_7, type World } from '../../test/sessions/world.js';
import { clean } from './clean/clean.js';
import { listSessions } from './list.js';
import type { SessionEvent } from './types.js';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.stop());

const rules = () => rulesOf(world);
const edit = (change: Parameters<typeof editRules>[1], manager?: string) => editRules(world, change, manager);
const isCondition = (condition: string) => (event: SessionEvent) => event.type === 'condition' && event.condition === condition;

async function active() {
  const alice = await world.developer('alice');
  const started = alice.start(header('x-dev', 'alice'));
  await started.session.active;
  return { alice, ...started };
}

describe('a session whose foreign rules move', () => {
  it('encodes its own anew, from what stands there now', async () => {
    const { session, event, alice } = await active();
    await edit((all) => withTimeout(all, '7s'));
    expect(await event(isCondition('re-encoded'))).toMatchObject({
      why: expect.stringContaining('VirtualService mesh-demo/tomcat by kubectl-edit'),
    });
    expect((await rules()).map(({ timeout }) => timeout)).toEqual(['7s', '7s']);
    expect(await world.call({ 'x-dev': 'alice' }, 'gateway')).toEqual({ status: 200, body: alice.body });
    expect(await session.stop()).toEqual({ why: 'interrupted', left: [] });
    expect((await rules()).map(({ timeout }) => timeout)).toEqual(['7s']);
  });

  it('puts its rules back when they were taken out', async () => {
    const { session, event, alice } = await active();
    await edit((all) => all.filter((rule) => !isOurs(rule)), 'argocd-controller');
    await event(isCondition('re-encoded'));
    expect(await world.call({ 'x-dev': 'alice' }, 'gateway')).toEqual({ status: 200, body: alice.body });
    await session.stop();
  });

  it('does nothing about a change that leaves its rules right', async () => {
    const { session, events } = await active();
    await edit((all) => [...all, { name: 'late', match: [{ uri: { prefix: '/late' } }], redirect: { uri: '/' } }]);
    await expect.poll(async () => (await rules()).length).toBe(3);
    for (let turn = 0; turn < 20; turn++) await world.clock.advance(200);
    expect(events.filter(({ type }) => type === 'condition')).toEqual([]);
    await session.stop();
    expect((await rules()).map(({ name }) => name)).toEqual([undefined, 'late']);
  });

  it('waits until things have been quiet for a second', async () => {
    const { session, event, events } = await active();
    for (const timeout of ['1s', '2s', '3s']) await edit((all) => withTimeout(all, timeout));
    await event(isCondition('re-encoded'));
    expect((await rules()).map(({ timeout }) => timeout)).toEqual(['3s', '3s']);
    expect(events.filter(isCondition('re-encoded'))).toHaveLength(1);
    await session.stop();
  });

  it('gives up against a manager that will not stop, and says who it is', async () => {
    const { session, event, events, alice } = await active();
    for (let round = 1; round <= 4; round++) {
      await edit((all) => all.filter((rule) => !isOurs(rule)), 'argocd-controller');
      if (round <= 3) await expect.poll(() => events.filter(isCondition('re-encoded')).length).toBe(round);
    }
    expect(await event(isCondition('drifted'))).toMatchObject({
      why: expect.stringContaining('argocd-controller changed what this session'),
    });
    expect((await rules()).filter(isOurs)).toEqual([]);
    expect(session.state).toBe('active');
    await expect.poll(async () => (await listSessions(alice.cluster, {}, alice.deps))[0]?.condition?.name).toBe('drifted');
    expect(await session.stop()).toEqual({ why: 'interrupted', left: [] });
  });

  it('lets a manager change things now and then', async () => {
    const { session, events } = await active();
    for (let round = 1; round <= 6; round++) {
      await edit((all) => withTimeout(all, `${round}s`));
      await expect.poll(() => events.filter(isCondition('re-encoded')).length).toBe(round);
      for (let turn = 0; turn < 10; turn++) await world.clock.advance(25_000);
    }
    expect(events.filter(isCondition('drifted'))).toEqual([]);
    await session.stop();
  });

  it('shows what differs when somebody edited its own rule, and does not touch it', async () => {
    const { session, event } = await active();
    await edit((all) => all.map((rule) => (isOurs(rule) ? { ...rule, timeout: '99s' } : rule)));
    const drifted = await event(isCondition('drifted'));
    expect(drifted).toMatchObject({
      why: expect.stringMatching(/rule at \/spec\/http\/0 of VirtualService mesh-demo\/tomcat by hand: timeout none → "99s"/),
    });
    expect((await rules()).filter(isOurs)).toMatchObject([{ timeout: '99s' }]);
    const end = await session.stop();
    expect(end.left).toMatchObject([
      { ref: { kind: 'VirtualService', name: 'tomcat' }, why: expect.stringMatching(/edited.*by hand, then run heddle clean/) },
      ...['Pod', 'Service', 'Secret', 'Lease'].map((kind) => ({
        ref: { kind },
        why: expect.stringContaining('stays as long as rules of the session do'),
      })),
    ]);
    expect((await rules()).filter(isOurs)).toMatchObject([{ timeout: '99s' }]);

    // Once it is out, clean-up finishes.
    await edit((all) => all.filter((rule) => !isOurs(rule)));
    const bob = await world.developer('bob');
    world.clock.suspend(311_000);
    expect(await clean(bob.clean, { dryRun: false, force: false })).toMatchObject({ sessions: [{ id: session.id }], left: [] });
    expect(await world.call({ 'x-dev': 'alice' }, 'gateway')).toEqual({ status: 200, body: TOMCAT_7 });
  });
});
