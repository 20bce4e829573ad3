import { Duplex, PassThrough } from 'node:stream';
import { Freezable } from '@heddle/conformance';
import { UserError } from '@heddle/core';
import { afterEach, expect, test, vi } from 'vitest';
import { tunnel as provider } from '../src/index.js';
import { silent, startPod } from './pod.js';

const PORTS = [
  { name: 'http', port: 8080 },
  { name: 'admin', port: 9090 },
];
const nowhere = () => ({ host: '127.0.0.1', port: 1 });
const forwards = PORTS.map(({ port }) => ({ port, to: nowhere }));
const options = () => ({ signal: new AbortController().signal, log: silent });

afterEach(() => {
  vi.useRealTimers();
});

test('a dead connection keeps its port until the next one has run the program that ends it', async () => {
  await using pod = await startPod({ ports: PORTS });
  const frozen: Freezable[] = [];
  const dead = await provider.connect(
    async (port) => {
      const stream = new Freezable(await pod.process.connect(port));
      frozen.push(stream);
      return stream;
    },
    pod.agent,
    forwards,
    options(),
  );
  frozen[0]?.freeze();
  expect(pod.process.ready()).toBe(true);
  const changes: boolean[] = [];
  pod.process.onReadyChange(() => changes.push(pod.process.ready()));
  await using _ = await pod.connect(forwards);
  // Gone, and there again: the port was freed by the new connection.
  expect(changes).toEqual([false, false, false, true]);
  await dead[Symbol.asyncDispose]();
});

test('a peer that falls silent is given up after nine seconds', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  await using pod = await startPod({ ports: PORTS });
  const frozen: Freezable[] = [];
  const tunnel = await provider.connect(
    async (port) => {
      const stream = new Freezable(await pod.process.connect(port));
      frozen.push(stream);
      return stream;
    },
    pod.agent,
    forwards,
    options(),
  );
  let over = false;
  void tunnel.closed.then(() => {
    over = true;
  });
  const pass = async (seconds: number) => {
    for (let passed = 0; passed < seconds * 4; passed += 1) {
      await vi.advanceTimersByTimeAsync(250);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  // Pings and their answers keep an idle one alive.
  await pass(60);
  expect(over).toBe(false);
  frozen[0]?.freeze();
  await pass(8);
  expect(over).toBe(false);
  await pass(3);
  expect(await tunnel.closed).toMatchObject({ why: 'lost', retry: true, cause: { code: 'ETIMEDOUT' } });
});

test('a host key that is not the pinned one ends in tunnel-auth', async () => {
  await using pod = await startPod({ ports: PORTS });
  const other = await provider.agent({ image: 'x', secretName: 'x', ports: PORTS, permitOpen: [] });
  const error = await provider.connect(pod.dial, other, forwards, options()).catch((error) => error);
  expect(error).toBeInstanceOf(UserError);
  expect(error).toMatchObject({ code: 'tunnel-auth', exit: 'cluster', message: expect.stringContaining('host key') });
});

test('a key that the agent does not know ends in tunnel-auth', async () => {
  await using pod = await startPod({ ports: PORTS });
  const other = await provider.agent({ image: 'x', secretName: 'x', ports: PORTS, permitOpen: [] });
  const { hostPublic } = pod.agent.credentials as { hostPublic: Buffer };
  const agent = { ...pod.agent, credentials: { ...(other.credentials as object), hostPublic } };
  await expect(provider.connect(pod.dial, agent, forwards, options())).rejects.toMatchObject({
    code: 'tunnel-auth',
    message: expect.stringContaining("this session's key"),
  });
});

test('what may pass is no UserError: nothing listens yet, the stream ends at once, something else answers', async () => {
  await using pod = await startPod({ ports: PORTS });
  const refused = () => Promise.reject(Object.assign(new Error('connection refused'), { code: 'ECONNREFUSED' }));
  await expect(provider.connect(refused, pod.agent, forwards, options())).rejects.toMatchObject({ code: 'ECONNREFUSED' });

  const ended = async () => new PassThrough().end();
  const gone = async () => new PassThrough().destroy();
  const web = async () => {
    const stream = new PassThrough({ allowHalfOpen: false });
    stream.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    return stream;
  };
  for (const dial of [ended, gone, web]) {
    const error = await provider.connect(dial, pod.agent, forwards, options()).catch((error) => error);
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toHaveProperty('$$type');
  }
});

test('aborting ends connecting, and nothing after it', async () => {
  await using pod = await startPod({ ports: PORTS });
  const before = AbortSignal.abort(new Error('stopped before'));
  await expect(pod.connect(forwards, { signal: before })).rejects.toThrow('stopped before');
  expect(pod.dialled).toEqual([]);

  const during = new AbortController();
  const silentPeer = async () => {
    setImmediate(() => during.abort(new Error('stopped meanwhile')));
    return new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
  };
  await expect(provider.connect(silentPeer, pod.agent, forwards, { signal: during.signal, log: silent })).rejects.toThrow(
    'stopped meanwhile',
  );

  const after = new AbortController();
  await using tunnel = await pod.connect(forwards, { signal: after.signal });
  after.abort();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(pod.process.ready()).toBe(true);
  expect(tunnel.stats()).toHaveLength(2);
});
