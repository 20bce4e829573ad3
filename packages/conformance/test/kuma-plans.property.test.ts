import { adapter } from '@heddle/adapter-kuma';
import {
  type Change,
  type Cluster,
  canonicalJson,
  type Intent,
  type Match,
  type MeshEnvironment,
  type Planning,
  planChange,
} from '@heddle/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createObjectCluster } from '../src/cases/object-cluster.js';
import { BASE, declared, SESSIONS, some, worlds } from './support/kuma-worlds.js';
import { writeEdits } from './support/write-edits.js';

const RUNS = Number(process.env.HEDDLE_RUNS ?? 40);
const env = (envoy: string): MeshEnvironment => ({ version: '2.14.3', envoy, served: {}, settings: {} });

const CART = { namespace: 'shop', name: 'cart', port: 80 };
const session = (id: string, match: Match): Change => ({
  owner: { kind: 'session', namespace: 'shop', id },
  services: [CART],
  views: 'all',
  versions: [{ id, realise: 'service', service: { namespace: 'shop', name: `heddle-cart-${id}` } }],
  intents: [{ match: [match], to: [{ version: id, weight: 100 }] }],
});
const tags = ['v1', 'v2'];
const does = some([
  { to: tags.map((version) => ({ version, weight: 50 })) },
  { to: [{ version: 'v2', weight: 100 }] },
  { mirror: { version: 'v2', percent: 10 } },
]);
/** One to three standing routes, some of them for some requests only, in the order in which they count. */
const standing = fc
  .array(fc.record({ match: fc.oneof(fc.constant([]), fc.array(declared, { minLength: 1, maxLength: 2 })), does }), {
    minLength: 1,
    maxLength: 3,
  })
  .map((entries): Change => {
    const intents = entries.map(({ match, does: one }): Intent => ({ match, ...one }));
    return {
      owner: { kind: 'route', namespace: 'shop', id: 'cart' },
      services: [CART],
      views: 'all',
      versions: tags.map((id) => ({ id, realise: 'tag' as const, labels: { version: id } })),
      intents: [...intents.filter(({ match }) => match.length > 0), ...intents.filter(({ match }) => match.length === 0)],
    };
  });
const changes = fc
  .tuple(declared, declared, standing)
  .map(([a, b, routes]) => [session(SESSIONS[0], a), session(SESSIONS[1], b), routes] as const);

const plan = (cluster: Cluster, change: Change, envoy: string): Promise<Planning> =>
  planChange({ cluster, adapter, env: env(envoy) }, change);
const removal = (change: Change): Change => ({ ...change, versions: [], intents: [] });

async function planAndApply(cluster: Cluster, change: Change, envoy: string): Promise<boolean> {
  const planning = await plan(cluster, change, envoy);
  if ('refused' in planning) {
    expect(planning.refused.filter(({ code }) => code === 'effect-check-failed')).toEqual([]);
    return false;
  }
  await writeEdits(cluster, planning.plan.edits);
  return true;
}

async function routesIn(cluster: Cluster): Promise<readonly string[]> {
  const all = await Promise.all(['TrafficRoute', 'MeshHTTPRoute'].map((kind) => cluster.list({ group: 'kuma.io', kind })));
  return all
    .flat()
    .map((object) => {
      const { uid: _uid, resourceVersion: _version, creationTimestamp: _created, ...metadata } = object.metadata as Record<string, unknown>;
      return canonicalJson({ ...object, metadata });
    })
    .sort();
}

test('whatever users have written: planned or refused with a reason of its own, and undone byte for byte', async () => {
  let done = 0;
  await fc.assert(
    fc.asyncProperty(worlds, changes, some(['1.38.2', '1.40.0']), async (users, all, envoy) => {
      for (const change of [all[0], all[2]]) {
        const cluster = createObjectCluster([...BASE, ...users]);
        const before = await routesIn(cluster);
        if (!(await planAndApply(cluster, change, envoy))) continue;
        done += 1;
        const again = await plan(cluster, change, envoy);
        expect('plan' in again ? again.plan.edits : again.refused).toEqual([]);
        expect(await planAndApply(cluster, removal(change), envoy)).toBe(true);
        expect(await routesIn(cluster)).toEqual(before);
      }
    }),
    { numRuns: RUNS },
  );
  expect(done).toBeGreaterThan(RUNS / 2);
}, 600_000);

test('in any order, and each goes alone', async () => {
  await fc.assert(
    fc.asyncProperty(worlds, changes, async (users, all) => {
      const inOrder = async (order: readonly Change[]) => {
        const cluster = createObjectCluster([...BASE, ...users]);
        for (const change of order) if (!(await planAndApply(cluster, change, '1.38.2'))) return undefined;
        return cluster;
      };
      const [forth, back, second] = [await inOrder(all), await inOrder(all.toReversed()), await inOrder([all[1]])];
      fc.pre(forth !== undefined && back !== undefined && second !== undefined);
      if (forth === undefined || back === undefined || second === undefined) return;
      expect(await routesIn(forth)).toEqual(await routesIn(back));
      expect(await planAndApply(back, removal(all[0]), '1.38.2')).toBe(true);
      expect(await planAndApply(back, removal(all[2]), '1.38.2')).toBe(true);
      expect(await routesIn(back)).toEqual(await routesIn(second));
    }),
    { numRuns: Math.ceil(RUNS / 2) },
  );
}, 600_000);
