import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type ApiServer, startApiServer } from './support/api-server.js';
import { type Collection, createCollection } from './support/collection.js';
import { connectTo } from './support/kubeconfig.js';
import { startWatch } from './support/watcher.js';

let server: ApiServer;
let maps: Collection;
beforeAll(async () => {
  server = await startApiServer();
  server.on((seen, response, request) => maps.handler(seen, response, request));
});
afterAll(() => server.stop());

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('put' as const),
      name: fc.constantFrom('a', 'b', 'ç'),
      data: fc.string({ maxLength: 6, unit: 'grapheme' }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('remove' as const), name: fc.constantFrom('a', 'b', 'ç') }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cut' as const), how: fc.constantFrom('end' as const, 'break' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('compact' as const), as: fc.constantFrom('status' as const, 'event' as const) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'bookmark' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'garbage' as const }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fail' as const), code: fc.constantFrom(500, 503, 429) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 15 }) }) },
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

async function play(one: Step): Promise<void> {
  switch (one.do) {
    case 'put':
      return maps.put(one.name, one.data);
    case 'remove':
      return maps.remove(one.name);
    case 'cut':
      return maps.cut(one.how);
    case 'compact':
      maps.compact(one.as);
      return maps.cut('end');
    case 'bookmark':
      return maps.bookmark();
    case 'garbage':
      return maps.raw('{"type": "ADDED", "obj\n');
    case 'fail':
      return maps.fail('watch', one.code, 1);
    case 'wait':
      await new Promise((resolve) => setTimeout(resolve, one.ms));
  }
}

test('whatever the connection does, the events add up to what the server has', async () => {
  const cluster = await connectTo(server, { surroundings: { timing: { backoff: { first: 2, most: 8 } } } });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), fc.integer({ min: 1, max: 40 }), async (steps, size) => {
      maps = createCollection();
      maps.chunking = (line) =>
        Array.from({ length: Math.ceil(line.length / size) }, (_, index) => line.subarray(index * size, (index + 1) * size));
      maps.put('a', 'first');
      const watch = startWatch(cluster);
      await vi.waitFor(() => expect(watch.words).toContain('synced'), { interval: 2 });
      for (const one of steps) await play(one);
      maps.put('last', 'x');
      await vi.waitFor(() => expect(watch.state()).toEqual(maps.state()), { timeout: 5_000, interval: 5 });
      watch.stop.abort();
      await watch.done;
    }),
    { numRuns: 40 },
  );
});
