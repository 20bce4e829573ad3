import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linesOf } from './lines.js';

async function* inChunks(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  let start = 0;
  for (let turn = 0; start < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield bytes.subarray(start, start + size);
    start += size;
  }
}

async function collect(lines: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const line of lines) all.push(line);
  return all;
}

test('any lines, cut into any chunks, come out as they were', async () => {
  const line = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\n') && text.trim() !== '');
  await fc.assert(
    fc.asyncProperty(fc.array(line), fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }), async (lines, sizes) => {
      const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''));
      expect(await collect(linesOf(inChunks(bytes, sizes)))).toEqual(lines);
    }),
  );
});

test('what has no newline at the end was cut off, and empty lines are none', async () => {
  expect(await collect(linesOf(inChunks(Buffer.from('a\n\n \nb\nc'), [2])))).toEqual(['a', 'b']);
});

test('a line without an end is given up', async () => {
  async function* endless() {
    for (;;) yield Buffer.alloc(1024 * 1024, 'x');
  }
  await expect(collect(linesOf(endless()))).rejects.toThrow('does not end');
});
