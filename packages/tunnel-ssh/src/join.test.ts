import { once } from 'node:events';
import { expect, test } from 'vitest';
import { MemorySocket, socketError } from './in-process/memory-socket.js';
import { join } from './join.js';

/** left | ours — joined — theirs | right */
function joined() {
  const [left, ours] = MemorySocket.pair();
  const [right, theirs] = MemorySocket.pair();
  join(ours, theirs);
  return { left, ours, theirs, right };
}

test('one direction goes on when the other has ended', async () => {
  const { left, right, ours, theirs } = joined();
  const heard: string[] = [];
  left.on('data', (chunk) => heard.push(String(chunk)));
  right.resume();
  left.end('request');
  await once(right, 'end');
  for (const words of ['one', 'two']) {
    right.write(words);
    await expect.poll(() => heard.at(-1)).toBe(words);
  }
  right.end();
  await once(left, 'end');
  await expect.poll(() => ours.destroyed && theirs.destroyed).toBe(true);
});

test('when one side breaks, the other still gets what was read for it, and then the end', async () => {
  const { left, right, theirs } = joined();
  left.on('error', () => {});
  left.write(Buffer.alloc(100_000, 1));
  let heard = 0;
  await new Promise((resolve) => setImmediate(resolve));
  left.destroy(socketError('ECONNRESET'));
  right.on('data', (chunk: Buffer) => {
    heard += chunk.length;
  });
  await once(right, 'end');
  expect(heard).toBeGreaterThan(0);
  await expect.poll(() => theirs.destroyed).toBe(true);
});

test('a side that closes takes an idle one with it', async () => {
  const { left, right, ours, theirs } = joined();
  right.resume();
  const ended = once(right, 'end');
  left.destroy();
  ours.destroy();
  await ended;
  await expect.poll(() => theirs.destroyed).toBe(true);
});
