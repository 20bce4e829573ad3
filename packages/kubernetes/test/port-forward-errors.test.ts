import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { type ApiServer, startApiServer } from './support/api-server.js';
import { base64, connectTo } from './support/kubeconfig.js';
import { echo, type ForwardServer, framed, servePortForward } from './support/port-forward.js';
import { startHttpProxy, startSocksProxy } from './support/proxies.js';

let server: ApiServer;
let forwards: ForwardServer;
beforeAll(async () => {
  server = await startApiServer();
  forwards = servePortForward(server);
});
afterAll(() => server.stop());
beforeEach(() => forwards.reset());

const pod = { namespace: 'n', name: 'p' };
const answerWith = (status: number, reason: string, message: string) => {
  forwards.answer = { status, body: JSON.stringify({ kind: 'Status', reason, message, code: status }) };
};

test.each([
  ['failed to connect to localhost:9 inside namespace "x", IPv4: dial tcp4 127.0.0.1:9: connect: connection refused', 'ConnectionRefused'],
  ['pod not found ("p_n")', 'PodNotRunning'],
  ['network namespace for sandbox "x" is closed', 'PodNotRunning'],
  ['something else entirely', 'PortForward'],
])('what the kubelet says, "%s", is the error of the stream: %s', async (words, reason) => {
  const accepted = forwards.next();
  const stream = await (await connectTo(server)).openPort(pod, 9);
  const failed = once(stream, 'error');
  const { refuse, socket } = await accepted;
  refuse(words);
  socket.close(1000);
  expect((await failed)[0]).toMatchObject({
    reason,
    exit: 'cluster',
    message: `cannot reach port 9 of pod n/p: ${words}`,
    ref: { kind: 'Pod', namespace: 'n', name: 'p' },
  });
});

test('its words count even if it does not close, and in several messages', async () => {
  const accepted = forwards.next();
  const stream = await (await connectTo(server)).openPort(pod, 9);
  const failed = once(stream, 'error');
  const { refuse } = await accepted;
  refuse('connection ');
  refuse('refused');
  expect((await failed)[0]).toMatchObject({ reason: 'ConnectionRefused', message: expect.stringMatching(/: connection refused$/) });
});

test('words that come before the kubelet has answered are the error of openPort', async () => {
  forwards.preamble = () => [framed(1, Buffer.concat([Buffer.from([9, 0]), Buffer.from('pod not found')]))];
  await expect((await connectTo(server)).openPort(pod, 9)).rejects.toMatchObject({ reason: 'PodNotRunning' });
  forwards.preamble = () => [];
  forwards.accept = ({ socket }) => socket.close(1011, 'no');
  await expect((await connectTo(server)).openPort(pod, 9)).rejects.toMatchObject({ reason: 'Unreachable' });
});

test('a pod that is not there, and a right that is missing', async () => {
  const cluster = await connectTo(server);
  answerWith(404, 'NotFound', 'pods "p" not found');
  await expect(cluster.openPort(pod, 9)).rejects.toMatchObject({
    reason: 'NotFound',
    message: 'cannot reach port 9 of pod n/p: pods "p" not found',
  });
  answerWith(403, 'Forbidden', 'User "ada" cannot create resource "pods/portforward" in API group "" in the namespace "n"');
  const error = await cluster.openPort(pod, 9).catch((thrown) => thrown);
  expect(error.reason).toBe('Forbidden');
  expect(error.next).toEqual([
    "Ask the cluster's administrator for the right to create pods/portforward in namespace n.",
    'See whether you have it: kubectl auth can-i create pods --subresource=portforward -n n',
  ]);
});

test('a pod that does not run yet, and one that does not any more', async () => {
  const cluster = await connectTo(server);
  answerWith(400, 'BadRequest', 'pod p does not have a host assigned');
  await expect(cluster.openPort(pod, 9)).rejects.toMatchObject({ reason: 'PodNotRunning', status: 400 });
  forwards.answer = { status: 500, body: 'pod not found ("p_n")\n' };
  await expect(cluster.openPort(pod, 9)).rejects.toMatchObject({ reason: 'PodNotRunning', status: 500 });
});

test('an answer that is no upgrade', async () => {
  const cluster = await connectTo(server);
  forwards.answer = { status: 502, body: 'bad gateway' };
  await expect(cluster.openPort(pod, 9)).rejects.toMatchObject({ reason: 'ServiceUnavailable', status: 502 });
});

test('a server that chooses another subprotocol', async () => {
  const stranger = await startApiServer();
  onTestFinished(() => stranger.stop());
  stranger.server.on('upgrade', (_request, socket) =>
    socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: spdy\r\nConnection: Upgrade\r\n\r\n'),
  );
  await expect((await connectTo(stranger)).openPort(pod, 9)).rejects.toMatchObject({ reason: 'Unreachable', exit: 'cluster' });
});

test('a connection that breaks', async () => {
  const accepted = forwards.next();
  const stream = await (await connectTo(server)).openPort(pod, 9);
  const failed = once(stream, 'error');
  (await accepted).socket.terminate();
  expect((await failed)[0]).toMatchObject({
    reason: 'Unreachable',
    message: expect.stringContaining('the connection to port 9 of pod n/p through'),
  });
});

test('a message on a channel that there is not', async () => {
  const accepted = forwards.next();
  const stream = await (await connectTo(server)).openPort(pod, 9);
  const failed = once(stream, 'error');
  (await accepted).socket.send(framed(7, 'x'));
  expect((await failed)[0]).toMatchObject({ message: expect.stringContaining('channel 7') });
});

test('is given up when it is aborted, and when nothing comes in time', async () => {
  forwards.preamble = () => [];
  const stop = new AbortController();
  const cluster = await connectTo(server, { surroundings: { timing: { request: 150 } } });
  const opening = cluster.openPort(pod, 9, stop.signal);
  setTimeout(() => stop.abort(new Error('enough')), 50);
  await expect(opening).rejects.toThrow('enough');
  await expect(cluster.openPort(pod, 9)).rejects.toMatchObject({ reason: 'Timeout' });
  await expect(cluster.openPort(pod, 9, AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
});

test('nothing listens at the address', async () => {
  const cluster = await connectTo({ ...server, url: 'https://127.0.0.1:1' });
  await expect(cluster.openPort(pod, 9)).rejects.toMatchObject({
    reason: 'Unreachable',
    message: 'cannot reach port 9 of pod n/p: https://127.0.0.1:1 (context "test") refuses the connection',
  });
});

test('goes the same way as requests: client certificate, http and socks proxy, plain http', async () => {
  forwards.accept = echo;
  const http = await startHttpProxy();
  const socks = await startSocksProxy();
  const plain = await startApiServer({ plain: true });
  servePortForward(plain).accept = echo;
  onTestFinished(async () => void (await Promise.all([http.stop(), socks.stop(), plain.stop()])));
  const { cert, key } = server.clientCertificate('ada');
  const user = { 'client-certificate-data': base64(cert), 'client-key-data': base64(key) };
  const ways = [
    await connectTo(server, { user }),
    await connectTo(server, { user, cluster: { 'proxy-url': `http://127.0.0.1:${http.port}` } }),
    await connectTo(server, { user, cluster: { 'proxy-url': `socks5://127.0.0.1:${socks.port}` } }),
    await connectTo(plain),
  ];
  for (const cluster of ways) {
    const stream = await cluster.openPort(pod, 9);
    stream.write('ping');
    expect(String((await once(stream, 'data'))[0])).toBe('ping');
    stream.destroy();
  }
  expect([http.targets.length, socks.targets.length]).toEqual([1, 1]);
  const peers = forwards.requests.map(({ socket }) => (socket as import('node:tls').TLSSocket).authorized);
  expect(peers).toEqual([true, true, true]);
});

test('a refused token is had anew once', async () => {
  const script = 'console.log(JSON.stringify({status: {token: String(process.pid)}}))';
  const cluster = await connectTo(server, { user: { exec: { command: process.execPath, args: ['-e', script] } } });
  answerWith(401, 'Unauthorized', 'Unauthorized');
  await expect(cluster.openPort(pod, 9)).rejects.toMatchObject({ reason: 'Unauthorized' });
  const [first, second, third] = forwards.requests.map(({ headers }) => headers.authorization);
  expect(first).not.toBe(second);
  expect(third).toBeUndefined();
});
