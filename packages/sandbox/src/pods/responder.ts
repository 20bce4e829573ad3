import { createServer } from 'node:http';
import type { KubeObject, PodProcess } from '@heddle/core';
import { digList } from '../dig.js';
import { streamPair } from '../network/stream-pair.js';

export function refused(port: number): Error {
  return Object.assign(new Error(`connect to port ${port}: connection refused`), { code: 'ECONNREFUSED' });
}

/** A program that answers every HTTP request with one text, on the ports that its containers name (any, if they name none). */
export function startResponder(pod: KubeObject, body: string): PodProcess {
  const ports = digList(pod, 'spec.containers').flatMap((container) => digList(container, 'ports').map((port) => port.containerPort));
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8', 'content-length': Buffer.byteLength(body) }).end(body);
  });
  return {
    async connect(port) {
      if (ports.length > 0 && !ports.includes(port)) throw refused(port);
      const [ours, theirs] = streamPair();
      server.emit('connection', theirs);
      return ours;
    },
    ready: () => true,
    onReadyChange: () => {},
    stop: async () => server.closeAllConnections(),
  };
}
