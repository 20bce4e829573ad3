import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { createAuthority, type Issued } from './certificates.js';

/** What a request was, as the server saw it. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
  /** Common name of the client certificate, if it has one that the CA signed. */
  readonly client?: string | undefined;
  readonly remotePort?: number | undefined;
}

/** Answers a request itself or leaves it (returns false) to the next one. */
export type Handler = (seen: Seen, response: ServerResponse, request: IncomingMessage) => unknown;

export interface ApiServer {
  readonly url: string;
  readonly ca: string;
  readonly seen: Seen[];
  readonly server: http.Server;
  /** The paths that were asked for, with the method. */
  asked(): string[];
  /** Puts a handler before all others. */
  on(handler: Handler): void;
  clientCertificate(commonName: string): Issued;
  stop(): Promise<void>;
}

export const authority = createAuthority('heddle test CA');

/** A real server on a free port of 127.0.0.1 that speaks as much of the Kubernetes API as its handlers do. */
export async function startApiServer(options: { readonly plain?: boolean; readonly certificate?: Issued } = {}): Promise<ApiServer> {
  const handlers: Handler[] = [discoveryHandler];
  const seen: Seen[] = [];
  const listener = (request: IncomingMessage, response: ServerResponse) => void serve(request, response, handlers, seen);
  const tls = options.certificate ?? authority.issue({ commonName: 'api' }, { names: ['127.0.0.1', 'localhost', 'api.test'] });
  const server = options.plain
    ? http.createServer(listener)
    : https.createServer({ ...tls, ca: authority.cert, requestCert: true, rejectUnauthorized: false }, listener);
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `${options.plain ? 'http' : 'https'}://127.0.0.1:${port}`,
    ca: authority.cert,
    seen,
    server,
    asked: () => seen.map(({ method, path }) => `${method} ${path}`),
    on: (handler) => void handlers.unshift(handler),
    clientCertificate: (commonName) => authority.issue({ commonName, organization: 'heddle' }),
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

async function serve(request: IncomingMessage, response: ServerResponse, handlers: readonly Handler[], seen: Seen[]): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const url = new URL(request.url ?? '/', 'http://server');
  const text = Buffer.concat(chunks).toString('utf8');
  const socket = request.socket as TLSSocket;
  const one: Seen = {
    method: request.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    body: text === '' ? undefined : JSON.parse(text),
    // A resumed session counts as authorized, with no certificate in it.
    client: socket.authorized ? (socket.getPeerCertificate().subject?.CN as string | undefined) : undefined,
    remotePort: socket.remotePort,
  };
  seen.push(one);
  for (const handler of handlers) if ((await handler(one, response, request)) !== false) return;
  status(response, 404, 'NotFound', 'the server could not find the requested resource');
}

export function json(response: ServerResponse, code: number, body: unknown, headers: http.OutgoingHttpHeaders = {}): void {
  response.writeHead(code, { 'Content-Type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

export function status(
  response: ServerResponse,
  code: number,
  reason: string,
  message: string,
  details: Record<string, unknown> = {},
): void {
  json(response, code, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, details, code });
}

const resource = (name: string, kind: string, scope = 'Namespaced') => ({
  resource: name,
  responseKind: { group: '', version: '', kind },
  scope,
  singularResource: kind.toLowerCase(),
  verbs: ['get', 'list'],
});

/** Aggregated discovery of a few built-in kinds and of one custom one in three versions. */
const discoveryHandler: Handler = ({ method, path }, response) => {
  const list = (items: unknown) =>
    json(response, 200, { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items });
  if (method !== 'GET') return false;
  if (path === '/version') return json(response, 200, { major: '1', minor: '36', gitVersion: 'v1.36.3' });
  if (path === '/api') {
    const resources = [resource('configmaps', 'ConfigMap'), resource('namespaces', 'Namespace', 'Cluster'), resource('pods', 'Pod')];
    return list([{ metadata: {}, versions: [{ version: 'v1', resources }] }]);
  }
  if (path === '/apis') {
    const versions = ['v1', 'v1beta1'].map((version) => ({ version, resources: [resource('weaves', 'Weave')] }));
    return list([{ metadata: { name: 'loom.test' }, versions }]);
  }
  return false;
};
