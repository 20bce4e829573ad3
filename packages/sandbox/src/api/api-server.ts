import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type AccessCheck, metaOf, type PodRef } from '@heddle/core';
import { digRecord } from '../dig.js';
import type { ClusterRequest, Faults } from '../faults.js';
import { ApiError, badRequest, type Store } from '../store/index.js';
import { type Call, objectOf, parseBody, parseCall } from './call.js';
import { discover, REVIEWS } from './discovery.js';
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
  readonly log: (pod: PodRef) => readonly string[];
  /** How often a watch that allows it gets a bookmark. Ms. */
  readonly bookmarkMs: number;
}

const MAX_BODY = 3 * 1024 * 1024;
/** How long a connection may be idle (k8s.io/apiserver, pkg/server/secure_serving.go, 1.36): clients that take a while use it again. */
const IDLE_MS = 90_000;

/** As much of the Kubernetes API as heddle and kubectl's commands for single objects need; it names what it cannot do. */
export class ApiServer {
  readonly #options: ApiServerOptions;
  readonly #server;
  readonly #sockets = new Set<Duplex>();

  constructor(options: ApiServerOptions) {
    this.#options = options;
    this.#server = createServer(options.tls);
    this.#server.keepAliveTimeout = IDLE_MS;
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
    const type = { 'content-type': 'application/json' };
    const send = ({ status, body }: Reply) => response.writeHead(status, type).end(`${JSON.stringify(body)}\n`);
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

  /** Who asks, and for what. */
  async #read(request: IncomingMessage) {
    const client = this.#options.userOf(/^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '');
    if (client === undefined) throw new ApiError(401, 'Unauthorized', 'Unauthorized');
    const tooLarge = Number(request.headers['content-length'] ?? 0) > MAX_BODY;
    if (tooLarge) throw new ApiError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${MAX_BODY}`);
    const { url: target = '/', method = '', headers } = request;
    const url = new URL(target, 'https://sandbox');
    const body = method === 'GET' ? '' : await text(request);
    const parsed = parseCall(this.#options.store.kinds, method, url);
    return { client, method, path: url.pathname, body, call: parsed && { ...parsed, headers, text: body } };
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<Reply | undefined> {
    const { store, faults, bookmarkMs } = this.#options;
    const { client, method, path, body, call } = await this.#read(request);
    if (method === 'POST' && path === `/apis/${REVIEWS.group}/v1/${REVIEWS.plural}`) {
      const review = digRecord({ body: parseBody(body) }, 'body');
      const check = { group: '', ...digRecord(review, 'spec.resourceAttributes') } as unknown as AccessCheck;
      const answer = () => ({ status: 201, body: { ...review, metadata: {}, status: { allowed: faults.allows(check, client) } } });
      return await faults.run({ client, verb: 'create', group: REVIEWS.group, resource: REVIEWS.plural }, answer);
    }
    if (call === undefined) {
      const resource = path === '/version' ? 'version' : 'discovery';
      const found = await faults.run({ client, verb: 'get', group: '', resource }, () => discover(store.kinds, path));
      if (found !== undefined) return { status: 200, body: found };
      response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('404 page not found\n');
      return undefined;
    }
    const { subresource = 'status', verb } = call;
    if (subresource === 'portforward') throw badRequest('Upgrade request required');
    if (subresource === 'log' && verb === 'get')
      return await faults.run({ client, ...described(call) }, () => this.#sendLog(call, response));
    if (subresource !== 'status') throw notImplemented(`${call.kind.plural}/${subresource}`);
    const apply = () => (verb === 'watch' ? void streamWatch(store, call, response, bookmarkMs) : carryOut(store, call));
    return await faults.run({ client, ...described(call) }, apply);
  }

  #sendLog({ kind, namespace = '', name = '', query }: Call, response: ServerResponse): undefined {
    if (/^(true|1)$/.test(query.get('follow') ?? '')) throw notImplemented('following a log');
    this.#options.store.get(kind, { namespace, name });
    const lines = this.#options.log({ namespace, name });
    const tail = query.get('tailLines');
    const sent = tail === null ? lines : lines.slice(Math.max(0, lines.length - Number(tail)));
    response.writeHead(200, { 'content-type': 'text/plain' }).end(sent.map((line) => `${line}\n`).join(''));
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => socket.destroy());
    try {
      const { store, faults, connect } = this.#options;
      const { client, path, call } = await this.#read(request);
      if (call?.subresource !== 'portforward') throw notImplemented(`an upgrade of ${path}`);
      const offered = (request.headers['sec-websocket-protocol'] ?? '').split(/\s*,\s*/);
      if (!offered.includes(PORT_FORWARD)) throw notImplemented(`port-forward in another way than the WebSocket protocol ${PORT_FORWARD}`);
      const { namespace = '', name = '', kind, query } = call;
      await faults.run({ client, ...described(call), verb: 'create' }, () => void store.get(kind, { namespace, name }));
      const ports = query.getAll('ports').flatMap((list) => list.split(',').map(Number));
      acceptPortForward(request, socket, head, ports, (port) => connect({ namespace, name }, port));
    } catch (error) {
      const status = statusOf(error);
      const body = JSON.stringify(status);
      const lines = ['content-type: application/json', `content-length: ${Buffer.byteLength(body)}`, 'connection: close'];
      if (status.code === 0) socket.destroy();
      else socket.end(`HTTP/1.1 ${status.code} ${status.reason}\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
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
