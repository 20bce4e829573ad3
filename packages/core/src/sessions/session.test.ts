import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contents, createWorld, header, NAMESPACE, TOMCAT_7, type World } from '../../test/sessions/world.js';
import { listSessions } from './list.js';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.stop());

describe('a session', () => {
  it('brings the requests that match to the laptop, and puts everything back', async () => {
    const before = contents(world.sandbox);
    const alice = await world.developer('alice');
    const { session, events } = alice.start(header('x-dev', 'alice'));
    await session.active;
    expect(session.state).toBe('active');
    expect(await world.call({ 'x-dev': 'alice' })).toEqual({ status: 200, body: alice.body });
    expect(await world.call({ 'x-dev': 'alice' }, 'gateway')).toEqual({ status: 200, body: alice.body });
    expect(await world.call({ 'x-dev': 'bob' })).toEqual({ status: 200, body: TOMCAT_7 });
    expect(await world.call({}, 'gateway')).toEqual({ status: 200, body: TOMCAT_7 });
    expect(session.stats()).toMatchObject([{ port: 8080, failed: 0 }]);
    expect(session.stats()[0]?.total).toBeGreaterThanOrEqual(2);

    const end = await session.stop();
    expect(end).toEqual({ why: 'interrupted', left: [] });
    expect(events.flatMap((event) => (event.type === 'state' ? [event.state] : []))).toEqual([
      'planned',
      'provisioning',
      'ready',
      'routing',
      'active',
      'draining',
      'gone',
    ]);
    await expect.poll(() => contents(world.sandbox)).toEqual(before);
    expect(await world.call({ 'x-dev': 'alice' })).toEqual({ status: 200, body: TOMCAT_7 });
  });

  it('proves that requests arrive before the application sees any', async () => {
    const alice = await world.developer('alice');
    const { session, event } = alice.start(header('x-dev', 'alice'));
    const waited = Promise.withResolvers<void>();
    world.sandbox.faults.add(async ({ body }) => {
      if (JSON.stringify(body ?? {}).includes('\\"state\\":\\"active\\"')) await waited.promise;
    });
    await event(({ type }) => type === 'proof');
    // The forward still leads to the responder: no nonce, no answer.
    expect(await world.call({ 'x-dev': 'alice' })).toEqual({ status: 503, body: 'heddle: the session is starting\n' });
    waited.resolve();
    await session.active;
    expect(session.proofs.map(({ view, port, state, why }) => [view.plane, port, state, why])).toEqual([
      ['mesh', 8080, 'proved', undefined],
      ['gateway', 8080, 'written', expect.stringContaining('inside the mesh')],
    ]);
    expect(alice.seen).toHaveLength(0);
    await world.call({ 'x-dev': 'alice' });
    expect(alice.seen).toHaveLength(1);
    await session.stop();
  });

  it('takes its id as the header when none is named', async () => {
    const alice = await world.developer('alice');
    const { session } = alice.start();
    await session.active;
    expect(session.id).toMatch(/^[a-z][a-z0-9]{11}$/);
    expect((await world.call({ 'x-heddle': session.id })).body).toBe(alice.body);
    expect((await world.call({ 'x-heddle': 'other' })).body).toBe(TOMCAT_7);
    await session.stop();
  });

  it('says in its record what others need to know, before it does anything', async () => {
    const alice = await world.developer('alice');
    const { session, event } = alice.start(header('x-dev', 'alice'));
    await event(({ type }) => type === 'planned');
    const states: unknown[] = [];
    world.sandbox.faults.add(async ({ verb, resource, client, body, dryRun }, phase) => {
      if (client !== 'alice' || phase !== 'before' || dryRun === true || !['create', 'update'].includes(verb)) return;
      const [summary] = await listSessions(world.sandbox.cluster('looking'), { namespace: NAMESPACE }, alice.deps);
      states.push([resource === 'leases' ? 'leases' : `${verb} ${resource}`, summary?.state, body === undefined]);
    });
    await session.active;
    const written = states.filter((state) => Array.isArray(state) && state[0] !== 'leases' && !String(state[0]).includes('selfsubject'));
    expect(written).toEqual([
      ['create secrets', 'provisioning', false],
      ['create services', 'provisioning', false],
      ['create pods', 'provisioning', false],
      ['create pods', 'provisioning', true],
      ['update virtualservices', 'routing', false],
      ['create virtualservices', 'routing', false],
    ]);
    const [summary] = await listSessions(alice.cluster, {}, alice.deps);
    expect(summary).toMatchObject({
      id: session.id,
      namespace: NAMESPACE,
      service: 'tomcat',
      ports: [8080],
      match: header('x-dev', 'alice'),
      state: 'active',
      adapter: 'istio',
      holder: { user: 'alice', host: 'alice-laptop', pid: 100 },
      expired: false,
      abandoned: false,
    });
    await session.stop();
    expect(await listSessions(alice.cluster, {}, alice.deps)).toEqual([]);
  });

  it('leaks nothing to the laptop while there is no rule yet', async () => {
    const alice = await world.developer('alice');
    const { session, event } = alice.start(header('x-dev', 'alice'));
    await event((one) => one.type === 'state' && one.state === 'ready');
    const answers = await Promise.all(Array.from({ length: 200 }, () => world.call()));
    expect(new Set(answers.map(({ body }) => body))).toEqual(new Set([TOMCAT_7]));
    await session.active;
    const mine = await Promise.all(Array.from({ length: 200 }, () => world.call({ 'x-dev': 'alice' })));
    expect(new Set(mine.map(({ body }) => body))).toEqual(new Set([alice.body]));
    await session.stop();
  });

  it('is renewed every 30 seconds while it runs', async () => {
    const alice = await world.developer('alice');
    const { session } = alice.start(header('x-dev', 'alice'));
    await session.active;
    for (let turn = 0; turn < 20; turn++) await world.clock.advance(30_000);
    const [summary] = await listSessions(alice.cluster, {}, alice.deps);
    expect(summary?.expired).toBe(false);
    expect(world.clock.now() - Date.parse(summary?.renewedAt ?? '')).toBeLessThan(31_000);
    await session.stop();
  });
});
