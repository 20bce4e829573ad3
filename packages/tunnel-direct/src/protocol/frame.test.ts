import { expect, test } from 'vitest';
import { FRAME, FrameReader, headerOf, LONGEST_DATA, LONGEST_MESSAGE } from './frame.js';

function read(chunks: readonly Buffer[]) {
  const seen: { type: number; text: string }[] = [];
  const reader = new FrameReader({
    data: (piece) => {
      const last = seen.at(-1);
      if (last?.type === FRAME.data) last.text += piece;
      else seen.push({ type: FRAME.data, text: String(piece) });
    },
    message: (type, payload) => seen.push({ type, text: String(payload) }),
  });
  for (const chunk of chunks) reader.take(chunk);
  return seen;
}

const frame = (type: (typeof FRAME)[keyof typeof FRAME], text: string) => Buffer.concat([headerOf(type, text.length), Buffer.from(text)]);
const STREAM = Buffer.concat([
  frame(FRAME.open, '{"port":8080}'),
  frame(FRAME.data, 'some data'),
  frame(FRAME.data, ''),
  frame(FRAME.end, ''),
  frame(FRAME.ping, ''),
  frame(FRAME.data, 'x'),
]);
const WHOLE = [
  { type: FRAME.open, text: '{"port":8080}' },
  { type: FRAME.data, text: 'some data' },
  { type: FRAME.end, text: '' },
  { type: FRAME.ping, text: '' },
  { type: FRAME.data, text: 'x' },
];

test('reads the same frames wherever the stream is cut', () => {
  for (let size = 1; size <= STREAM.length; size += 1) {
    const chunks: Buffer[] = [];
    for (let start = 0; start < STREAM.length; start += size) chunks.push(STREAM.subarray(start, start + size));
    expect(read(chunks)).toEqual(WHOLE);
  }
});

test('hands out data before the frame is complete', () => {
  expect(read([frame(FRAME.data, 'half of it').subarray(0, 8)])).toEqual([{ type: FRAME.data, text: 'half' }]);
});

test.for([
  ['what another program says', Buffer.from('HTTP/1.1 400 Bad Request\r\n')],
  ['a type that there is not', Buffer.from([0, 0, 0, 0])],
  ['a message that is too long', headerOf(FRAME.hello, LONGEST_MESSAGE + 1)],
  ['data that is too long', headerOf(FRAME.data, LONGEST_DATA + 1)],
] as const)('refuses %s', ([, bytes]) => {
  expect(() => read([bytes])).toThrow('not frames');
});
