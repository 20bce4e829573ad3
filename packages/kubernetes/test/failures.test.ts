import net, { type AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { type ApiServer, type Handler, json, startApiServer, status } from './support/api-server.js';
import { connectTo } from './support/kubeconfig.js';

let server: ApiServer;
let answer: Handler = () => false;
beforeAll(async () => {
  server = await startApiServer();
  server.on((seen, response, request) => (seen.path.startsWith('/api/v1/') ? answer(seen, response, request) : false));
});
afterAll(() => server.stop());
beforeEach(() => {
  server.seen.length = 0;
});

const pods = { group: '', kind: 'Pod', namespace: 'n' };
const empty = { kind: 'PodList', apiVersion: 'v1', metadata: { resourceVersion: '1' }, items: [] };
const short = { connect: 300, request: 400 };

async function failure(handler: Handler, timing = {}) {
  answer = handler;
  const cluster = await connectTo(server, { surroundings: { timing } });
  return cluster.list(pods).then(
    () => undefined,
    (error) => error,
  );
}

test('Forbidden by RBAC: which right, and how to ask for it', async () => {
  const words = 'pods is forbidden: User "ada" cannot list resource "pods" in API group "" in the namespace "n"';
  const error = await failure((_seen, response) => status(response, 403, 'Forbidden', words));
  expect(error).toMatchObject({ reason: 'Forbidden', status: 403, exit: 'cluster', message: `cannot list pods in namespace n: ${words}` });
  expect(error.next).toEqual([
    "Ask the cluster's administrator for the right to list pods in namespace n.",
    'See whether you have it: kubectl auth can-i list pods -n n',
  ]);
});

test('Forbidden by admission: no talk of rights', async () => {
  const error = await failure((_seen, response) =>
    status(response, 403, 'Forbidden', 'pods "x" is forbidden: violates PodSecurity "restricted"'),
  );
  expect(error.next).toEqual([expect.stringContaining('pod security')]);
});

test.each([
  [422, '', 'Invalid'],
  [410, 'Expired', 'Gone'],
  [500, 'InternalError', 'InternalError'],
  [409, 'AlreadyExists', 'AlreadyExists'],
])('%i with reason "%s" is %s', async (code, said, reason) => {
  const error = await failure((_seen, response) => status(response, code, said, 'words'));
  expect(error).toMatchObject({ reason, status: code });
});

test('an answer that is no Status keeps its first line, unless it is a page', async () => {
  const text = await failure((_seen, response) => response.writeHead(502, { 'Content-Type': 'text/plain' }).end('bad gateway\nmore'));
  expect(text).toMatchObject({
    reason: 'ServiceUnavailable',
    message: 'cannot list pods in namespace n: the server answered 502: bad gateway',
  });
  const page = await failure((_seen, response) => response.writeHead(403, { 'Content-Type': 'text/html' }).end('<html>login'));
  expect(page.message).toBe('cannot list pods in namespace n: the server answered 403');
});

test('a page in the place of an answer', async () => {
  const error = await failure((_seen, response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>'));
  expect(error).toMatchObject({ reason: 'InvalidAnswer', exit: 'cluster' });
});

test('an answer that takes too long, in its head or in its body', async () => {
  const silent = await failure(() => undefined, short);
  expect(silent).toMatchObject({ reason: 'Timeout', status: 0 });
  expect(silent.message).toBe(`cannot list pods in namespace n: ${server.url} (context "test") did not answer within 0.4 s`);
  const trickling = await failure((_seen, response) => void response.writeHead(200).write('{'), short);
  expect(trickling.reason).toBe('Timeout');
});

test('an answer that is cut off is no answer', async () => {
  const error = await failure((_seen, response) => {
    response.writeHead(200, { 'Content-Length': 1000 }).write('{"items":[]}');
    setTimeout(() => response.destroy(), 20);
  });
  expect(error).toMatchObject({ reason: 'Unreachable' });
});

test('after 429 it waits as long as it is told and asks again; a 503 to a GET likewise', async () => {
  let count = 0;
  const error = await failure((_seen, response) => {
    count += 1;
    if (count === 1) return response.writeHead(429, { 'Retry-After': '1' }).end();
    if (count === 2) return response.writeHead(503, { 'Retry-After': '0' }).end();
    return json(response, 200, empty);
  });
  expect(error).toBeUndefined();
  expect(count).toBe(3);
});

test('it gives up after a few 429', async () => {
  const error = await failure((_seen, response) => response.writeHead(429, { 'Retry-After': '0' }).end());
  expect(error).toMatchObject({ reason: 'TooManyRequests', status: 429 });
  expect(server.asked().filter((path) => path.includes('/pods'))).toHaveLength(4);
});

test('a connection that the server closed while it was idle: a GET is repeated, a POST is not', async () => {
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', namespace: 'n' } };
  const ports: (number | undefined)[] = [];
  answer = (seen, response, request) => {
    const reused = ports.includes(seen.remotePort);
    ports.push(seen.remotePort);
    return reused ? request.socket.destroy() : json(response, 200, empty);
  };
  const cluster = await connectTo(server);
  await cluster.list(pods);
  expect(await cluster.list(pods)).toEqual([]);
  await expect(cluster.create(pod)).rejects.toMatchObject({ reason: 'Unreachable' });
});

test('compressed answers', async () => {
  const items = [{ metadata: { name: 'ä' } }];
  answer = (seen, response) => {
    expect(seen.headers['accept-encoding']).toBe('gzip');
    response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync(JSON.stringify({ ...empty, items })));
  };
  const cluster = await connectTo(server);
  expect(await cluster.list(pods)).toEqual([{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'ä' } }]);
});

test('nothing listens: the address, the context, and what to try', async () => {
  const cluster = await connectTo({ ...server, url: 'https://127.0.0.1:1' });
  await expect(cluster.discover()).rejects.toMatchObject({
    reason: 'Unreachable',
    code: 'cluster-unreachable',
    exit: 'cluster',
    message: expect.stringContaining('https://127.0.0.1:1 (context "test") refuses the connection'),
    next: ['Start the cluster: its address is on this machine, and nothing answers there.', 'Choose another with --context.'],
  });
});

test('a name that does not resolve', async () => {
  const cluster = await connectTo({ ...server, url: 'https://no-such-host.invalid' });
  const error = await cluster.serverTime().catch((thrown) => thrown);
  expect(error.reason).toBe('Unreachable');
  expect(error.message).toContain('the name of https://no-such-host.invalid (context "test") does not resolve');
  expect(error.next).toEqual(['Check that the VPN is up and the cluster is running.', 'Choose another with --context.']);
});

test('a connection that is made and then says nothing ends at the connection limit', async () => {
  const mute = net.createServer((socket) => socket.on('error', () => {}));
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void mute.close());
  const cluster = await connectTo(
    { ...server, url: `https://127.0.0.1:${(mute.address() as AddressInfo).port}` },
    { surroundings: { timing: { connect: 300, request: 600_000 } } },
  );
  await expect(cluster.serverTime()).rejects.toMatchObject({ reason: 'Unreachable', message: expect.stringContaining('does not answer') });
});

test('a server without a Date', async () => {
  const plain = await startApiServer({ plain: true });
  onTestFinished(() => plain.stop());
  plain.on((_seen, response) => {
    response.sendDate = false;
    json(response, 200, {});
  });
  const cluster = await connectTo(plain);
  await expect(cluster.serverTime()).rejects.toMatchObject({ reason: 'InvalidAnswer' });
});

test('the time of a server that forbids everything is still its time', async () => {
  const strict = await startApiServer();
  onTestFinished(() => strict.stop());
  strict.on((_seen, response) => {
    response.setHeader('Date', 'Tue, 24 Nov 2026 06:49:23 GMT');
    status(response, 403, 'Forbidden', 'no');
  });
  expect(await (await connectTo(strict)).serverTime()).toBe(Date.UTC(2026, 10, 24, 6, 49, 23));
});

test('an aborted write throws the reason of the abort; a closed cluster says that it is closed', async () => {
  answer = () => undefined;
  const stop = new AbortController();
  const cluster = await connectTo(server);
  const writing = cluster.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', namespace: 'n' } }, { signal: stop.signal });
  setTimeout(() => stop.abort(new Error('Ctrl-C')), 50);
  await expect(writing).rejects.toThrow('Ctrl-C');
  const listing = cluster.list(pods);
  setTimeout(() => void cluster.close(), 50);
  await expect(listing).rejects.toMatchObject({ reason: 'Closed' });
  await expect(cluster.serverTime()).rejects.toMatchObject({ reason: 'Closed' });
});
