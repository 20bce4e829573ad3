import type { ClusterRequest } from '@heddle/sandbox';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { breathe } from '../../test/sessions/manual-clock.js';
import { contents, createWorld, type Developer, header, TOMCAT_7, type World } from '../../test/sessions/world.js';
import { clean } from './clean/clean.js';

/**
 * The crash test: the process of a session is killed at its k-th request to the cluster, for every k, once before that request does anything and once
 * after it did, without an answer. Then somebody else cleans up, once the Lease has expired. A colleague's session goes on all the while.
 */
let world: World;
let colleague: Developer;
let before: ReadonlyMap<string, string>;

beforeEach(async () => {
  world = await createWorld();
  colleague = await world.developer('colleague');
  await colleague.start(header('x-dev', 'colleague')).session.active;
  before = steady();
});
afterEach(() => world.stop());

/** The colleague's Lease is renewed while we look: all but its times must stay. */
function steady(): ReadonlyMap<string, string> {
  return new Map(
    [...contents(world.sandbox)].map(([key, text]) => [
      key,
      key.startsWith('Lease ') ? text.replace(/"(renew|acquire)Time":"[^"]*"/g, '') : text,
    ]),
  );
}

/** Ends the victim's streams as the end of its process does, then lets others clean up. */
async function cleanUpAfter(victim: Developer): Promise<void> {
  for (const stream of victim.streams) stream.destroy();
  await breathe();
  // Asleep or dead: 311 s later anybody may. The colleague lives on and renews.
  for (let passed = 0; passed < 330_000; passed += 30_000) await world.clock.advance(30_000);
  const cleaner = await world.developer('cleaner');
  const report = await clean(cleaner.clean, { dryRun: false, force: false });
  expect(report.left).toEqual([]);
  expect(report.kept).toHaveLength(1);
  await expect.poll(steady).toEqual(before);
  expect(await world.call({ 'x-dev': 'victim' })).toEqual({ status: 200, body: TOMCAT_7 });
  expect(await world.call({ 'x-dev': 'colleague' })).toEqual({ status: 200, body: colleague.body });
  expect(await clean(cleaner.clean, { dryRun: true, force: false })).toMatchObject({ sessions: [], orphans: [], removed: [] });
}

const told = ({ verb, resource, subresource, dryRun }: ClusterRequest) =>
  `${verb} ${resource}${subresource === undefined ? '' : `/${subresource}`}${dryRun === true ? ' (dry run)' : ''}`;

describe.each(['before', 'after'] as const)('a process that is killed %s one of its requests', (phase) => {
  it('while it starts leaves nothing that clean does not remove', async () => {
    const points: string[] = [];
    for (let k = 1; ; k++) {
      const victim = await world.developer(`victim-${k}`);
      const crash = world.sandbox.faults.crash(`victim-${k}`, k, phase);
      const { session } = victim.start(header('x-dev', 'victim'));
      const hit = await Promise.race([crash.reached, session.active.then(() => undefined)]);
      if (hit !== undefined) points.push(told(hit));
      await cleanUpAfter(victim);
      if (hit === undefined) break;
    }
    expect(points).toContain('create leases');
    expect(points).toContain('update virtualservices');
    expect(points.filter((point) => point === 'update leases').length).toBeGreaterThan(5);
  }, 60_000);

  it('while it ends leaves nothing that clean does not remove', async () => {
    const points: string[] = [];
    for (let k = 1; ; k++) {
      const victim = await world.developer(`victim-${k}`);
      const { session } = victim.start(header('x-dev', 'victim'));
      await session.active;
      const crash = world.sandbox.faults.crash(`victim-${k}`, k, phase);
      const hit = await Promise.race([crash.reached, session.stop().then(() => undefined)]);
      if (hit !== undefined) points.push(told(hit));
      await cleanUpAfter(victim);
      if (hit === undefined) break;
    }
    expect(points).toContain('update virtualservices');
    expect(points).toContain('delete pods');
    expect(points).toContain('delete leases');
  }, 60_000);
});
