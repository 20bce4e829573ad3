import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo, type Socket } from 'node:net';
import type { Issued } from './certificates.js';

export interface TestProxy {
  readonly port: number;
  /** Where connections were asked for: `host:port`. */
  readonly targets: string[];
  stop(): Promise<void>;
}

async function started(server: net.Server, targets: string[], sockets: Set<Socket>): Promise<TestProxy> {
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    targets,
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function join(a: Socket, b: Socket): void {
  a.on('error', () => b.destroy()).on('close', () => b.destroy());
  b.on('error', () => a.destroy()).on('close', () => a.destroy());
  a.pipe(b).pipe(a);
}

/** An HTTP proxy that knows CONNECT; `user:password` is asked for when given, `status` answers instead of a tunnel. */
export function startHttpProxy(
  options: { readonly certificate?: Issued; readonly login?: string; readonly status?: number } = {},
): Promise<TestProxy> {
  const targets: string[] = [];
  const sockets = new Set<Socket>();
  const server = options.certificate === undefined ? http.createServer() : https.createServer({ ...options.certificate });
  server.on('connect', (request, client: Socket) => {
    const login = options.login === undefined ? undefined : `Basic ${Buffer.from(options.login).toString('base64')}`;
    if (login !== undefined && request.headers['proxy-authorization'] !== login) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      return;
    }
    if (options.status !== undefined) {
      client.end(`HTTP/1.1 ${options.status} No\r\n\r\n`);
      return;
    }
    targets.push(request.url ?? '');
    const [host, port] = (request.url ?? '').split(':');
    const upstream = net.connect(Number(port), host === 'api.test' ? '127.0.0.1' : host, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      join(client, upstream);
    });
    upstream.on('error', () => client.destroy());
    sockets.add(upstream);
  });
  return started(server, targets, sockets);
}

/** SOCKS5 without a login (RFC 1928); it resolves names itself, `api.test` being this machine. */
export function startSocksProxy(): Promise<TestProxy> {
  const targets: string[] = [];
  const sockets = new Set<Socket>();
  const server = net.createServer(async (client) => {
    const read = async (size: number): Promise<Buffer> => {
      for (;;) {
        const bytes = client.read(size) as Buffer | null;
        if (bytes !== null) return bytes;
        await once(client, 'readable');
      }
    };
    const [, methods = 0] = await read(2);
    await read(methods);
    client.write(Buffer.from([5, 0]));
    const [, , , type] = await read(4);
    const host = type === 1 ? [...(await read(4))].join('.') : (await read((await read(1))[0] ?? 0)).toString();
    const port = (await read(2)).readUInt16BE();
    targets.push(`${host}:${port}`);
    const upstream = net.connect(port, host === 'api.test' ? '127.0.0.1' : host, () => {
      client.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
      join(client, upstream);
    });
    upstream.on('error', () => client.end(Buffer.from([5, 5, 0, 1, 0, 0, 0, 0, 0, 0])));
    sockets.add(upstream);
  });
  return started(server, targets, sockets);
}
