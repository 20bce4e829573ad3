import { type AddressInfo, createServer } from 'node:net';
import type { Origin, Proxies } from './proxies.js';

/**
 * How requests to a URL of the sandbox are read: for the URL's own host the named address is meant, any other Host as it stands.
 * `listens`: the one port of a gateway; a calling pod dials whichever port the request names.
 */
export function targetOf(named: { readonly host: string; readonly port: number } | undefined, listens?: number): Origin['target'] {
  return (authority) => {
    const [, host = '', port = 80] = /^(.*?)(?::(\d+))?$/.exec(authority) ?? [];
    if (named === undefined || !['localhost', '127.0.0.1'].includes(host)) return { host, port: listens ?? Number(port), authority };
    return { host: named.host, port: named.port, authority: named.port === 80 ? named.host : `${named.host}:${named.port}` };
  };
}

/** A free port of the loopback address, whose connections go to the proxies. */
export function entrance(proxies: Proxies, origin: () => Origin) {
  const server = createServer((socket) => proxies.accept(socket.setNoDelay(), origin()));
  return {
    async start(): Promise<string> {
      await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    },
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
