import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect as connectHttp2, type IncomingHttpHeaders, performServerHandshake, type ServerHttp2Stream } from 'node:http2';
import { type Duplex, pipeline } from 'node:stream';
import type { Request } from '@heddle/core';
import { defined } from '../dig.js';
import type { Caller, Hop, Refusal, Router } from './router.js';

/** Where a connection comes from, and what its requests mean. */
export interface Origin extends Caller {
  /** The address that the client dialled, and the authority that the proxy sees, for a request's authority. */
  readonly target: (authority: string) => { readonly host: string; readonly port: number; readonly authority: string };
}

type Answered = { readonly refusal: Refusal } | { readonly hop: Hop; readonly stream: Duplex };
type Header = readonly [name: string, value: string];

/** Of the connection, not of the request. */
const HOP_BY_HOP = ['connection', 'proxy-connection', 'keep-alive'];

/** The proxies of the data plane: takes connections and sends each request where the router says. */
export class Proxies {
  readonly #router: Router;
  readonly #server = createServer({ requestTimeout: 0, headersTimeout: 0 });
  readonly #origins = new WeakMap<object, Origin>();
  readonly #open = new Set<Duplex>();

  constructor(router: Router) {
    this.#router = router;
    this.#server.on('request', (request, response) => void this.#request(request, response));
    this.#server.on('upgrade', (request, socket, head) => void this.#upgrade(request, socket, head));
  }

  /** Serves HTTP/1.1 or, when the client begins with its preface, HTTP/2 (prior knowledge). */
  accept(socket: Duplex, origin: Origin): void {
    this.#open.add(socket);
    socket.on('close', () => this.#open.delete(socket));
    socket.on('error', () => socket.destroy());
    this.#origins.set(socket, origin);
    const peek = () => {
      const first: Buffer | null = socket.read();
      if (first === null) return;
      socket.off('readable', peek);
      socket.unshift(first);
      if (first.toString('latin1', 0, 5) === 'PRI *') this.#http2(socket, origin);
      else this.#server.emit('connection', socket);
    };
    socket.on('readable', peek);
  }

  stop(): void {
    for (const socket of this.#open) socket.destroy();
  }

  async #send(origin: Origin, method: string, target: string, authority: string, all: readonly Header[]): Promise<Answered> {
    const [, named = authority, path = '/'] = /^http:\/\/([^/]+)(\/.*)?$/.exec(target) ?? [undefined, authority, target];
    const headers = all.filter(([name]) => name.toLowerCase() !== 'host' && !name.startsWith(':'));
    const request: Request = { method, scheme: 'http', ...origin.target(named), path, headers };
    try {
      const decision = await this.#router.decide(origin, request);
      return 'connect' in decision ? { hop: decision, stream: await decision.connect() } : { refusal: decision };
    } catch (error) {
      return { refusal: unreachable(error) };
    }
  }

  async #forward(message: IncomingMessage, socket: Duplex, upgrading: boolean) {
    const { method = 'GET', url = '/', headers } = message;
    const origin = this.#origins.get(socket) as Origin;
    const sent = await this.#send(origin, method, url, headers.host ?? '', pairs(message));
    if ('refusal' in sent) return sent;
    const { hop, stream } = sent;
    const kept = pairs(message).filter(([name]) => upgrading || !HOP_BY_HOP.includes(name.toLowerCase()));
    const renamed = kept.flatMap(([name, value]) => [name, name.toLowerCase() === 'host' ? hop.authority : value]);
    stream.on('error', () => stream.destroy());
    socket.on('close', () => stream.destroy());
    return { stream, upstream: httpRequest({ createConnection: () => stream as never, method, path: hop.path, headers: renamed }) };
  }

  async #request(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const sent = await this.#forward(message, message.socket, false);
    if ('refusal' in sent) return refuse(response, sent.refusal);
    const { upstream, stream } = sent;
    response.on('close', () => stream.destroy());
    upstream.on('error', (error) => (response.headersSent ? response.destroy() : refuse(response, unreachable(error))));
    upstream.on('response', (answer) => {
      const headers = pairs(answer).filter(([name]) => !HOP_BY_HOP.includes(name.toLowerCase()));
      response.writeHead(answer.statusCode ?? 502, answer.statusMessage, headers.flat()).flushHeaders();
      pipeline(answer, response, () => stream.destroy());
    });
    message.pipe(upstream);
  }

  async #upgrade(message: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const sent = await this.#forward(message, socket, true);
    if ('refusal' in sent) {
      const { status, text } = sent.refusal;
      socket.end(status === 'closed' ? '' : `HTTP/1.1 ${status} \r\nserver: sandbox\r\nconnection: close\r\n\r\n${text}`);
      return;
    }
    const headOf = (answer: IncomingMessage) => {
      const lines = pairs(answer).map(([name, value]) => `${name}: ${value}\r\n`);
      return `HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}\r\n${lines.join('')}\r\n`;
    };
    sent.upstream.on('error', () => socket.destroy());
    sent.upstream.on('response', (answer) => {
      socket.write(headOf(answer).replace(/\r\ntransfer-encoding:[^\r]*/i, ''));
      pipeline(answer, socket, () => socket.destroy());
    });
    sent.upstream.on('upgrade', (answer, far, first) => {
      socket.write(headOf(answer));
      socket.write(first);
      far.write(head);
      pipeline(far, socket, far, () => socket.destroy());
    });
    sent.upstream.end();
  }

  #http2(socket: Duplex, origin: Origin): void {
    const session = performServerHandshake(socket);
    session.on('error', () => session.destroy());
    session.on('stream', (stream, headers) => void this.#http2Stream(origin, stream, headers));
  }

  async #http2Stream(origin: Origin, stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<void> {
    stream.on('error', () => stream.destroy());
    const { ':method': method = 'GET', ':path': path = '/', ':authority': authority = headers.host ?? '' } = headers;
    const all = Object.entries(headers).flatMap(([name, value]) => [value ?? ''].flat().map((one): Header => [name, one]));
    const sent = await this.#send(origin, String(method), String(path), String(authority), all);
    if (stream.destroyed) return;
    if ('refusal' in sent) {
      const { status, text, location } = sent.refusal;
      if (status === 'closed') return stream.session?.destroy();
      stream.respond({ ':status': status, server: 'sandbox', ...defined({ location }) });
      stream.end(text);
      return;
    }
    const session = connectHttp2('http://sandbox', { createConnection: () => sent.stream });
    const upstream = session.request({ ...headers, ':path': sent.hop.path, ':authority': sent.hop.authority });
    let trailers: IncomingHttpHeaders = {};
    for (const part of [session, upstream]) part.on('error', () => stream.destroy());
    upstream.on('response', (answer) => stream.respond(answer, { waitForTrailers: true }));
    upstream.on('trailers', (received) => {
      trailers = received;
    });
    stream.on('wantTrailers', () => stream.sendTrailers(trailers));
    stream.on('close', () => session.destroy());
    stream.pipe(upstream).pipe(stream);
  }
}

const pairs = ({ rawHeaders }: IncomingMessage) =>
  rawHeaders.flatMap((name, i): Header[] => (i % 2 === 0 ? [[name, rawHeaders[i + 1] ?? '']] : []));

const unreachable = (error: unknown): Refusal => ({ status: 503, text: `no connection to the pod: ${(error as Error).message}` });

function refuse(response: ServerResponse, { status, text, location }: Refusal): void {
  if (status === 'closed') response.destroy();
  else response.writeHead(status, { server: 'sandbox', 'content-type': 'text/plain', ...defined({ location }) }).end(text);
}
