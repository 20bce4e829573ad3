import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
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
beforeEach(() => {
  maps = createCollection();
});

const timing = { backoff: { first: 20, most: 100 } };
const connected = (more = {}) => connectTo(server, { surroundings: { timing: { ...timing, ...more } } });
const watching = () => vi.waitFor(() => expect(maps.open()).toBe(1), { timeout: 5_000, interval: 5 });

test('what is there, then synced, then what happens; a deletion carries the last state', async () => {
  maps.put('a', '1');
  const watch = startWatch(await connected());
  await watching();
  maps.put('b', 'ü');
  maps.put('a', '2');
  maps.remove('b');
  await watch.says('added a=1', 'synced', 'added b=ü', 'modified a=2', 'deleted b=ü');
  expect(watch.events[0]?.object).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap' });
});

test.each(['end', 'break'] as const)('goes on from the last version when the server makes an %s of it', async (how) => {
  const watch = startWatch(await connected());
  await watching();
  maps.put('a', '1');
  await watch.says('synced', 'added a=1');
  maps.cut(how);
  maps.put('a', '2');
  maps.remove('a');
  maps.put('a', '3');
  await watch.says('synced', 'added a=1', 'modified a=2', 'deleted a=2', 'added a=3');
  expect(maps.lists()).toBe(1);
  expect(maps.watched).toEqual(['10', '11']);
});

test('a line that is cut off, and one that is broken, cost nothing', async () => {
  const watch = startWatch(await connected());
  await watching();
  maps.raw('{"type":"ADDED","object":{"metadata":{"name":"half');
  maps.cut('break');
  maps.put('a', '1');
  await watch.says('synced', 'added a=1');
  await watching();
  maps.raw('this is no JSON\n');
  maps.put('b', '1');
  maps.put('a', '2');
  await watch.says('synced', 'added a=1', 'added b=1', 'modified a=2');
  expect(maps.lists()).toBe(1);
});

test('chunks may end anywhere, in the middle of a character too', async () => {
  maps.chunking = (line) => Array.from(line, (_byte, index) => line.subarray(index, index + 1));
  const watch = startWatch(await connected());
  await watching();
  maps.put('a', 'käse 🧀');
  await watch.says('synced', 'added a=käse 🧀');
});

test.each(['status', 'event'] as const)('after 410 (as %s) it lists anew and hands out the difference, deletions first', async (as) => {
  for (const name of ['same', 'changed', 'gone', 'again']) maps.put(name, '1');
  const watch = startWatch(await connected());
  await watching();
  maps.cut('end');
  maps.remove('gone');
  maps.put('changed', '2');
  maps.remove('again');
  maps.put('again', '2');
  maps.put('new', '1');
  maps.compact(as);
  const before = ['added same=1', 'added changed=1', 'added gone=1', 'added again=1', 'synced'];
  await watch.says(...before, 'deleted gone=1', 'modified changed=2', 'deleted again=1', 'added again=2', 'added new=1');
  expect(maps.lists()).toBe(2);
});

test('bookmarks move the version and are not handed out', async () => {
  const watch = startWatch(await connected());
  await watching();
  maps.bookmark();
  maps.bookmark();
  await new Promise((resolve) => setTimeout(resolve, 50));
  maps.cut('end');
  await watching();
  expect(maps.watched).toEqual(['10', '12']);
  expect(watch.words).toEqual(['synced']);
});

test('a version at which nothing comes any more is given up for a fresh list', async () => {
  const watch = startWatch(await connected());
  await watching();
  for (let round = 0; round < 3; round += 1) {
    await watching();
    maps.raw('broken\n');
    await vi.waitFor(() => expect(maps.open()).toBe(0), { interval: 5 });
  }
  await vi.waitFor(() => expect(maps.lists()).toBe(2));
  await watching();
  maps.put('a', '1');
  await watch.says('synced', 'added a=1');
});

test('a server that is away for a while is waited for, without hammering at it', async () => {
  const watch = startWatch(await connected());
  await watching();
  maps.fail('watch', 503, 6);
  const began = performance.now();
  maps.cut('break');
  maps.put('a', '1');
  await watch.says('synced', 'added a=1');
  expect(performance.now() - began).toBeGreaterThan(100);
  expect(maps.lists()).toBe(1);
});

test('a failure before synced is thrown; a refusal after it only when it lasts', async () => {
  maps.fail('list', 403, 1);
  await expect(startWatch(await connected()).done).rejects.toMatchObject({ reason: 'Forbidden' });
  const watch = startWatch(await connected());
  await watching();
  maps.fail('watch', 403, 4);
  maps.cut('end');
  await watching();
  maps.put('a', '1');
  await watch.says('synced', 'added a=1');
  maps.fail('watch', 401, 5);
  maps.cut('end');
  await expect(watch.done).rejects.toMatchObject({ reason: 'Unauthorized' });
});

test('an unknown kind is thrown at once', async () => {
  const cluster = await connected();
  const watch = cluster.watch({ group: 'x', kind: 'Y' }, AbortSignal.timeout(5_000));
  await expect(watch[Symbol.asyncIterator]().next()).rejects.toMatchObject({ reason: 'NotFound' });
});

test('ends at abort: while it waits for events, while it waits to come back, and before it began', async () => {
  const cluster = await connected({ backoff: { first: 60_000, most: 60_000 } });
  const quiet = startWatch(cluster);
  await watching();
  quiet.stop.abort();
  await quiet.done;
  await vi.waitFor(() => expect(maps.open()).toBe(0));
  const waiting = startWatch(cluster);
  await watching();
  maps.fail('watch', 503, 99);
  maps.cut('end');
  await new Promise((resolve) => setTimeout(resolve, 50));
  waiting.stop.abort();
  await waiting.done;
  expect(waiting.words).toEqual(['synced']);
  const never = [];
  for await (const event of cluster.watch({ group: '', kind: 'ConfigMap', namespace: 'n' }, AbortSignal.abort())) never.push(event);
  expect(never).toEqual([]);
});

test('ends when its reader leaves, and when the cluster is closed', async () => {
  maps.put('a', '1');
  const cluster = await connected();
  for await (const event of cluster.watch({ group: '', kind: 'ConfigMap', namespace: 'n' }, new AbortController().signal)) {
    if (event.type === 'synced') break;
  }
  await vi.waitFor(() => expect(maps.open()).toBe(0));
  const watch = startWatch(cluster);
  await watching();
  await cluster.close();
  await watch.done;
});

test('unused connections are given up, a quiet watch is not', async () => {
  const cluster = await connected({ idleConnection: 60 });
  await cluster.serverTime();
  const watch = startWatch(cluster);
  await watching();
  await new Promise((resolve) => setTimeout(resolve, 400));
  const count = await new Promise((resolve) => server.server.getConnections((_error, connections) => resolve(connections)));
  expect(count).toBe(1);
  expect(maps.watched).toHaveLength(1);
  maps.put('a', '1');
  await watch.says('synced', 'added a=1');
});

test('a watch that falls silent for longer than the server would let it is opened anew', async () => {
  const watch = startWatch(await connected({ watch: 1_000, watchGrace: -800 }));
  await watching();
  await vi.waitFor(() => expect(maps.watched.length).toBeGreaterThan(1), { timeout: 3_000 });
  maps.put('a', '1');
  await watch.says('synced', 'added a=1');
  expect(maps.lists()).toBe(1);
});
