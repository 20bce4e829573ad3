import { afterEach, beforeEach, expect, it } from 'vitest';
import { clear, createTwoVersions, leaseOf, refresh, split } from '../../test/routes/two-versions.js';
import { contents, type Developer, NAMESPACE, type World } from '../../test/sessions/world.js';
import { isRecord, metaOf, type ObjectRef } from '../model/object.js';
import { clean } from '../sessions/clean/clean.js';

/** The process is killed after its k-th request, for every k, while routes take a port in: then somebody else brings it to an end. */
const SERVICE: ObjectRef = { apiVersion: 'v1', kind: 'Service', namespace: NAMESPACE, name: 'tomcat' };

let world: World;
let colleague: Developer;

beforeEach(async () => {
  world = await createTwoVersions();
  colleague = await world.developer('colleague');
});
afterEach(() => world.stop());

async function setPorts(...ports: readonly object[]): Promise<void> {
  const cluster = world.sandbox.cluster('colleague');
  const object = (await cluster.get(SERVICE)) ?? {};
  await cluster.replace({ ...object, spec: { ...(isRecord(object.spec) ? object.spec : {}), ports } });
}
const http = { name: 'http', port: 8080, targetPort: 8080 };

/** The rules of the mesh, and for which ports the record says that they are. */
async function made(): Promise<string> {
  const objects = await world.sandbox
    .cluster('looking')
    .list({ group: 'networking.istio.io', kind: 'VirtualService', namespace: NAMESPACE });
  const { ports, state } = JSON.parse(metaOf(await leaseOf(world)).annotations['heddle.dev/record'] ?? '{}');
  return JSON.stringify([objects.map(({ spec }) => spec), ports, state]);
}

async function prepare(): Promise<void> {
  await setPorts(http);
  await split(colleague, 'v1=90 v2=10');
  await setPorts(http, { name: 'http-admin', port: 9090, targetPort: 8080 });
}

it('a port is taken in or not once it has been cleaned up, never half, and all can be cleared', async () => {
  await prepare();
  const wholes = [await made()];
  await refresh(colleague);
  wholes.push(await made());
  expect(wholes[1]).toContain('[8080,9090],"active"');
  await clear(colleague);
  const outcomes = new Set<number>();
  for (let k = 1, isOver = false; !isOver; k += 1) {
    await prepare();
    const victim = await world.developer(`victim-${k}`);
    const crash = world.sandbox.faults.crash(`victim-${k}`, k, 'after');
    isOver = await Promise.race([crash.reached.then(() => false), refresh(victim).then(() => true)]);
    for (let passed = 0; passed < 330_000; passed += 30_000) await world.clock.advance(30_000);
    const rescuer = await world.developer(`rescuer-${k}`);
    expect(await clean(rescuer.clean, { dryRun: false, force: false })).toMatchObject({ left: [] });
    outcomes.add(wholes.indexOf(await made()));
    await clear(rescuer);
    expect([...contents(world.sandbox).keys()].filter((key) => key.includes('heddle'))).toEqual([]);
  }
  expect([...outcomes].sort()).toEqual([0, 1]);
}, 180_000);
