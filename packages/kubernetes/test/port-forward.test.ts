import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { type ApiServer, startApiServer } from './support/api-server.js';
import { connectTo } from './support/kubeconfig.js';
import { echo, type ForwardServer, framed, servePortForward } from './support/port-forward.js';

let server: ApiServer;
let forwards: ForwardServer;
beforeAll(async () => {
  server = await startApiServer();
  forwards = servePortForward(server);
});
afterAll(() => server.stop());
beforeEach(() => forwards.reset());

const pod = { namespace: 'n', name: 'p' };

test('asks for the port with exactly v4, and without compression', async () => {
  const cluster = await connectTo(server, { user: { token: 'abc' } });
  (await cluster.openPort(pod, 8080)).destroy();
  const [request] = forwards.requests;
  expect(request?.url).toBe('/api/v1/namespaces/n/pods/p/portforward?ports=8080');
  expect(request?.headers).toMatchObject({ 'sec-websocket-protocol': 'v4.channel.k8s.io', authorization: 'Bearer abc' });
  expect(request?.headers).not.toHaveProperty('sec-websocket-extensions');
  expect(request?.headers['user-agent']).toMatch(/^heddle\//);
});

test('carries bytes both ways', async () => {
  forwards.accept = echo;
  const stream = await (await connectTo(server)).openPort(pod, 80);
  stream.write('hello ');
  stream.write('wörld');
  const [first] = await once(stream, 'data');
  const rest = first.length < 12 ? (await once(stream, 'data'))[0] : '';
  expect(`${first}${rest}`).toBe('hello wörld');
});

test.each<[string, Buffer[]]>([
  ['in pieces', [framed(0, Buffer.from([80])), framed(1, ''), framed(0, Buffer.from([0])), framed(1, Buffer.from([80, 0]))]],
  ['with empty messages before them', [framed(0, ''), framed(1, ''), framed(1, Buffer.from([80, 0])), framed(0, Buffer.from([80, 0]))]],
  ['with data right behind', [framed(1, Buffer.from([80, 0])), framed(0, Buffer.concat([Buffer.from([80, 0]), Buffer.from('x')]))]],
])('drops the two ports, which may come %s', async (_title, preamble) => {
  forwards.preamble = () => preamble;
  forwards.accept = ({ socket }) => {
    socket.send(framed(0, 'y'));
    socket.close(1000);
  };
  const stream = await (await connectTo(server)).openPort(pod, 80);
  expect((await text(stream)).replace('x', '')).toBe('y');
});

test('end() closes nothing: reading goes on until the other end closes', async () => {
  const accepted = forwards.next();
  const stream = await (await connectTo(server)).openPort(pod, 80);
  const { socket, send } = await accepted;
  const got = once(socket, 'message');
  stream.end('question');
  expect(String((await got)[0])).toBe('\0question');
  await send('late ');
  await new Promise((resolve) => setTimeout(resolve, 30));
  await send('answer');
  expect(socket.readyState).toBe(socket.OPEN);
  socket.close(1000);
  expect(await text(stream)).toBe('late answer');
  expect(stream.destroyed).toBe(true);
});

test('destroy() closes, after what was written', async () => {
  const accepted = forwards.next();
  const stream = await (await connectTo(server)).openPort(pod, 80);
  const { socket } = await accepted;
  const messages: string[] = [];
  socket.on('message', (message) => messages.push(String(message).slice(1)));
  stream.write('a');
  stream.write('b');
  await new Promise((resolve) => stream.write('c', resolve));
  stream.destroy();
  const [code] = await once(socket, 'close');
  expect(code).toBe(1000);
  expect(messages.join('')).toBe('abc');
});

test('a stream that nobody reads is destroyed all the same', async () => {
  const accepted = forwards.next();
  const stream = await (await connectTo(server)).openPort(pod, 80);
  const { socket, send } = await accepted;
  const flood = setInterval(() => void send(Buffer.alloc(64 * 1024)), 1);
  await new Promise((resolve) => setTimeout(resolve, 100));
  stream.destroy();
  await once(socket, 'close');
  clearInterval(flood);
  expect(stream.destroyed).toBe(true);
});

test('a write after the other end has closed is an error', async () => {
  const accepted = forwards.next();
  const stream = await (await connectTo(server)).openPort(pod, 80);
  const { socket } = await accepted;
  socket.close(1000);
  await new Promise((resolve) => setTimeout(resolve, 50));
  const failed = once(stream, 'error');
  stream.write('x');
  expect((await failed)[0]).toMatchObject({ reason: 'Unreachable', message: expect.stringContaining('the other end has closed it') });
});

test('closing the cluster closes its streams', async () => {
  const accepted = forwards.next();
  const cluster = await connectTo(server);
  const stream = await cluster.openPort(pod, 80);
  const { socket } = await accepted;
  const closed = once(socket, 'close');
  await cluster.close();
  await closed;
  expect(stream.destroyed).toBe(true);
});

test('pings, so that no proxy takes it for idle', async () => {
  const accepted = forwards.next();
  const stream = await (await connectTo(server, { surroundings: { timing: { ping: 30 } } })).openPort(pod, 80);
  const { socket } = await accepted;
  let pings = 0;
  socket.on('ping', () => {
    pings += 1;
  });
  await vi.waitFor(() => expect(pings).toBeGreaterThan(5));
  expect(stream.destroyed).toBe(false);
});

test('a server that answered pings and does not any more is gone; one that never did may be silent', async () => {
  const cluster = await connectTo(server, { surroundings: { timing: { ping: 30 } } });
  const accepted = forwards.next();
  const stream = await cluster.openPort(pod, 80);
  const { socket } = await accepted;
  const failed = once(stream, 'error');
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(stream.destroyed).toBe(false);
  socket.pause();
  expect((await failed)[0]).toMatchObject({ reason: 'Unreachable', message: expect.stringContaining('does not answer any more') });

  const mute = forwards.next();
  const other = await cluster.openPort(pod, 80);
  (await mute).socket.pause();
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(other.destroyed).toBe(false);
});
