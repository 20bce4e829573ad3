import { randomBytes } from 'node:crypto';
import { createServer as createHttp, type Server as HttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import {
  createServer as createHttp2,
  type Http2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from 'node:http2';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

export const NONCE_HEADER = 'x-heddle-proof';
/** The answer is not in the question, so that a service that echoes its requests cannot pass for us. */
export const ANSWER_HEADER = 'x-heddle-proof-answer';

const HTTP2_PREFACE = 'PRI';

export interface Challenge {
  readonly nonce: string;
  readonly answer: string;
}

/**
 * What the forwards point at until the proof is made: answers requests that carry a known nonce, and everybody else with 503 and Retry-After,
 * so that the user's application sees none of it. Speaks HTTP/1.1 and HTTP/2 without TLS. One request per connection: a mesh's proxy that
 * kept one open would go on sending here after the forwards have moved.
 */
export class Responder implements AsyncDisposable {
  readonly #http: HttpServer;
  readonly #http2: Http2Server;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #sessions = new Set<ServerHttp2Session>();
  readonly #answers = new Map<string, string>();

  private constructor() {
    const respond = (request: IncomingMessage | Http2ServerRequest, response: ServerResponse | Http2ServerResponse) => {
      const nonce = request.headers[NONCE_HEADER];
      const answer = typeof nonce === 'string' ? this.#answers.get(nonce) : undefined;
      request.resume();
      response.statusCode = answer === undefined ? 503 : 200;
      response.setHeader('content-type', 'text/plain; charset=utf-8');
      if (answer === undefined) response.setHeader('retry-after', '1');
      else response.setHeader(ANSWER_HEADER, answer);
      response.end(answer === undefined ? 'heddle: the session is starting\n' : 'heddle\n');
    };
    this.#http = createHttp((request, response) => {
      response.setHeader('connection', 'close');
      respond(request, response);
    });
    this.#http2 = createHttp2((request, response) => {
      const { session } = request.stream;
      response.once('close', () => session?.close());
      respond(request, response);
    });
    this.#http2.on('session', (session) => {
      this.#sessions.add(session);
      session.once('close', () => this.#sessions.delete(session));
    });
    this.#server = createServer((socket) => this.#accept(socket));
  }

  /** Listens on a free port of the loopback address. */
  static async open(): Promise<Responder> {
    const responder = new Responder();
    await new Promise<void>((resolve, reject) => {
      responder.#server.once('error', reject);
      responder.#server.listen(0, '127.0.0.1', resolve);
    });
    return responder;
  }

  get address(): { readonly host: string; readonly port: number } {
    const { address, port } = this.#server.address() as AddressInfo;
    return { host: address, port };
  }

  challenge(): Challenge {
    const challenge = { nonce: randomBytes(16).toString('hex'), answer: randomBytes(16).toString('hex') };
    this.#answers.set(challenge.nonce, challenge.answer);
    return challenge;
  }

  /** Ends every connection, so that proxies dial again and reach what the forwards point at now. Idempotent. */
  async [Symbol.asyncDispose](): Promise<void> {
    const closed = this.#server.listening ? new Promise<void>((resolve) => this.#server.close(() => resolve())) : Promise.resolve();
    for (const session of this.#sessions) session.destroy();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    let head = Buffer.alloc(0);
    // Read by hand: a stream that flows, or was paused, does not hand what was read already over to an HTTP/2 session.
    const read = () => {
      const chunk: unknown = socket.read();
      if (!Buffer.isBuffer(chunk)) return;
      head = Buffer.concat([head, chunk]);
      const start = head.toString('latin1', 0, HTTP2_PREFACE.length);
      if (start.length < HTTP2_PREFACE.length && HTTP2_PREFACE.startsWith(start)) return;
      socket.off('readable', read);
      socket.unshift(head);
      (start === HTTP2_PREFACE ? this.#http2 : this.#http).emit('connection', socket);
    };
    socket.on('readable', read);
  }
}
