const NEWLINE = 0x0a;

/** An object is at most some 3 MiB in etcd; a line longer than this is no event. */
const LONGEST = 32 * 1024 * 1024;

/**
 * Splits a byte stream into lines, cut at bytes so that a character whose bytes come in two chunks stays whole.
 * What follows the last newline is dropped: it was cut off.
 */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let held: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      const line = Buffer.concat([...held, chunk.subarray(start, end)]).toString('utf8');
      held = [];
      size = 0;
      start = end + 1;
      if (line.trim() !== '') yield line;
    }
    if (start === chunk.length) continue;
    held.push(chunk.subarray(start));
    size += chunk.length - start;
    if (size > LONGEST) throw Object.assign(new Error('a line of a watch does not end'), { code: 'EMSGSIZE' });
  }
}
