import { isRecord, metaOf, refOf } from '@heddle/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clear, counted, createTwoVersions, leaseOf, plan, routeDeps, split, TOMCAT_9 } from '../../test/routes/two-versions.js';
import { editRules, rulesOf, withTimeout } from '../../test/sessions/foreign-rules.js';
import { contents, type Developer, header, NAMESPACE, TOMCAT_7, type World } from '../../test/sessions/world.js';
import { decodeTarget } from '../plan/index.js';
import { askToStop } from '../sessions/ask-to-stop.js';
import { clean } from '../sessions/clean/clean.js';
import { recoverSession } from '../sessions/clean/recover.js';
import { leaseRef } from '../sessions/names.js';
import { driftAmong } from './drift.js';
import { routeProblems } from './drift-problems.js';
import { listRoutes } from './list-routes.js';

let world: World;
let alice: Developer;
let bob: Developer;

beforeEach(async () => {
  world = await createTwoVersions();
  alice = await world.developer('alice');
  bob = await world.developer('bob');
});
afterEach(() => world.stop());

describe('a split and sessions', () => {
  const asked = (user: string) => header('x-dev', user);
  const essence = async () => {
    const objects = await world.sandbox
      .cluster('looking')
      .list({ group: 'networking.istio.io', kind: 'VirtualService', namespace: NAMESPACE });
    return objects.map((object) => [refOf(object).name, isRecord(object.spec) ? object.spec : {}]);
  };

  it('live side by side: requests of the session reach the laptop before, during and after', async () => {
    const before = contents(world.sandbox);
    const { session } = alice.start(asked('alice'));
    await session.active;
    const alone = await essence();
    const drifts = async () => {
      const { adapter, env, cluster } = routeDeps(bob);
      return [...(await driftAmong({ adapter, env, cluster }, await listRoutes(cluster, {}))).values()];
    };
    const unmoved = [{ edited: [], missing: [], uncovered: [], stale: false, outdated: [] }];
    const reaches = async () => {
      for (const via of ['mesh', 'gateway'] as const) {
        expect(await world.call({ 'x-dev': 'alice' }, via)).toEqual({ status: 200, body: alice.body });
      }
    };
    await reaches();
    await split(bob, 'v1=90 v2=10');
    await reaches();
    expect(await drifts()).toEqual(unmoved);
    const counts = await counted(world, 'mesh');
    expect(counts[TOMCAT_7]).toBeGreaterThan(counts[TOMCAT_9] ?? 0);
    expect(counts[alice.body]).toBeUndefined();
    await clear(bob);
    await reaches();
    expect(await essence()).toEqual(alone);
    await split(bob, 'v1=0 v2=100');
    await session.stop();
    expect(await drifts()).toEqual(unmoved);
    expect(await world.call({ 'x-dev': 'alice' })).toEqual({ status: 200, body: TOMCAT_9 });
    await clear(bob);
    expect(contents(world.sandbox)).toEqual(before);
  });

  it('a session that starts beside a split keeps what the rules of others say, not the split', async () => {
    await editRules(world, (rules) => withTimeout(rules, '7s'));
    await split(bob, 'v1=0 v2=100');
    const { session } = alice.start(asked('alice'));
    await session.active;
    const [sessions] = await rulesOf(world);
    expect(sessions).toMatchObject({ name: expect.stringContaining('heddle/session/'), timeout: '7s', route: [{ weight: 100 }] });
    expect(await world.call({ 'x-dev': 'alice' }, 'gateway')).toEqual({ status: 200, body: alice.body });
    await session.stop();
  });

  it('a drift of the rules of others is taken up by the session and noticed of the split', async () => {
    await split(bob, 'v1=90 v2=10');
    const recorded = async () => JSON.parse(metaOf(await leaseOf(world)).annotations['heddle.dev/record'] ?? '{}').route.copied;
    const first = await recorded();
    const { adapter, env, cluster } = routeDeps(bob);
    const services = [{ namespace: NAMESPACE, name: 'tomcat', port: 8080 }];
    const told = async () => {
      const { seen } = await decodeTarget({ adapter, env, cluster }, { services });
      return (await routeProblems({ adapter, env, cluster }, services, seen)).map(({ message }) => message);
    };
    expect(await told()).toEqual([]);
    await editRules(world, (rules) => withTimeout(rules, '7s'));
    expect(await told()).toEqual([expect.stringMatching(/split of mesh-demo\/tomcat is copied from a table that changed$/)]);
    expect(await plan(bob, 'v1=80 v2=20')).toMatchObject({ route: { notes: [{ code: 'copied-from-changed' }, {}] } });
    await split(bob, 'v1=80 v2=20');
    expect(await recorded()).not.toBe(first);
    expect(await told()).toEqual([]);
    expect((await rulesOf(world))[0]).toMatchObject({ timeout: '7s' });
  });
});

describe('clean and a split', () => {
  it('leaves a standing route alone, by force too, and finds one whose record is gone', async () => {
    await split(alice, 'v1=90 v2=10');
    const before = contents(world.sandbox);
    const abandoned = { ...bob.clean, isGone: () => true };
    for (const force of [false, true]) {
      expect(await clean(abandoned, { dryRun: false, force })).toMatchObject({
        kept: [{ id: 'tomcat.8080', why: 'a standing route never expires' }],
        sessions: [],
        orphans: [],
        removed: [],
      });
    }
    expect(contents(world.sandbox)).toEqual(before);
    await expect(recoverSession(abandoned, { namespace: NAMESPACE, id: 'tomcat.8080' }, { force: true })).rejects.toMatchObject({
      code: 'standing-route',
      next: ['See them: heddle route list tomcat -n mesh-demo', 'Take them back: heddle route clear tomcat -n mesh-demo'],
    });
    await expect(askToStop(bob.cluster, { namespace: NAMESPACE, id: 'tomcat.8080' })).rejects.toMatchObject({ code: 'standing-route' });
    const { uid = '', resourceVersion = '' } = metaOf(await leaseOf(world));
    await bob.cluster.delete(leaseRef(NAMESPACE, 'tomcat.8080'), { uid, resourceVersion });
    expect(await plan(bob, 'v1=80 v2=20')).toMatchObject({
      route: { notes: expect.arrayContaining([expect.objectContaining({ code: 'record-gone' })]) },
    });
    expect(await clean(bob.clean, { dryRun: false, force: false })).toMatchObject({
      orphans: [{ owner: 'route/mesh-demo/tomcat.8080' }, { owner: 'route/mesh-demo/tomcat.8080' }],
      left: [],
    });
    expect(await rulesOf(world)).toHaveLength(1);
    expect([...contents(world.sandbox).keys()].filter((key) => key.includes('heddle'))).toEqual([]);
  });

  it('takes a route whose record cannot be read for what it is', async () => {
    await split(alice, 'v1=90 v2=10');
    const lease = await leaseOf(world);
    const metadata = { ...(lease?.metadata as object), annotations: { 'heddle.dev/record': '{' } };
    await bob.cluster.replace({ ...lease, metadata });
    expect(await plan(alice, 'v1=50 v2=50')).toMatchObject({ refused: [{ code: 'record-unreadable' }] });
    expect(await clear(bob)).toMatchObject({ left: [] });
    expect([...contents(world.sandbox).keys()].filter((key) => key.includes('heddle'))).toEqual([]);
  });
});
