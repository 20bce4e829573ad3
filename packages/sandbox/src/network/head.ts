import type { Duplex } from 'node:stream';

/** What ends the head of a request or a response. */
export const END = '\r\n\r\n';
const MAX_HEAD = 64 * 1024;

/** Reads a message's head, without its end; what came after it stays in the stream, which is paused. */
export function takeHead(stream: Duplex, then: (head: string) => void): void {
  let bytes = Buffer.alloc(0);
  const read = (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
    const end = bytes.indexOf(END);
    if (end < 0 && bytes.length < MAX_HEAD) return;
    stream.off('data', read).pause();
    if (end + END.length < bytes.length) stream.unshift(bytes.subarray(end + END.length));
    then(bytes.toString('latin1', 0, end));
  };
  stream.on('data', read);
}
