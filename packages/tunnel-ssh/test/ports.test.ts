import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { echo, listen, nowhere } from './loopback.js';
import { startPod } from './pod.js';

const PORTS = [
  { name: 'http', port: 8080 },
  { name: 'grpc', port: 9090 },
];

async function say(stream: Duplex, words: string): Promise<string> {
  stream.end(words);
  return await text(stream);
}

// Unlike `text`, leaves the other half open.
async function hear(stream: Duplex): Promise<string> {
  let heard = '';
  stream.on('data', (chunk) => {
    heard += chunk;
  });
  await once(stream, 'end');
  return heard;
}

test('carries several ports, each to its own place', async () => {
  await using pod = await startPod({ ports: PORTS });
  await using one = await echo('one ');
  await using two = await echo('two ');
  await using tunnel = await pod.connect([
    { port: 8080, to: one.to },
    { port: 9090, to: two.to },
  ]);
  expect(await say(await pod.process.connect(8080), 'hello')).toBe('one hello');
  expect(await say(await pod.process.connect(9090), 'goodbye')).toBe('two goodbye');
  await expect
    .poll(() => tunnel.stats())
    .toEqual([
      { port: 8080, open: 0, total: 1, failed: 0, bytesIn: 5, bytesOut: 9 },
      { port: 9090, open: 0, total: 1, failed: 0, bytesIn: 7, bytesOut: 11 },
    ]);
});

test('asks for the place anew for each connection', async () => {
  await using pod = await startPod({ ports: PORTS });
  await using before = await echo('before ');
  await using after = await echo('after ');
  let place = before;
  await using _ = await pod.connect([{ port: 8080, to: () => place.to() }]);
  expect(await say(await pod.process.connect(8080), '1')).toBe('before 1');
  place = after;
  expect(await say(await pod.process.connect(8080), '2')).toBe('after 2');
});

test('finds a place by name, on whichever address of it something listens', async () => {
  await using pod = await startPod({ ports: PORTS });
  await using app = await echo();
  await using _ = await pod.connect([{ port: 8080, to: () => ({ host: 'localhost', port: app.port }) }]);
  expect(await say(await pod.process.connect(8080), 'by name')).toBe('by name');
});

test('closes a connection at once when nothing listens, says so once, and works when something does', async () => {
  await using pod = await startPod({ ports: PORTS });
  let place = await nowhere();
  const log: string[] = [];
  await using tunnel = await pod.connect([{ port: 8080, to: () => place }], { log: (message) => log.push(message) });
  for (let attempt = 0; attempt < 3; attempt++) {
    const refused = await pod.process.connect(8080);
    await expect(once(refused, 'data')).rejects.toMatchObject({ code: 'ECONNRESET' });
  }
  expect(tunnel.stats()[0]).toMatchObject({ open: 0, total: 3, failed: 3 });
  expect(log).toEqual([`port 8080: no connection to 127.0.0.1:${place.port}`]);

  await using app = await echo();
  place = { host: app.host, port: app.port };
  expect(await say(await pod.process.connect(8080), 'there')).toBe('there');
  expect(tunnel.stats()[0]).toMatchObject({ total: 4, failed: 3 });
});

test('survives a place that is none', async () => {
  await using pod = await startPod({ ports: PORTS });
  await using app = await echo();
  const places = [
    () => {
      throw new Error('nowhere to go');
    },
    () => ({ host: '127.0.0.1', port: 70_000 }),
    app.to,
  ];
  await using tunnel = await pod.connect([{ port: 8080, to: () => (places.shift() ?? app.to)() }]);
  for (let attempt = 0; attempt < 2; attempt++) {
    await expect(once(await pod.process.connect(8080), 'data')).rejects.toMatchObject({ code: 'ECONNRESET' });
  }
  expect(await say(await pod.process.connect(8080), 'still here')).toBe('still here');
  expect(tunnel.stats()[0]).toMatchObject({ total: 3, failed: 2 });
});

test('carries each half of a connection on its own', async () => {
  await using pod = await startPod({ ports: PORTS });
  // Ends its own half at once and goes on reading.
  const heard: Promise<string>[] = [];
  await using app = await listen(
    createServer({ allowHalfOpen: true }, (socket) => {
      socket.end('first word, last word');
      heard.push(hear(socket));
    }),
  );
  await using tunnel = await pod.connect([{ port: 8080, to: app.to }]);
  const stream = await pod.process.connect(8080);
  expect(await hear(stream)).toBe('first word, last word');
  expect(tunnel.stats()[0]?.open).toBe(1);
  stream.write('long ');
  await new Promise((resolve) => setTimeout(resolve, 50));
  stream.end('after');
  await expect.poll(() => heard.length).toBe(1);
  expect(await heard[0]).toBe('long after');
  await expect.poll(() => tunnel.stats()[0]?.open).toBe(0);
});

test('delivers a long answer to a slow caller though the app closed long ago', async () => {
  await using pod = await startPod({ ports: PORTS });
  const answer = 'x'.repeat(8_000_000);
  await using app = await listen(createServer((socket) => socket.end(answer)));
  await using _ = await pod.connect([{ port: 8080, to: app.to }]);
  const stream = await pod.process.connect(8080);
  await new Promise((resolve) => setTimeout(resolve, 300));
  stream.end();
  expect((await text(stream)).length).toBe(answer.length);
});

test('ends the connection of a caller whose app broke off', async () => {
  await using pod = await startPod({ ports: PORTS });
  await using app = await listen(createServer((socket) => void socket.once('data', () => socket.resetAndDestroy())));
  await using tunnel = await pod.connect([{ port: 8080, to: app.to }]);
  const stream = await pod.process.connect(8080);
  stream.write('anybody?');
  stream.resume();
  await once(stream, 'end');
  await expect.poll(() => tunnel.stats()[0]?.open).toBe(0);
  const failed = once(stream, 'error');
  stream.write('hello?');
  expect((await failed)[0]).toMatchObject({ code: 'EPIPE' });
});
