import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { MemorySocket, socketError } from './memory-socket.js';

test('each half ends on its own', async () => {
  const [a, b] = MemorySocket.pair();
  a.end('from a');
  let heard = '';
  b.on('data', (chunk) => {
    heard += chunk;
  });
  await once(b, 'end');
  expect(heard).toBe('from a');
  b.end('from b');
  expect(await text(a)).toBe('from b');
  await expect.poll(() => a.destroyed && b.destroyed).toBe(true);
});

test('a reader that does not read holds the writer back', async () => {
  const [a, b] = MemorySocket.pair();
  let taken = 0;
  const write = () => a.write(Buffer.alloc(16 * 1024), () => ++taken);
  for (let count = 0; count < 100; count += 1) write();
  await new Promise((resolve) => setImmediate(resolve));
  expect(taken).toBeLessThan(20);
  b.resume();
  await expect.poll(() => taken).toBe(100);
});

test('an end that breaks resets the other', async () => {
  const [a, b] = MemorySocket.pair();
  a.on('error', () => {});
  const reset = once(b, 'error');
  a.destroy(socketError('ECONNRESET'));
  expect((await reset)[0]).toMatchObject({ code: 'ECONNRESET' });
});

test('an end that closes early ends the other, whose writes then fail', async () => {
  const [a, b] = MemorySocket.pair();
  const ended = once(b.resume(), 'end');
  a.destroy();
  await ended;
  const failed = once(b, 'error');
  b.write('anybody?');
  expect((await failed)[0]).toMatchObject({ code: 'EPIPE' });
});

test('a write that waits fails when the reader closes', async () => {
  const [a, b] = MemorySocket.pair();
  a.write(Buffer.alloc(1024 * 1024));
  const failed = once(a, 'error');
  b.destroy();
  a.write('more');
  expect((await failed)[0]).toMatchObject({ code: 'EPIPE' });
});
