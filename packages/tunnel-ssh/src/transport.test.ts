import { Duplex } from 'node:stream';
import { setImmediate as tick } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Transport } from './transport.js';

/** Keeps what it is given, and takes no more while `open` is false. */
class Wire extends Duplex {
  readonly writes: Buffer[][] = [];
  noDelay = false;
  open = true;
  #waiting: (() => void) | undefined;

  setNoDelay(on: boolean): void {
    this.noDelay = on;
  }

  unblock(): void {
    this.open = true;
    this.#waiting?.();
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: () => void): void {
    this.#take([chunk], callback);
  }

  override _writev(chunks: { chunk: Buffer }[], callback: () => void): void {
    this.#take(
      chunks.map(({ chunk }) => chunk),
      callback,
    );
  }

  #take(chunks: Buffer[], callback: () => void): void {
    this.writes.push(chunks);
    if (this.open) callback();
    else this.#waiting = callback;
  }
}

const size = (chunks: readonly Buffer[] | undefined) => chunks?.reduce((sum, { length }) => sum + length, 0);

test('writes of one tick go out as one: copied when small, as a vector when large', async () => {
  const wire = new Wire();
  const transport = new Transport(wire);
  expect(wire.noDelay).toBe(true);
  for (const words of ['one', 'two', 'three']) transport.write(words);
  expect(wire.writes).toEqual([]);
  await tick();
  expect(wire.writes).toEqual([[Buffer.from('onetwothree')]]);
  for (let packet = 0; packet < 3; packet += 1) transport.write(Buffer.alloc(32 * 1024));
  await tick();
  expect(wire.writes.length).toBe(2);
  expect(wire.writes[1]?.length).toBe(3);
});

test('is congested when the wire takes nothing more, and says when that is over', async () => {
  const wire = new Wire();
  const transport = new Transport(wire);
  wire.open = false;
  const calls: string[] = [];
  transport.whenClear(() => calls.push('at once'));
  for (let packet = 0; packet < 40; packet += 1) transport.write(Buffer.alloc(32 * 1024));
  expect(transport.congested).toBe(true);
  transport.whenClear(() => calls.push('later'));
  await tick();
  expect(calls).toEqual(['at once']);
  wire.unblock();
  await tick();
  expect(transport.congested).toBe(false);
  expect(calls).toEqual(['at once', 'later']);
  expect(wire.writes.map(size).reduce((sum = 0, bytes = 0) => sum + bytes, 0)).toBe(40 * 32 * 1024);
});

test('those who wait are released when it is destroyed', () => {
  const wire = new Wire();
  const transport = new Transport(wire);
  wire.open = false;
  transport.write(Buffer.alloc(2 * 1024 * 1024));
  let released = false;
  transport.whenClear(() => {
    released = true;
  });
  expect(released).toBe(false);
  transport.destroy();
  expect(released).toBe(true);
});

test.for(['error', 'end', 'close'] as const)('ends with the wire: %s', async (how) => {
  const wire = new Wire();
  const transport = new Transport(wire);
  transport.resume();
  if (how === 'error') wire.destroy(new Error('cut'));
  else if (how === 'end') wire.push(null);
  else wire.destroy();
  await tick();
  await tick();
  expect(transport.closed).toBe(true);
  expect(wire.destroyed).toBe(true);
  expect(transport.failure?.message).toBe(how === 'error' ? 'cut' : undefined);
});

test('a wire that is gone already', async () => {
  const wire = new Wire().destroy();
  await tick();
  const transport = new Transport(wire);
  await tick();
  expect(transport.closed).toBe(true);
});

test('what was written before the end goes out before it', async () => {
  const wire = new Wire();
  const transport = new Transport(wire);
  transport.end('goodbye');
  await tick();
  expect(wire.writes).toEqual([[Buffer.from('goodbye')]]);
  expect(wire.writableFinished).toBe(true);
});
