import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createDemultiplexer, LONGEST_MESSAGE, messagesOf } from './channels.js';

const bytes = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array));

test('pieces of any size become messages of the data channel that hold the same bytes', () => {
  const big = fc.integer({ min: 0, max: LONGEST_MESSAGE * 2 + 3 }).map((size) => Buffer.alloc(size, size & 255));
  fc.assert(
    fc.property(fc.array(fc.oneof({ weight: 5, arbitrary: bytes }, { weight: 1, arbitrary: big }), { maxLength: 6 }), (pieces) => {
      const messages = messagesOf(pieces);
      expect(messages.every((message) => message[0] === 0 && message.length > 1 && message.length <= LONGEST_MESSAGE)).toBe(true);
      const joined = Buffer.concat(messages.map((message) => message.subarray(1)));
      expect(joined.equals(Buffer.concat(pieces))).toBe(true);
      // As few as will do.
      expect(messages.length).toBe(Math.ceil(joined.length / (LONGEST_MESSAGE - 1)));
    }),
    { numRuns: 60 },
  );
});

test('of each channel the first two bytes are dropped, however they are cut, and nothing else', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ channel: fc.constantFrom(0, 1), payload: bytes })), (parts) => {
      const demultiplexer = createDemultiplexer();
      const got: [Buffer[], Buffer[]] = [[], []];
      const sent: [Buffer[], Buffer[]] = [[], []];
      for (const { channel, payload } of parts) {
        const part = demultiplexer.take(Buffer.concat([Buffer.from([channel]), payload]));
        expect(part?.channel).toBe(channel);
        got[channel as 0 | 1].push(part?.payload ?? Buffer.alloc(0));
        sent[channel as 0 | 1].push(payload);
      }
      const lengths = sent.map((all) => Buffer.concat(all).length);
      for (const channel of [0, 1] as const) {
        expect(Buffer.concat(got[channel]).equals(Buffer.concat(sent[channel]).subarray(2))).toBe(true);
      }
      expect(demultiplexer.ready()).toBe(lengths.every((length) => length >= 2));
    }),
  );
});

test('a channel that v4 does not have, and an empty message, are nothing', () => {
  const demultiplexer = createDemultiplexer();
  expect(demultiplexer.take(Buffer.from([2, 1, 2, 3]))).toBeUndefined();
  expect(demultiplexer.take(Buffer.alloc(0))).toBeUndefined();
});
