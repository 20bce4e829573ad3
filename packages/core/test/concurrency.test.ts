import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listMesh } from './list-mesh.js';
import { listRoute, ownedIn, rulesOf, serviceAndPod } from './list-mesh-object.js';
import { createRig, header, listOf, removal, sessionChange, write } from './list-mesh-rig.js';

const toTomcat = { to: [{ service: 'tomcat', weight: 1 }] };
const foreign = [
  { name: 'api', path: { kind: 'segmentPrefix' as const, value: '/api' }, rewrite: '/v1', cors: 'any', ...toTomcat },
  { to: [{ service: 'other', weight: 1 }], path: { kind: 'exact' as const, value: '/other' } },
  toTomcat,
];
const ids = ['a1', 'b2', 'c3', 'd4', 'e5'];
const changes = ids.map((id) => sessionChange(id, header('x-dev', id)));

describe('several planners on one object', () => {
  it('all get their rules in, and out again, and nothing else moves', async () => {
    let mostRounds = 0;
    // Each request waits for a turn of its own, in an order that fast-check draws and shrinks.
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.integer({ min: 2, max: ids.length }), async (scheduler, count) => {
        const rig = createRig([
          listRoute('users', 'tomcat', foreign),
          ...['other', ...ids.map((id) => `shadow-${id}`)].flatMap(serviceAndPod),
        ]);
        let interleaving = true;
        rig.faults.add((_, phase) => (interleaving && phase === 'before' ? scheduler.schedule(Promise.resolve()) : undefined));
        const all = (wanted: typeof changes) =>
          scheduler.waitFor(
            Promise.all(
              wanted
                .slice(0, count)
                .map((change) => write(rig.context(listMesh, change.owner.id), change, { maxRounds: 2 * count, pause: async () => {} })),
            ),
          );
        const results = await all(changes);
        interleaving = false;
        mostRounds = Math.max(mostRounds, ...results.map(({ rounds }) => rounds));
        const list = await listOf(rig.context(), 'users');
        const own = new Set(ownedIn(list).map(({ pointer }) => Number(pointer.split('/').at(-1))));
        expect(rulesOf(list).filter((_, index) => !own.has(index))).toEqual(foreign);
        expect(ownedIn(list).map(({ owner }) => owner.id)).toEqual([...ids.slice(0, count), ...ids.slice(0, count)]);
        // What each read back is what stands: nobody wrote over it unseen.
        expect(results.flatMap(({ owned }) => owned.map(({ hash }) => hash)).sort()).toEqual(
          ownedIn(list)
            .map(({ hash }) => hash)
            .sort(),
        );
        interleaving = true;
        await all(changes.map(removal));
        interleaving = false;
        expect(rulesOf(await listOf(rig.context(), 'users'))).toEqual(foreign);
      }),
      { numRuns: 25 },
    );
    // Otherwise nobody ever came in between, and nothing was shown.
    expect(mostRounds).toBeGreaterThan(2);
  }, 60_000);
});
