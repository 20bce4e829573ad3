import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { join } from '../src/join.js';
import type { TestPod } from './pod.js';

export interface Listening extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  readonly to: () => { readonly host: string; readonly port: number };
}

/** Listens on a free port of 127.0.0.1; closing takes its connections with it. */
export async function listen(server: Pick<Server, 'listen' | 'close' | 'address' | 'on' | 'once'>): Promise<Listening> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server as Server, 'listening');
  const { port } = server.address() as AddressInfo;
  const address = { host: '127.0.0.1', port };
  return {
    ...address,
    to: () => address,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A port of the pod as callers in the cluster see it: a real socket that leads to the pod's port. */
export async function front(pod: TestPod, port: number): Promise<Listening> {
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    socket.on('error', () => {});
    pod.process.connect(port).then(
      (stream) => join(socket, stream),
      () => socket.destroy(),
    );
  });
  return await listen(server);
}

/** Answers each connection with its own name and what it was sent, when the caller has ended. */
export async function echo(name = ''): Promise<Listening> {
  return await listen(
    createServer({ allowHalfOpen: true }, (socket) => {
      socket.on('error', () => {});
      socket.write(name);
      socket.pipe(socket);
    }),
  );
}
