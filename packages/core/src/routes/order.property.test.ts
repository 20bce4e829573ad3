import fc from 'fast-check';
import { expect, it } from 'vitest';
import { clear, createTwoVersions, leaseOf, set, sharesOf } from '../../test/routes/two-versions.js';
import { contents, header, type World } from '../../test/sessions/world.js';
import type { Match } from '../model/match.js';
import { metaOf } from '../model/object.js';
import type { RouteAction } from './entry.js';

/** One of each kind, for everybody and for some, so that requests meet several of them. */
const ROUTES: readonly (readonly [RouteAction, readonly Match[]])[] = [
  [sharesOf('v1=90 v2=10'), []],
  [sharesOf('v2=100'), [header('end-user', 'jason')]],
  [{ mirror: { version: 'v2', percent: 12.5 } }, []],
  [{ fault: { delay: { percent: 100, ms: 7_000 } } }, [header('end-user', 'jason')]],
  [{ fault: { abort: { percent: 5, status: 503 } } }, [{ method: { exact: 'GET' } }]],
];
const NAMES = ['split', 'end-user-jason', 'mirror', 'fault-end-user-jason', 'fault-get'];

/** All but the record, which tells who changed it when. */
function objects(world: World): readonly (readonly [string, string])[] {
  return [...contents(world.sandbox)].filter(([key]) => !key.startsWith('Lease ')).sort();
}

async function copied(world: World): Promise<unknown> {
  const record = JSON.parse(metaOf(await leaseOf(world)).annotations['heddle.dev/record'] ?? '{}');
  return [record.route?.copied, record.state];
}

it('routes that are set and taken back in any order, beside a session, come to the same objects, and in the end to those of the beginning', async () => {
  const world = await createTwoVersions();
  try {
    const alice = await world.developer('alice');
    const bob = await world.developer('bob');
    const before = contents(world.sandbox);
    const { session } = bob.start(header('x-dev', 'bob'));
    await session.active;
    const beside = objects(world);
    const put = (index: number) => {
      const [action, match] = ROUTES[index] ?? [];
      if (action === undefined || match === undefined) throw new Error('no such route');
      return set(alice, action, match, NAMES[index]);
    };
    const straight = new Map<string, unknown>();
    const stateOf = async (wanted: ReadonlySet<number>) => {
      const key = [...wanted].sort().join();
      if (!straight.has(key)) {
        for (const index of [...wanted].sort()) await put(index);
        straight.set(key, [objects(world), await copied(world)]);
        if (wanted.size > 0) await clear(alice);
      }
      return straight.get(key);
    };
    const step = fc.nat({ max: ROUTES.length - 1 });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
        const wanted = new Set<number>();
        for (const index of steps) {
          if (wanted.delete(index)) await clear(alice, NAMES[index]);
          else {
            wanted.add(index);
            await put(index);
          }
        }
        const reached = [objects(world), await copied(world)];
        expect((await world.call({ 'x-dev': 'bob', 'end-user': 'jason' })).body).toBe(bob.body);
        if (wanted.size > 0) await clear(alice);
        expect(objects(world)).toEqual(beside);
        expect(reached).toEqual(await stateOf(wanted));
      }),
      { numRuns: 8 },
    );
    await session.stop();
    expect(contents(world.sandbox)).toEqual(before);
  } finally {
    await world.stop();
  }
}, 180_000);
