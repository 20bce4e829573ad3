import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { editRules, isOurs } from '../../test/sessions/foreign-rules.js';
import { contents, createWorld, type Developer, header, NAMESPACE, type Started, TOMCAT_7, type World } from '../../test/sessions/world.js';
import { isRecord, metaOf } from '../model/object.js';
import { listSessions } from './list.js';
import { startSession } from './session.js';
import type { SessionEvent, SessionOptions } from './types.js';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.stop());

const isCondition = (condition: string) => (event: SessionEvent) => event.type === 'condition' && event.condition === condition;

async function active(change: Partial<SessionOptions> = {}): Promise<Started & { alice: Developer }> {
  const alice = await world.developer('alice');
  const started = alice.start(header('x-dev', 'alice'), change);
  await started.session.active;
  return { ...started, alice };
}

/** As the kubelet says when a container of the pod, such as the mesh's proxy, has ended or answers again. */
function setReady(session: string, ready: boolean): void {
  const { store } = world.sandbox;
  const kind = store.kinds.core('Pod');
  const pod = store.list(kind).find((one) => metaOf(one).labels['heddle.dev/session'] === session);
  if (pod === undefined) throw new Error(`session ${session} has no pod`);
  const conditions = [{ type: 'Ready', status: ready ? 'True' : 'False' }];
  const status = { ...(isRecord(pod.status) ? pod.status : {}), conditions };
  store.update(kind, { ...pod, status }, { part: 'status' });
}

/** Cuts the tunnel, and every further attempt until the returned function is called. */
function cut(alice: Developer): () => void {
  const remove = world.sandbox.faults.add(({ subresource, client }, phase) => {
    if (subresource === 'portforward' && client === 'alice' && phase === 'before') throw new Error('the network is down');
  });
  for (const stream of alice.streams) stream.destroy();
  return remove;
}

describe('a session that loses its tunnel', () => {
  it('withdraws its rules, and writes them again when the tunnel is back', async () => {
    const { session, event, events, alice } = await active();
    const repair = cut(alice);
    await event(isCondition('suspended'));
    await expect.poll(() => world.call({ 'x-dev': 'alice' })).toEqual({ status: 200, body: TOMCAT_7 });
    expect(session.state).toBe('active');
    await expect
      .poll(async () => (await listSessions(alice.cluster, {}, alice.deps))[0]?.condition)
      .toMatchObject({ name: 'suspended', why: expect.stringContaining('the tunnel was lost') });
    repair();
    await world.clock.advance(15_000);
    await event(isCondition('resumed'));
    expect(await world.call({ 'x-dev': 'alice' })).toEqual({ status: 200, body: alice.body });
    await expect.poll(async () => (await listSessions(alice.cluster, {}, alice.deps))[0]?.condition).toBeUndefined();
    expect(events.filter(isCondition('resumed'))).toHaveLength(1);
    expect(await session.stop()).toEqual({ why: 'interrupted', left: [] });
  });

  it('leaves its rules with --on-lost fail: matching requests get 503 and no others change', async () => {
    const { session, event, alice } = await active({ onLost: 'fail' });
    const repair = cut(alice);
    await event(isCondition('suspended'));
    await expect.poll(async () => (await world.call({ 'x-dev': 'alice' })).status).toBe(503);
    expect(await world.call()).toEqual({ status: 200, body: TOMCAT_7 });
    repair();
    await world.clock.advance(15_000);
    await event(isCondition('resumed'));
    expect(await world.call({ 'x-dev': 'alice' })).toEqual({ status: 200, body: alice.body });
    await session.stop();
  });

  it('wants its rules back also when they could not be withdrawn, since somebody had edited them', async () => {
    const { session, event, events, alice } = await active();
    await editRules(world, (all) => all.map((rule) => (isOurs(rule) ? { ...rule, timeout: '99s' } : rule)));
    await event(isCondition('drifted'));
    const repair = cut(alice);
    await event(isCondition('suspended'));
    await expect.poll(() => events.filter(isCondition('drifted')).length).toBe(2);
    repair();
    await world.clock.advance(15_000);
    await expect.poll(() => alice.streams.size).toBeGreaterThan(0);
    await world.clock.advance(5_000);
    await editRules(world, (all) => all.filter((rule) => !isOurs(rule)));
    await expect.poll(() => world.call({ 'x-dev': 'alice' }, 'gateway')).toEqual({ status: 200, body: alice.body });
    expect(await session.stop()).toEqual({ why: 'interrupted', left: [] });
  });

  it('makes its pod anew when somebody deleted it', async () => {
    const before = contents(world.sandbox);
    const { session, event, events, alice } = await active();
    const kubectl = world.sandbox.cluster('kubectl');
    const [pod] = await kubectl.list({ group: '', kind: 'Pod', namespace: NAMESPACE, labelSelector: `heddle.dev/session=${session.id}` });
    const { uid = '', resourceVersion = '', name } = metaOf(pod);
    await kubectl.delete(
      { apiVersion: 'v1', kind: 'Pod', namespace: NAMESPACE, name },
      { uid, resourceVersion },
      { gracePeriodSeconds: 0 },
    );
    await event(isCondition('suspended'));
    await event(isCondition('resumed'));
    expect(events).toContainEqual({ type: 'progress', message: `pod ${name} is gone, making it anew` });
    expect(await world.call({ 'x-dev': 'alice' })).toEqual({ status: 200, body: alice.body });
    const anew = metaOf(await kubectl.get({ apiVersion: 'v1', kind: 'Pod', namespace: NAMESPACE, name }));
    expect(anew.uid).not.toBe(uid);
    expect(anew.ownerReferences).toHaveLength(1);
    expect(await session.stop()).toEqual({ why: 'interrupted', left: [] });
    await expect.poll(() => contents(world.sandbox)).toEqual(before);
  });

  it('withdraws its rules while its pod is not ready, which the tunnel need not notice', async () => {
    const { session, event, events, alice } = await active();
    setReady(session.id, false);
    expect(await event(isCondition('suspended'))).toMatchObject({ why: expect.stringContaining('the pod of the shadow is not ready') });
    await expect.poll(() => world.call({ 'x-dev': 'alice' })).toEqual({ status: 200, body: TOMCAT_7 });
    expect(alice.streams.size).toBeGreaterThan(0);
    expect(events.filter(isCondition('resumed'))).toEqual([]);
    setReady(session.id, true);
    await world.clock.advance(15_000);
    await event(isCondition('resumed'));
    expect(await world.call({ 'x-dev': 'alice' })).toEqual({ status: 200, body: alice.body });
    expect(await session.stop()).toEqual({ why: 'interrupted', left: [] });
  });

  it('withdraws them even with --on-lost fail where a shadow that is not ready is a matter of everybody', async () => {
    const alice = await world.developer('alice');
    const shadow: typeof alice.deps.adapter.shadow = (...asked) => {
      const planned = alice.deps.adapter.shadow(...asked);
      return 'refused' in planned ? planned : { ...planned, ok: { ...planned.ok, readyWithoutTunnel: true } };
    };
    const deps = { ...alice.deps, adapter: { ...alice.deps.adapter, shadow } };
    const session = startSession(deps, alice.options(header('x-dev', 'alice'), { onLost: 'fail' }), { onEvent: () => undefined });
    await session.active;
    setReady(session.id, false);
    await expect.poll(() => world.call({ 'x-dev': 'alice' })).toEqual({ status: 200, body: TOMCAT_7 });
    expect(await session.stop()).toEqual({ why: 'interrupted', left: [] });
  });

  it('waits again for a shadow that cannot be seen to be ready when the tunnel is back', async () => {
    const { session, event, events, alice } = await active();
    const repair = cut(alice);
    await event(isCondition('suspended'));
    await expect.poll(() => world.call({ 'x-dev': 'alice' })).toEqual({ status: 200, body: TOMCAT_7 });
    let connected = false;
    const blind = world.sandbox.faults.add(({ resource, subresource, client, name }, phase) => {
      if (resource !== 'pods' || client !== 'alice' || name === undefined) return;
      if (subresource === 'portforward') connected ||= phase === 'after';
      else if (connected && phase === 'before') throw new Error('the API server is away');
    });
    repair();
    await world.clock.advance(15_000);
    await expect
      .poll(() => events.filter(isCondition('suspended')).map((one) => ('why' in one ? one.why : '')))
      .toContainEqual(expect.stringContaining('the shadow is not ready'));
    expect(events.filter(isCondition('resumed'))).toEqual([]);
    blind();
    await world.clock.advance(20_000);
    await event(isCondition('resumed'));
    expect(await world.call({ 'x-dev': 'alice' })).toEqual({ status: 200, body: alice.body });
    expect(await session.stop()).toEqual({ why: 'interrupted', left: [] });
  });

  it('ends cleanly while the tunnel is lost', async () => {
    const before = contents(world.sandbox);
    const { session, event, alice } = await active();
    cut(alice);
    await event(isCondition('suspended'));
    expect(await session.stop()).toEqual({ why: 'interrupted', left: [] });
    await expect.poll(() => contents(world.sandbox)).toEqual(before);
  });
});
