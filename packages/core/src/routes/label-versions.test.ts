import { decodeTarget, describeAction, type KubeObject, type Labels, metaOf } from '@heddle/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  clear,
  counted,
  createTwoVersions,
  plan,
  refresh,
  routeDeps,
  routed,
  set,
  sharesOf,
  split,
} from '../../test/routes/two-versions.js';
import { rulesOf } from '../../test/sessions/foreign-rules.js';
import { contents, type Developer, header, NAMESPACE, type World } from '../../test/sessions/world.js';
import { meshOf } from '../sessions/deps.js';
import { applyRoutes } from './apply-routes.js';

/** The pods of `canary` say by their label what they are; no DestinationRule and no Service does. */
let world: World;
let alice: Developer;

beforeEach(async () => {
  world = await createTwoVersions();
  alice = await world.developer('alice');
});
afterEach(() => world.stop());

async function destinationRule(name: string): Promise<KubeObject | undefined> {
  const apiVersion = 'networking.istio.io/v1';
  return await world.sandbox.cluster('looking').get({ apiVersion, kind: 'DestinationRule', namespace: NAMESPACE, name });
}

it('gets a subset of heddle’s own before any rule names it, which goes with the routes', async () => {
  const before = contents(world.sandbox);
  await split(alice, 'v1=50 canary=50');
  expect(await destinationRule('heddle-tomcat')).toMatchObject({
    spec: { host: 'tomcat.mesh-demo.svc.cluster.local', subsets: [{ name: 'heddle-8080--canary', labels: { version: 'canary' } }] },
  });
  const target = { services: [{ namespace: NAMESPACE, name: 'tomcat', port: 8080 }] };
  const { decoded } = await decodeTarget(meshOf(alice.deps), target);
  const names = decoded.tables.flatMap(({ rules }) => rules.map(({ action }) => describeAction(action)));
  expect(names[0]).toMatch(/^v1 of tomcat.* 50 %, canary of tomcat.* 50 %$/);
  const shares = await counted(world, 'mesh');
  expect(shares['canary\n']).toBeGreaterThan(140);
  expect(shares['canary\n']).toBeLessThan(260);
  await clear(alice);
  expect(contents(world.sandbox)).toEqual(before);
});

/** What their owner does to the DestinationRule `tomcat`: other subsets beside v1 and v2. */
async function addSubsets(...added: readonly { readonly name: string; readonly labels: Labels }[]): Promise<void> {
  const theirs = await destinationRule('tomcat');
  if (theirs === undefined) throw new Error('no DestinationRule tomcat');
  const subsets = [...['v1', 'v2'].map((name) => ({ name, labels: { version: name } })), ...added];
  await world.sandbox.cluster('owner').replace({ ...theirs, spec: { host: 'tomcat', subsets } });
}

it('means the user’s subset as soon as there is one, and its label again when that has gone', async () => {
  await split(alice, 'v1=50 canary=50');
  await addSubsets({ name: 'canary', labels: { version: 'canary' } });
  await split(alice, 'v1=40 canary=60');
  const [ours] = await rulesOf(world);
  expect(ours).toMatchObject({ route: [{ destination: { subset: 'v1' } }, { destination: { subset: 'canary' }, weight: 60 }] });
  expect(await destinationRule('heddle-tomcat')).toBeUndefined();
  await addSubsets();
  await refresh(alice);
  expect(await destinationRule('heddle-tomcat')).toMatchObject({ spec: { subsets: [{ name: 'heddle-8080--canary' }] } });
  expect((await counted(world, 'mesh'))['canary\n']).toBeGreaterThan(180);
});

it('may be the same pods as a subset of the user’s', async () => {
  await addSubsets({ name: 'stable', labels: { version: 'canary' } });
  await split(alice, 'stable=50 canary=50');
  expect(await counted(world, 'mesh')).toEqual({ 'canary\n': 400 });
});

describe('somebody who says stop', () => {
  const stopAt = async (shares: string, pattern: RegExp) => {
    const stop = new AbortController();
    const planned = await routed(plan(alice, shares));
    const onProgress = (message: string) => {
      if (pattern.test(message)) stop.abort(new Error('stopped'));
    };
    return applyRoutes(routeDeps(alice), planned, { signal: stop.signal, onProgress });
  };

  it('before the rules, gets everything as it was', async () => {
    const before = contents(world.sandbox);
    await expect(stopAt('v1=50 canary=50', /create DestinationRule/)).rejects.toThrow('stopped');
    expect(contents(world.sandbox)).toEqual(before);
  });

  it('after the rules, has them, and what they need no more goes when proxies have heard of it', async () => {
    await split(alice, 'v1=50 canary=50');
    const began = world.clock.now();
    await stopAt('v1=50 v2=50', /VirtualService .*heddle-tomcat/);
    expect(world.clock.now() - began).toBeGreaterThanOrEqual(2000);
    expect(await destinationRule('heddle-tomcat')).toBeUndefined();
  });
});

it('goes on to mean the same while its pods are gone', async () => {
  await split(alice, 'v1=90 canary=10');
  const cluster = world.sandbox.cluster('owner');
  const ref = { apiVersion: 'v1', kind: 'Pod', namespace: NAMESPACE, name: 'tomcat-canary-0' };
  const { uid = '', resourceVersion = '' } = metaOf(await cluster.get(ref));
  await cluster.delete(ref, { uid, resourceVersion });
  await set(alice, sharesOf('v2=100'), [header('end-user', 'jason')]);
  expect(await destinationRule('heddle-tomcat')).toMatchObject({ spec: { subsets: [{ name: 'heddle-8080--canary' }] } });
  await expect(split(alice, 'v1=80 canary=20')).rejects.toThrow('no-ready-pods');
  await split(alice, 'v1=95 canary=5');
});
