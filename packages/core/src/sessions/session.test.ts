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

  it('gives the proxies time to hear of its Service before the rule, and of the removal before the Service goes', async () => {
    const times = new Map<string, number>();
    world.sandbox.faults.add(({ client, verb, resource, dryRun }, phase) => {
      if (client === 'alice' && dryRun !== true) times.set(`${phase} ${verb} ${resource}`, world.clock.monotonic());
    });
    const at = (step: string) => times.get(step) ?? Number.NaN;
    const alice = await world.developer('alice');
    const { session, event } = alice.start(header('x-dev', 'alice'));
    await event((one) => one.type === 'state' && one.state === 'ready');
    const ready = world.clock.monotonic();
    await session.active;
    expect(at('before update virtualservices') - ready).toBeGreaterThanOrEqual(2_000);
    await session.stop();
    expect(at('before delete pods') - at('after update virtualservices')).toBeGreaterThanOrEqual(2_000);
    expect(at('before delete services') - at('after delete virtualservices')).toBeGreaterThanOrEqual(2_000);
  });

  it('makes proxies dial again once the forward leads to the application', async () => {
    const waited = Promise.withResolvers<void>();
    world.sandbox.faults.add(async ({ body }) => {
      if (JSON.stringify(body ?? {}).includes('\\"state\\":\\"active\\"')) await waited.promise;
    });
    const alice = await world.developer('alice');
    const { session, event } = alice.start(header('x-dev', 'alice'));
    await event(({ type }) => type === 'proof');
    // A proxy that keeps a connection for later.
    const before = session.stats()[0]?.total ?? 0;
    const kept = await world.sandbox.cluster('proxy').openPort({ namespace: NAMESPACE, name: `heddle-tomcat-${session.id}` }, 8080);
    const ended = new Promise<void>((resolve) => kept.once('end', () => resolve()).resume());
    await expect.poll(() => session.stats()[0]).toMatchObject({ total: before + 1, open: 1 });
    waited.resolve();
    await session.active;
    await ended;
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

  it('takes over several ports at once, each to its own place', async () => {
    const cluster = world.sandbox.cluster('admin');
    const ports = [
      { name: 'http-web', port: 80, targetPort: 'http' },
      { name: 'http-admin', port: 8443, targetPort: 8080 },
      { name: 'http-rest', port: 9000, targetPort: 8080 },
    ];
    await cluster.create({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { namespace: NAMESPACE, name: 'multi' },
      spec: { selector: { run: 'tomcat' }, ports },
    });
    const before = contents(world.sandbox);
    const alice = await world.developer('alice');
    const admin = await world.developer('admin');
    const local = (who: typeof alice) => ({ host: '127.0.0.1', port: who.options().ports[0]?.local.port ?? 0 });
    const { session } = alice.start(header('x-dev', 'alice'), {
      service: { namespace: NAMESPACE, name: 'multi' },
      ports: [
        { port: 'http-web', local: local(alice) },
        { port: '8443', local: local(admin) },
      ],
    });
    await session.active;
    expect(session.proofs.map(({ port, state }) => [port, state])).toEqual([
      [80, 'proved'],
      [8443, 'proved'],
    ]);
    const call = async (host: string, headers = {}) => (await world.call({ host, ...headers })).body;
    expect(await call('multi', { 'x-dev': 'alice' })).toBe(alice.body);
    expect(await call('multi:8443', { 'x-dev': 'alice' })).toBe(admin.body);
    expect(await call('multi:9000', { 'x-dev': 'alice' })).toBe(TOMCAT_7);
    expect(await call('multi')).toBe(TOMCAT_7);
    expect(await call('multi:8443')).toBe(TOMCAT_7);
    expect(await session.stop()).toEqual({ why: 'interrupted', left: [] });
    await expect.poll(() => contents(world.sandbox)).toEqual(before);
  });
});
