import { once } from 'node:events';
import { connect } from 'node:net';
import type { Request } from '@heddle/core';

export interface Response {
  /** Absent: the connection ended without an answer. */
  readonly status?: number;
  readonly location?: string;
  /** Who answered, if it was the proxy itself. */
  readonly server?: string;
  readonly body: string;
}

/** Sends a request to a proxy at a URL just as it is: no client library changes, joins or refuses anything of it. */
export async function call(proxyUrl: string, { method, authority, path, headers }: Request): Promise<Response> {
  const socket = connect(Number(new URL(proxyUrl).port), '127.0.0.1');
  const lines = [
    `${method} http://${authority}${path} HTTP/1.1`,
    `host: ${authority}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ];
  socket.write(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', () => socket.destroy());
  await once(socket, 'close');
  const [head = '', ...rest] = Buffer.concat(chunks).toString().split('\r\n\r\n');
  const [, status] = /^HTTP\/1\.1 (\d+)/.exec(head) ?? [];
  const header = (name: string) => new RegExp(`\\r\\n${name}: (.*)`, 'i').exec(head)?.[1];
  const [location, server] = [header('location'), header('server')];
  return {
    ...(status === undefined ? {} : { status: Number(status) }),
    ...(location === undefined ? {} : { location }),
    ...(server === undefined ? {} : { server }),
    body: rest.join('\r\n\r\n'),
  };
}
