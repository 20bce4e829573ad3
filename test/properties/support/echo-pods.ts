import type { Duplex } from 'node:stream';
import { type InProcessAgent, metaOf } from '@heddle/core';
import { streamPair } from '../../../packages/sandbox/src/network/stream-pair.js';

/** What a pod saw of a request, byte for byte. */
export interface Seen {
  readonly pod: { readonly namespace: string; readonly name: string };
  readonly path: string;
  readonly authority: string;
}

/** A program for every pod that answers with what it saw, on any port. */
export const echoPods: InProcessAgent = async ({ pod }) => {
  const { namespace = '', name } = metaOf(pod);
  return {
    async connect() {
      const [ours, theirs] = streamPair();
      answer(theirs, { namespace, name });
      return ours;
    },
    ready: () => true,
    onReadyChange: () => {},
    stop: async () => {},
  };
};

function answer(socket: Duplex, pod: Seen['pod']): void {
  let head = '';
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: Buffer) => {
    head += chunk.toString('latin1');
    if (!head.includes('\r\n\r\n')) return;
    const [, path = ''] = /^\S+ (.*) HTTP\/1\.1\r\n/.exec(head) ?? [];
    const [, authority = ''] = /\r\nhost: (.*)\r\n/.exec(head) ?? [];
    const seen: Seen = { pod, path, authority };
    const body = JSON.stringify(seen);
    socket.end(`HTTP/1.1 200 OK\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`);
  });
}
