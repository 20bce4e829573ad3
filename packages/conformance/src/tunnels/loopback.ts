import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** A program on the laptop. */
export interface App extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  readonly to: () => { readonly host: string; readonly port: number };
}

/** Listens on a free port of 127.0.0.1; closing takes its connections with it. Each half of a connection ends by itself. */
export async function app(onConnection: (socket: Socket) => void): Promise<App> {
  const server: Server = createServer({ allowHalfOpen: true, noDelay: true }, onConnection);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen({ port: 0, host: '127.0.0.1', backlog: 2048 });
  await once(server, 'listening');
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

/** Says its name, and then all that it hears. */
export function echo(name = ''): Promise<App> {
  return app((socket) => {
    if (name !== '') socket.write(name);
    socket.pipe(socket);
  });
}

/** An address where nothing listens. */
export async function nowhere(): Promise<{ readonly host: string; readonly port: number }> {
  const gone = await app(() => {});
  await gone[Symbol.asyncDispose]();
  return { host: gone.host, port: gone.port };
}
