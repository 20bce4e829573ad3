import { isUserError, metaOf, type RouteEntry } from '@heddle/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clear, createTwoVersions, leaseOf, set, sharesOf, split } from '../../test/routes/two-versions.js';
import { contents, type Developer, header, NAMESPACE, type World } from '../../test/sessions/world.js';
import { clean } from '../sessions/clean/clean.js';

/**
 * The crash test of standing routes: the process is killed at its k-th request to the cluster, for every k, once before that request does
 * anything and once after it did, without an answer. Then somebody else brings it to an end. A colleague's session goes on all the while.
 */
let world: World;
let colleague: Developer;
let before: ReadonlyMap<string, string>;

/** All but the times of Leases: the colleague's is renewed while we look. */
function steady(): ReadonlyMap<string, string> {
  const timeless = (text: string) => text.replace(/"(renew|acquire)Time":"[^"]*"/g, '');
  return new Map([...contents(world.sandbox)].map(([key, text]) => [key, key.startsWith('Lease ') ? timeless(text) : text]));
}

/** What a split has made: the rules of the mesh, and what the record says. */
async function made(): Promise<string> {
  const cluster = world.sandbox.cluster('looking');
  const list = (kind: string) => cluster.list({ group: 'networking.istio.io', kind, namespace: NAMESPACE });
  const objects = [...(await list('VirtualService')), ...(await list('DestinationRule'))];
  const { state, route } = JSON.parse(metaOf(await leaseOf(world)).annotations['heddle.dev/record'] ?? '{}');
  const entries = route.entries.map(({ by: _by, since: _since, ...spec }: RouteEntry) => spec);
  return JSON.stringify([objects.map(({ spec }) => spec), state, entries, route.copied, route.established], null, 1);
}

beforeEach(async () => {
  world = await createTwoVersions();
  colleague = await world.developer('colleague');
  await colleague.start(header('x-dev', 'colleague')).session.active;
  before = steady();
});
afterEach(() => world.stop());

/** Long enough for anybody to finish what was begun. The colleague lives on and renews. */
async function laterOn(): Promise<void> {
  for (let passed = 0; passed < 330_000; passed += 30_000) await world.clock.advance(30_000);
}

/** The same person at the same machine, who knows at once that the process is gone. */
function again(victim: Developer): Developer {
  const identity = { ...victim.deps.identity, pid: 999 };
  return {
    ...victim,
    cluster: world.sandbox.cluster('again'),
    deps: { ...victim.deps, cluster: world.sandbox.cluster('again'), identity, isGone: () => true },
  };
}

/** Kills a change at its k-th request for each k until it gets through, and says where. */
async function killing(
  phase: 'before' | 'after',
  prepare: () => Promise<unknown>,
  change: (victim: Developer) => Promise<unknown>,
  then: (rescuer: Developer, victim: Developer) => Promise<void>,
): Promise<readonly string[]> {
  const points: string[] = [];
  for (let k = 1; ; k++) {
    await prepare();
    const victim = await world.developer(`victim-${k}`);
    const crash = world.sandbox.faults.crash(`victim-${k}`, k, phase);
    const hit = await Promise.race([crash.reached, change(victim).then(() => undefined)]);
    if (hit !== undefined) points.push(`${hit.verb} ${hit.resource}${hit.dryRun === true ? ' (dry run)' : ''}`);
    await then(await world.developer(`rescuer-${k}`), victim);
    if (hit === undefined) return points;
  }
}

const nothing = async () => undefined;
/** What was killed before it made anything leaves nothing to clear. */
const clearWhatIsThere = (developer: Developer) =>
  clear(developer).catch((error: unknown) => {
    if (!isUserError(error) || error.code !== 'unknown-route') throw error;
  });
const hasSession = async () => {
  expect(await world.call({ 'x-dev': 'colleague' })).toEqual({ status: 200, body: colleague.body });
};
/** As the session's proxy sees it: all rules, whoever wrote them. */
async function isClean(): Promise<void> {
  expect(steady()).toEqual(before);
  await hasSession();
}
async function isSplit(wanted: string): Promise<void> {
  expect(await made()).toEqual(wanted);
  await hasSession();
}
async function cleaned(rescuer: Developer): Promise<void> {
  await laterOn();
  expect(await clean(rescuer.clean, { dryRun: false, force: false })).toMatchObject({ left: [] });
}

describe.each(['before', 'after'] as const)('a split that is killed %s one of its requests', (phase) => {
  it.each(['v1=90 v2=10', 'v1=90 canary=10'])(
    'is taken back by clear: %s',
    async (shares) => {
      const points = await killing(
        phase,
        nothing,
        (victim) => split(victim, shares),
        async (_, victim) => {
          await clearWhatIsThere(again(victim));
          await isClean();
        },
      );
      expect(points).toContain('create leases');
      expect(points).toContain('update virtualservices');
      expect(points.filter((point) => point === 'update leases').length).toBeGreaterThan(2);
    },
    180_000,
  );

  it('is taken back by clean, unless it was whole', async () => {
    await split(colleague, 'v1=90 v2=10');
    const whole = await made();
    await clear(colleague);
    await killing(
      phase,
      nothing,
      (victim) => split(victim, 'v1=90 v2=10'),
      async (rescuer) => {
        await cleaned(rescuer);
        const has = (await leaseOf(world)) !== undefined;
        await (has ? isSplit(whole) : isClean());
        await clearWhatIsThere(rescuer);
        await isClean();
      },
    );
  }, 180_000);

  it('is what it should be after the same command again', async () => {
    await split(colleague, 'v1=90 v2=10');
    const whole = await made();
    await clear(colleague);
    await killing(
      phase,
      nothing,
      (victim) => split(victim, 'v1=90 v2=10'),
      async (rescuer, victim) => {
        await split(again(victim), 'v1=90 v2=10');
        await isSplit(whole);
        await clear(rescuer);
        await isClean();
      },
    );
  }, 180_000);
});

describe.each(['before', 'after'] as const)('a change that is killed %s one of its requests', (phase) => {
  const jason = [header('end-user', 'jason')];
  const alone = async () => {
    await split(colleague, 'v1=90 v2=10');
  };
  const two = async () => {
    await alone();
    await set(colleague, sharesOf('v2=100'), jason);
  };

  const toCanary = async () => {
    await split(colleague, 'v1=90 canary=10');
  };

  it.each([
    ['of shares', alone, (victim: Developer) => split(victim, 'v1=50 v2=50')],
    ['that adds a route', alone, (victim: Developer) => set(victim, sharesOf('v2=100'), jason)],
    ['to a version that has no subset yet', alone, (victim: Developer) => split(victim, 'v1=50 canary=50')],
    ['away from a version that had none', toCanary, (victim: Developer) => split(victim, 'v1=50 v2=50')],
    ['that takes one of two back', two, (victim: Developer) => clear(victim, 'end-user-jason')],
  ])(
    '%s is done or not once it has been cleaned up, never half, and can be cleared',
    async (_what, prepare, change) => {
      await prepare();
      const wholes = [await made()];
      await change(colleague);
      wholes.push(await made());
      await clear(colleague);
      await killing(phase, prepare, change, async (rescuer) => {
        await cleaned(rescuer);
        expect(wholes).toContain(await made());
        await hasSession();
        await clear(rescuer);
        await isClean();
      });
    },
    180_000,
  );
});

describe.each(['before', 'after'] as const)('a clear that is killed %s one of its requests', (phase) => {
  it('is finished by clean, or by the same command again', async () => {
    const points = await killing(
      phase,
      () => split(colleague, 'v1=90 canary=10'),
      (victim) => clear(victim),
      async (rescuer) => {
        await cleaned(rescuer);
        const has = (await leaseOf(world)) !== undefined;
        if (has) await clear(rescuer);
        await isClean();
      },
    );
    expect(points).toContain('update virtualservices');
    expect(points).toContain('delete destinationrules');
    expect(points).toContain('delete leases');
  }, 180_000);
});
