import { createHash } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiServer, startApiServer } from './support/api-server.js';
import { connectTo } from './support/kubeconfig.js';
import { echo, type Forward, type ForwardServer, servePortForward } from './support/port-forward.js';

let server: ApiServer;
let forwards: ForwardServer;
beforeAll(async () => {
  server = await startApiServer();
  forwards = servePortForward(server);
});
afterAll(() => server.stop());

const MIB = 1024 * 1024;
const pod = { namespace: 'n', name: 'p' };
const block = Buffer.from(Uint8Array.from({ length: MIB }, (_byte, index) => (index * 7919) % 251));

async function open(accept: (forward: Forward) => unknown): Promise<Duplex> {
  forwards.accept = accept;
  return (await connectTo(server)).openPort(pod, 80);
}

/** Writes `total` bytes in pieces of odd sizes, waiting whenever the stream says so; gives their hash. */
async function writeAll(stream: Duplex, total: number): Promise<string> {
  const hash = createHash('sha256');
  const sizes = [1, 1337, 65_536, 300_001, 7, 1_000_003];
  for (let sent = 0, turn = 0; sent < total; turn += 1) {
    const size = Math.min(sizes[turn % sizes.length] ?? 1, total - sent);
    const piece = block.subarray(turn % 97, (turn % 97) + size);
    hash.update(piece);
    sent += piece.length;
    if (!stream.write(piece)) await new Promise((resolve) => stream.once('drain', resolve));
  }
  return hash.digest('hex');
}

/** Waits until a counter stands still for 300 ms, and gives it. */
async function settled(count: () => number): Promise<number> {
  for (;;) {
    const before = count();
    await pause(300);
    if (before > 0 && count() === before) return before;
  }
}

async function readHash(stream: Duplex, total: number): Promise<string> {
  const hash = createHash('sha256');
  let got = 0;
  for await (const chunk of stream) {
    hash.update(chunk);
    got += chunk.length;
    if (got >= total) break;
  }
  expect(got).toBe(total);
  return hash.digest('hex');
}

test('100 MB both ways at once, in odd pieces, whole', async () => {
  const total = 100_000_000;
  const longest: number[] = [0];
  const stream = await open((forward) => {
    forward.socket.on('message', (message: Buffer) => longest.push(Math.max(longest.pop() ?? 0, message.length)));
    echo(forward);
  });
  const [sent, received] = await Promise.all([writeAll(stream, total), readHash(stream, total)]);
  expect(received).toBe(sent);
  expect(longest[0]).toBeLessThanOrEqual(MIB);
  expect(longest[0]).toBeGreaterThan(64 * 1024);
});

test('a slow reader holds the server back, and loses nothing', async () => {
  const total = 40 * MIB;
  let sent = 0;
  const hash = createHash('sha256');
  const stream = await open(async ({ send, socket }) => {
    while (sent < total) {
      const piece = block.subarray(0, 32 * 1024);
      hash.update(piece);
      sent += piece.length;
      await send(piece);
    }
    socket.close(1000);
  });
  // What the sockets of both ends may hold, and what the stream reads ahead.
  expect(await settled(() => sent)).toBeLessThan(16 * MIB);
  expect(stream.readableLength).toBeLessThan(MIB);
  const received = await readHash(stream, total);
  expect(received).toBe(hash.digest('hex'));
});

test('a slow pod holds the writer back, and loses nothing', async () => {
  const total = 40 * MIB;
  const hash = createHash('sha256');
  let got = 0;
  let pod: Forward['socket'] | undefined;
  const stream = await open(({ socket }) => {
    pod = socket;
    socket.pause();
    socket.on('message', (message: Buffer) => {
      hash.update(message.subarray(1));
      got += message.length - 1;
    });
  });
  let accepted = 0;
  const writing = (async () => {
    for (; accepted < total; accepted += MIB) {
      if (!stream.write(block)) await new Promise((resolve) => stream.once('drain', resolve));
    }
  })();
  expect(await settled(() => accepted)).toBeLessThan(16 * MIB);
  expect(stream.writableLength).toBeLessThan(4 * MIB);
  pod?.resume();
  await writing;
  await expect.poll(() => got, { timeout: 10_000 }).toBe(total);
  const expected = createHash('sha256');
  for (let count = 0; count < total; count += MIB) expected.update(block);
  expect(hash.digest('hex')).toBe(expected.digest('hex'));
});

test('many streams at once do not mix', async () => {
  forwards.accept = echo;
  const cluster = await connectTo(server);
  const total = 300_000;
  const streams = await Promise.all(Array.from({ length: 40 }, () => cluster.openPort(pod, 80)));
  const pairs = await Promise.all(
    streams.map((stream, index) => Promise.all([writeAll(stream, total + index), readHash(stream, total + index)])),
  );
  for (const [sent, received] of pairs) expect(received).toBe(sent);
});
