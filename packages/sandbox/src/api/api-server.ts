import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type AccessCheck, metaOf, type PodRef } from '@heddle/core';
import { digRecord } from '../dig.js';
import type { ClusterRequest, Faults } from '../faults.js';
import { ApiError, badRequest, type Store } from '../store/index.js';
import { type Call, objectOf, parseCall } from './call.js';
import { discover, REVIEW_GROUP, REVIEWS } from './discovery.js';
import { notImplemented, statusOf } from './errors.js';
import { carryOut, type Reply } from './objects.js';
import { acceptPortForward, PORT_FORWARD } from './port-forward.js';
import { streamWatch } from './watch.js';

export interface ApiServerOptions {
  readonly store: Store;
  readonly faults: Faults;
  readonly tls: { readonly key: string; readonly cert: string };
  /** The user that a bearer token belongs to; `undefined` for an unknown token. */
  readonly userOf: (token: string) => string | undefined;
  readonly connect: (pod: PodRef, port: number) => Promise<Duplex>;
  /** How often a watch that allows it gets a bookmark. Ms. */
  readonly bookmarkMs: number;
}

const MAX_BODY = 3 * 1024 * 1024;

/** As much of the Kubernetes API as heddle and kubectl's commands for single objects need; it names what it cannot do. */
export class ApiServer {
  readonly #options: ApiServerOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Duplex>();

  constructor(options: ApiServerOptions) {
    this.#options = options;
    this.#server = createServer(options.tls);
    this.#server.on('request', (request, response) => void this.#answer(request, response));
    this.#server.on('upgrade', (request, socket, head) => void this.#upgrade(request, socket, head));
    this.#server.on('connection', (socket) => this.#sockets.add(socket.on('close', () => this.#sockets.delete(socket))));
  }

  /** Listens on a free port of the loopback address; returns the URL. */
  async start(): Promise<string> {
    await new Promise<void>((resolve, reject) => this.#server.once('error', reject).listen(0, '127.0.0.1', resolve));
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Breaks every connection, watches and port-forwards too, as a restart of the API server would. */
  dropConnections(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.dropConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.sendDate = false;
    response.setHeader('date', new Date(this.#options.store.now()).toUTCString());
    const send = ({ status, body }: Reply) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
    try {
      const reply = await this.#handle(request, response);
      if (reply !== undefined) send(reply);
    } catch (error) {
      const body = statusOf(error);
      // Status 0 is a connection that broke; fault hooks ask for it.
      if (body.code === 0 || response.headersSent) request.socket.destroy();
      else send({ status: body.code, body });
    }
  }

  #user(request: IncomingMessage): string {
    const user = this.#options.userOf(/^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '');
    if (user === undefined) throw new ApiError(401, 'Unauthorized', 'Unauthorized');
    return user;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<Reply | undefined> {
    const { store, faults, bookmarkMs } = this.#options;
    const client = this.#user(request);
    const url = new URL(request.url ?? '/', 'https://sandbox');
    const method = request.method ?? '';
    const text = method === 'GET' ? '' : await readBody(request);
    if (method === 'POST' && url.pathname === `/apis/${REVIEW_GROUP}/v1/${REVIEWS}`) {
      const review = () => this.#review(JSON.parse(text), client);
      return await faults.run({ client, verb: 'create', group: REVIEW_GROUP, resource: REVIEWS }, review);
    }
    const call = parseCall(store.kinds, method, url, request.headers, text);
    if (call === undefined) {
      const resource = url.pathname === '/version' ? 'version' : 'discovery';
      const body = await faults.run({ client, verb: 'get', group: '', resource }, () => discover(store.kinds, url.pathname));
      if (body !== undefined) return { status: 200, body };
      response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('404 page not found\n');
      return undefined;
    }
    const { subresource = 'status', verb } = call;
    if (subresource === 'portforward') throw badRequest('Upgrade request required');
    if (subresource !== 'status') throw notImplemented(`${call.kind.plural}/${subresource}`);
    return await faults.run({ client, ...described(call) }, () =>
      verb === 'watch' ? void streamWatch(store, call, response, bookmarkMs) : carryOut(store, call),
    );
  }

  #review(review: object, client: string): Reply {
    const check = { group: '', ...digRecord(review, 'spec.resourceAttributes') } as unknown as AccessCheck;
    return { status: 201, body: { ...review, metadata: {}, status: { allowed: this.#options.faults.allows(check, client) } } };
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => socket.destroy());
    try {
      const { store, faults, connect } = this.#options;
      const client = this.#user(request);
      const url = new URL(request.url ?? '/', 'https://sandbox');
      const call = parseCall(store.kinds, request.method ?? '', url, request.headers, '');
      if (call?.subresource !== 'portforward') throw notImplemented(`an upgrade of ${url.pathname}`);
      const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
      if (!offered.includes(PORT_FORWARD)) throw notImplemented(`port-forward in another way than the WebSocket protocol ${PORT_FORWARD}`);
      const { namespace = '', name = '', kind } = call;
      await faults.run({ client, ...described(call), verb: 'create' }, () => void store.get(kind, { namespace, name }));
      const ports = url.searchParams.getAll('ports').flatMap((list) => list.split(',').map(Number));
      acceptPortForward(request, socket, head, ports, (port) => connect({ namespace, name }, port));
    } catch (error) {
      const body = statusOf(error);
      const text = JSON.stringify(body);
      const lines = [
        `HTTP/1.1 ${body.code} ${body.reason}`,
        'content-type: application/json',
        `content-length: ${Buffer.byteLength(text)}`,
      ];
      if (body.code === 0) socket.destroy();
      else socket.end(`${lines.join('\r\n')}\r\nconnection: close\r\n\r\n${text}`);
    }
  }
}

/** A call as fault hooks see it. */
function described(call: Call): Omit<ClusterRequest, 'number' | 'client'> {
  const { verb, kind, namespace, subresource, query } = call;
  const body = verb === 'create' || verb === 'update' ? objectOf(call) : undefined;
  const name = call.name ?? (body === undefined ? undefined : metaOf(body).name);
  return { verb, group: kind.group, resource: kind.plural, namespace, name, subresource, dryRun: query.has('dryRun'), body };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY) throw new ApiError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${MAX_BODY}`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
