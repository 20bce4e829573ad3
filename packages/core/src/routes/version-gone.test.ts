import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  clear,
  clearing,
  createTwoVersions,
  plan,
  planEntry,
  refresh,
  routed,
  set,
  sharesOf,
  split,
} from '../../test/routes/two-versions.js';
import { type Developer, header, NAMESPACE, type World } from '../../test/sessions/world.js';
import { metaOf } from '../model/object.js';
import type { RouteAction } from './entry.js';
import { listRoutes } from './list-routes.js';
import type { RoutePlanning } from './types.js';

const jason = [header('end-user', 'jason')];
const copied: RouteAction = { mirror: { version: 'v2', percent: 10 } };
const slow: RouteAction = { fault: { delay: { percent: 100, ms: 7_000 } } };

let world: World;
let alice: Developer;
let bob: Developer;

beforeEach(async () => {
  world = await createTwoVersions();
  alice = await world.developer('alice');
  bob = await world.developer('bob');
});
afterEach(() => world.stop());

const refused = async (planning: Promise<RoutePlanning>) => {
  const planned = await planning;
  return 'refused' in planned ? planned.refused : [];
};
const names = async () =>
  (await listRoutes(bob.cluster, { namespace: NAMESPACE })).flatMap(({ entries }) => entries.map(({ name }) => name));

describe('a route whose version has gone', () => {
  const remove = async (kind: 'Pod' | 'Service', name: string) => {
    const ref = { apiVersion: 'v1', kind, namespace: NAMESPACE, name };
    const { uid = '', resourceVersion = '' } = metaOf(await bob.cluster.get(ref));
    await bob.cluster.delete(ref, { uid, resourceVersion });
  };

  it.each([
    ['v2', 'Pod', 'tomcat-v2-0', 'no-ready-pods'],
    ['next', 'Service', 'tomcat-next', 'version-unseen'],
  ] as const)('%s is in nobody’s way who sends nothing more there', async (version, kind, object, code) => {
    await split(alice, `v1=50 ${version}=50`);
    await set(alice, { to: [{ version: 'v1', weight: 100 }] }, [header('x-old', 'yes')], 'old');
    await remove(kind, object);
    expect((await routed(planEntry(bob, slow, jason))).notes).toContainEqual({
      code,
      message: expect.stringMatching(new RegExp(`^Version ${version} .*\\. That is so already`)),
    });
    await set(bob, slow, jason);
    await set(bob, { to: [{ version: 'v1', weight: 100 }] }, [header('x-new', 'yes')], 'new');
    await clear(bob, 'fault-end-user-jason');
    await refresh(bob);
    expect(await names()).toEqual(['new', 'old', 'split']);
  });

  it('gets no more requests than it does: not by another route, nor when that is taken back', async () => {
    await split(alice, 'v1=50 v2=50');
    await set(alice, { to: [{ version: 'v1', weight: 100 }] }, jason);
    await remove('Pod', 'tomcat-v2-0');
    const dead = [{ code: 'no-ready-pods' }];
    expect(await clearing(bob, 'end-user-jason')).toMatchObject({ refused: dead });
    expect(await refused(planEntry(bob, sharesOf('v1=80 v2=20'), jason))).toMatchObject(dead);
    expect(await refused(planEntry(bob, copied))).toMatchObject(dead);
    expect(await refused(plan(bob, 'v1=40 v2=60'))).toMatchObject(dead);
    await split(bob, 'v1=90 v2=10');
    await clear(bob);
  });

  it('is refused by its name where that is used anew', async () => {
    await split(alice, 'next=100');
    await remove('Service', 'tomcat-next');
    expect(await refused(planEntry(bob, sharesOf('next=100'), jason))).toMatchObject([{ code: 'unknown-version' }]);
    expect(await clear(bob)).toMatchObject({ left: [] });
  });
});
