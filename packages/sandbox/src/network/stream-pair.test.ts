import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { streamPair } from './stream-pair.js';

describe('streamPair', () => {
  it('carries data and a proper end, and what was sent before it', async () => {
    const [a, b] = streamPair();
    a.end('all of it');
    b.end();
    const chunks: unknown[] = [];
    for await (const chunk of b) chunks.push(String(chunk));
    expect(chunks).toEqual(['all of it']);
  });

  it('takes the other end with it when one breaks', async () => {
    const [a, b] = streamPair();
    b.write('never read');
    a.destroy();
    await once(b, 'close');
    expect(b.destroyed).toBe(true);
    const [c, d] = streamPair();
    c.destroy(new Error('broken'));
    await once(d, 'close');
    expect(d.destroyed).toBe(true);
  });
});
