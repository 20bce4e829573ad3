import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The local process: answers `{"version": …}` and remembers what reached it. */
export interface Laptop extends AsyncDisposable {
  readonly port: number;
  /** Requests seen so far, as `METHOD path header=value`. */
  readonly requests: readonly { readonly method: string; readonly path: string; readonly headers: Readonly<Record<string, unknown>> }[];
}

export async function startLaptop(version: string): Promise<Laptop> {
  const requests: { method: string; path: string; headers: Record<string, unknown> }[] = [];
  const server = createServer((request, response) => {
    requests.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers });
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ version }));
  });
  // A proxy keeps connections longer than Node's 5 s, and a request that meets the end of one is answered with 503.
  server.keepAliveTimeout = 600_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
