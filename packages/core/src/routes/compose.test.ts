import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  clear,
  clearing,
  counted,
  createTwoVersions,
  plan,
  planEntry,
  refresh,
  routeDeps,
  routed,
  set,
  sharesOf,
  split,
  TOMCAT_9,
} from '../../test/routes/two-versions.js';
import { editRules, rulesOf, withTimeout } from '../../test/sessions/foreign-rules.js';
import { contents, type Developer, header, NAMESPACE, TOMCAT_7, type World } from '../../test/sessions/world.js';
import type { Cluster } from '../contracts/cluster.js';
import { ClusterError } from '../errors/cluster-error.js';
import type { Match } from '../model/match.js';
import { applyRoutes } from './apply-routes.js';
import { driftAmong } from './drift.js';
import type { RouteAction } from './entry.js';
import { listRoutes } from './list-routes.js';
import { planRefresh } from './plan-standing.js';
import type { RoutePlan, RoutePlanning } from './types.js';

const jason = [header('end-user', 'jason')];
const everyone = 'everyone who calls mesh-demo/tomcat:8080';
const copied: RouteAction = { mirror: { version: 'v2', percent: 10 } };
const slow: RouteAction = { fault: { delay: { percent: 100, ms: 7_000 } } };
const failing: RouteAction = { fault: { abort: { percent: 100, status: 503 } } };

let world: World;
let alice: Developer;
let bob: Developer;

beforeEach(async () => {
  world = await createTwoVersions();
  alice = await world.developer('alice');
  bob = await world.developer('bob');
});
afterEach(() => world.stop());

const inMesh = (planning: RoutePlanning) =>
  'refused' in planning ? planning.refused : planning.route.plan.effects.filter(({ view }) => view.plane === 'mesh').map(told);
const told = ({ requests, before, after }: { requests: string; before: string; after: string }) => `${requests}: ${before} → ${after}`;
const refused = async (planning: Promise<RoutePlanning>) => {
  const planned = await planning;
  return 'refused' in planned ? planned.refused : [];
};
const names = async () =>
  (await listRoutes(world.sandbox.cluster('looking'), { namespace: NAMESPACE })).flatMap(({ entries }) => entries.map(({ name }) => name));

describe('a route for some requests', () => {
  it('sends them to the version, and nobody else anywhere else', async () => {
    expect(inMesh(await planEntry(alice, sharesOf('v2=100'), jason))).toEqual(['requests with end-user = jason: tomcat 100 % → v2 100 %']);
    const before = contents(world.sandbox);
    await set(alice, sharesOf('v2=100'), jason);
    for (const via of ['mesh', 'gateway'] as const) {
      expect(await counted(world, via, { 'end-user': 'jason' })).toEqual({ [TOMCAT_9]: 400 });
    }
    expect(await counted(world, 'gateway')).toEqual({ [TOMCAT_7]: 400 });
    expect(await clear(bob)).toMatchObject({ left: [] });
    expect(contents(world.sandbox)).toEqual(before);
  });

  it('comes before the one for everybody, whoever was first', async () => {
    await set(alice, sharesOf('v2=100'), jason);
    expect(inMesh(await plan(bob, 'v1=100'))).toEqual(['everyone else who calls mesh-demo/tomcat:8080: tomcat 100 % → v1 100 %']);
    await split(bob, 'v1=100');
    expect(await names()).toEqual(['end-user-jason', 'split']);
    expect(await counted(world, 'mesh', { 'end-user': 'jason' })).toEqual({ [TOMCAT_9]: 400 });
    expect(await counted(world, 'mesh')).toEqual({ [TOMCAT_7]: 400 });
    expect((await rulesOf(world)).slice(0, 2)).toMatchObject([
      { name: 'heddle/route/mesh-demo/tomcat.8080/0', match: [{ headers: { 'end-user': { exact: 'jason' } } }] },
      { name: 'heddle/route/mesh-demo/tomcat.8080/1' },
    ]);
  });
});

describe('a mirror', () => {
  it('leaves where requests go, and says whose are copied where', async () => {
    await split(alice, 'v1=90 v2=10');
    await set(alice, sharesOf('v2=100'), jason);
    expect(inMesh(await planEntry(bob, copied))).toEqual([
      'requests with end-user = jason: v2 100 % → v2 100 %, also copied to v2 (10 %)',
      'everyone else who calls mesh-demo/tomcat:8080: v1 90 %, v2 10 % → v1 90 %, v2 10 %, also copied to v2 (10 %)',
    ]);
    const notes = [await routed(plan(bob, 'v1=80 v2=20')), await routed(planEntry(bob, copied))].flatMap((route) => route.notes);
    expect(notes.filter(({ code }) => code === 'unreached')).toEqual([]);
    await set(bob, copied);
    const [first, second] = await rulesOf(world);
    const mirror = { mirror: { subset: 'v2' }, mirrorPercentage: { value: 10 } };
    expect(first).toMatchObject({ route: [{ destination: { subset: 'v2' }, weight: 100 }], ...mirror });
    expect(second).toMatchObject({ route: [{ weight: 90 }, { weight: 10 }], ...mirror });
  });

  it.each([
    ['v9', 'unknown-version'],
    ['v3', 'no-ready-pods'],
  ])('to %s is refused: %s', async (version, code) => {
    expect(await refused(planEntry(alice, { mirror: { version, percent: 10 } }))).toMatchObject([{ code }]);
  });
});

describe('a fault', () => {
  it('hits whom it is for, and says what becomes of them', async () => {
    expect(inMesh(await planEntry(alice, slow, jason))).toEqual([
      'requests with end-user = jason: tomcat 100 % → tomcat 100 %, delayed 7 s (100 %)',
    ]);
    await set(alice, failing, jason);
    expect(await names()).toEqual(['fault-end-user-jason']);
    expect(await rulesOf(world)).toMatchObject([
      { match: [{ headers: { 'end-user': { exact: 'jason' } } }], fault: { abort: { httpStatus: 503, percentage: { value: 100 } } } },
      {},
    ]);
    expect(inMesh(await planEntry(alice, slow, jason))).toEqual([
      'requests with end-user = jason: aborted with 503 (100 %) → tomcat 100 %, delayed 7 s (100 %)',
    ]);
  });
});

describe('one of several', () => {
  it('is taken back alone, told as what it was for, and the others stay as they are', async () => {
    await split(alice, 'v1=90 v2=10');
    await set(bob, copied);
    const two = await rulesOf(world);
    await set(alice, sharesOf('v2=100'), jason);
    const planning = await clearing(bob, 'end-user-jason');
    if ('refused' in planning) throw new Error('refused');
    const [route] = planning.routes;
    expect(route?.plan.effects.map(told)[0]).toBe(
      'requests with end-user = jason: v2 100 %, also copied to v2 (10 %) → v1 90 %, v2 10 %, also copied to v2 (10 %)',
    );
    await clear(bob, 'end-user-jason');
    expect(await rulesOf(world)).toEqual(two);
    expect(await names()).toEqual(['mirror', 'split']);
    await expect(clear(bob, 'end-user-jason')).rejects.toMatchObject({ code: 'unknown-route', next: ['There is: mirror, split'] });
  });

  it('keeps who made it when another one changes', async () => {
    await split(alice, 'v1=90 v2=10');
    const { was } = await routed(planEntry(bob, copied));
    await set(bob, copied);
    const { entries } = await routed(plan(bob, 'v1=80 v2=20'));
    expect(entries.map(({ name, by }) => `${name} ${by.user}`)).toEqual(['mirror bob', 'split bob']);
    const [listed] = await listRoutes(bob.cluster, { namespace: NAMESPACE });
    expect(listed?.entries.find(({ name }) => name === 'split')).toEqual(was[0]);
  });
});

describe('a second route is refused', () => {
  const other = (match: readonly Match[], name: string) => refused(planEntry(bob, sharesOf('v1=100'), match, name));

  it('for the same requests, under another name', async () => {
    await set(alice, sharesOf('v2=100'), jason);
    expect(await other(jason, 'mine')).toMatchObject([
      {
        code: 'route-exists',
        message:
          'The standing route end-user-jason of alice@alice-laptop already decides where they go for end-user = jason, so mine would never count',
        instead: expect.stringContaining('heddle route clear tomcat --name end-user-jason'),
      },
    ]);
    expect(await other([], 'mine')).toEqual([]);
  });

  it('under the name of one that does something else, or by its own name of one for other requests', async () => {
    await set(alice, copied, [], 'end-user-jason');
    const another = { code: 'route-exists', message: expect.stringContaining('is another one: every request: also copied to v2 (10 %)') };
    expect(await refused(planEntry(bob, sharesOf('v2=100'), jason))).toMatchObject([another]);
    expect(await other([], 'end-user-jason')).toMatchObject([another]);
    await clear(alice);
    await set(alice, sharesOf('v2=100'), [header('x', 'y')], 'end-user-jason');
    expect(await refused(planEntry(bob, sharesOf('v2=100'), jason))).toMatchObject([{ code: 'route-exists' }]);
    expect(await other(jason, 'end-user-jason')).toEqual([]);
  });
});

describe('two people at once', () => {
  it('neither loses what the other has made', async () => {
    await split(alice, 'v1=90 v2=10');
    const outcomes = await Promise.allSettled([set(alice, sharesOf('v2=100'), jason), set(bob, copied)]);
    const done = outcomes.filter(({ status }) => status === 'fulfilled').length;
    expect(await names()).toHaveLength(1 + done);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(['route-busy', 'plan-changed']).toContain(outcome.reason.code);
    }
    await set(alice, sharesOf('v2=100'), jason);
    await set(bob, copied);
    expect(await names()).toEqual(['end-user-jason', 'mirror', 'split']);
  });

  it('what was planned before the other was done is planned anew', async () => {
    const early = await routed(planEntry(alice, copied));
    await split(bob, 'v1=90 v2=10');
    const before = contents(world.sandbox);
    await expect(applyRoutes(routeDeps(alice), early)).rejects.toMatchObject({
      code: 'plan-changed',
      message: expect.stringContaining('there is split of bob@bob-laptop now'),
    });
    const planning = await clearing(alice);
    const [late] = 'refused' in planning ? [] : planning.routes;
    await set(bob, copied);
    if (late === undefined) throw new Error('nothing is planned');
    await expect(applyRoutes(routeDeps(alice), late)).rejects.toMatchObject({ code: 'plan-changed' });
    await clear(bob, 'mirror');
    expect([...contents(world.sandbox).keys()]).toEqual([...before.keys()]);
    const whatChanged = async (by: RoutePlan) => applyRoutes(routeDeps(alice), by).catch((error: Error) => error.message);
    await set(bob, sharesOf('v2=100'), jason);
    const other = await routed(planEntry(alice, copied));
    await split(bob, 'v1=80 v2=20');
    expect(await whatChanged(other)).toMatch(/: split was changed by bob@bob-laptop$/);
    const last = await routed(planEntry(alice, copied));
    await clear(bob, 'end-user-jason');
    expect(await whatChanged(last)).toMatch(/: end-user-jason is gone$/);
  });
});

describe('a refresh', () => {
  it('takes over what others have changed, and nothing else', async () => {
    await split(alice, 'v1=90 v2=10');
    await set(alice, copied, jason);
    const mesh = { cluster: bob.cluster, adapter: bob.deps.adapter, env: bob.deps.env };
    const drifts = async () => [...(await driftAmong(mesh, await listRoutes(bob.cluster, { namespace: NAMESPACE })))];
    const stale = async () => (await drifts()).filter(([, drift]) => drift.stale).map(([{ id }]) => id);
    expect(await stale()).toEqual([]);
    const untouched = contents(world.sandbox);
    await refresh(bob);
    expect(contents(world.sandbox)).toEqual(untouched);
    await editRules(world, (rules) => withTimeout(rules, '7s'));
    const planned = await planRefresh(routeDeps(bob), { service: { namespace: NAMESPACE, name: 'tomcat' } });
    expect('routes' in planned && planned.routes[0]?.plan.effects.map(told)).toContain(
      'everyone else who calls mesh-demo/tomcat:8080: v1 90 %, v2 10 % → v1 90 %, v2 10 %, with another timeout',
    );
    expect(await stale()).toEqual(['tomcat.8080']);
    const forbidden = new ClusterError({ reason: 'Forbidden', status: 403, message: 'no' });
    const list: Cluster['list'] = (query, options) =>
      query.kind === 'VirtualService' ? Promise.reject(forbidden) : bob.cluster.list(query, options);
    const blind = new Proxy(bob.cluster, { get: (cluster, key) => (key === 'list' ? list : Reflect.get(cluster, key).bind(cluster)) });
    expect((await driftAmong({ ...mesh, cluster: blind }, await listRoutes(bob.cluster, {}))).size).toBe(0);
    await refresh(bob);
    expect(await stale()).toEqual([]);
    expect((await rulesOf(world)).slice(0, 2)).toMatchObject([{ timeout: '7s' }, { timeout: '7s' }]);
    const [{ entries } = { entries: [] }] = await listRoutes(bob.cluster, {});
    expect(entries.map(({ by }) => by.user)).toEqual(['alice', 'alice']);
    await clear(alice);
    await expect(refresh(bob)).rejects.toMatchObject({ code: 'unknown-route' });
  });
});

it('the plan of another split while some requests have a route of their own names the rest', async () => {
  await split(alice, 'v1=90 v2=10');
  expect(inMesh(await plan(bob, 'v1=50 v2=50'))).toEqual([`${everyone}: v1 90 %, v2 10 % → v1 50 %, v2 50 %`]);
  await set(alice, sharesOf('v2=100'), jason);
  expect(inMesh(await plan(bob, 'v1=50 v2=50'))).toEqual([
    'everyone else who calls mesh-demo/tomcat:8080: v1 90 %, v2 10 % → v1 50 %, v2 50 %',
  ]);
});
