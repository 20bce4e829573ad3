import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { HeaderChange } from '@heddle/core';
import { END, takeHead } from './head.js';
import { changeHeaders, type Header, readHeaders, writeHeaders } from './header-change.js';
import { tap } from './mirrored.js';
import type { Caller, Hop, Refusal, Router } from './router.js';

/** Where a connection comes from, and what its requests mean. */
export interface Origin extends Caller {
  /** The address that the client dialled, and the authority that the proxy sees, for a request's authority. */
  readonly target: (authority: string) => { readonly host: string; readonly port: number; readonly authority: string };
}

const HOP_BY_HOP = ['connection', 'proxy-connection', 'keep-alive'];

/**
 * The proxies of the data plane: HTTP/1.1, one request for each connection. The head is read, the router decides, and from then on
 * bytes pass in both directions: so streams, upgrades and trailers need nothing of their own. HTTP/2 is refused with 505.
 */
export class Proxies {
  readonly #router: Router;
  readonly #open = new Set<Duplex>();

  constructor(router: Router) {
    this.#router = router;
  }

  accept(socket: Duplex, origin: Origin): void {
    this.#open.add(socket);
    socket.on('close', () => this.#open.delete(socket));
    socket.on('error', () => socket.destroy());
    takeHead(socket, (head) => void this.#serve(socket, origin, head));
  }

  stop(): void {
    for (const socket of this.#open) socket.destroy();
  }

  async #serve(socket: Duplex, origin: Origin, head: string): Promise<void> {
    const [first = '', ...lines] = head.split('\r\n');
    const [, method, target = '', minor] = /^(\S+) (\S+) HTTP\/1\.([01])$/.exec(first) ?? [];
    if (method === undefined) return refuse(socket, { status: 505, text: 'the sandbox speaks HTTP/1.1 only' });
    const all = readHeaders(lines);
    const sentAs = (name: string) => all.find(([known]) => known.toLowerCase() === name)?.[1];
    // A client that takes this for its HTTP proxy names the whole address.
    const [, named = sentAs('host') ?? '', path = '/'] = /^http:\/\/([^/]+)(\/.*)?$/.exec(target) ?? ['', undefined, target];
    const headers = all.filter(([name]) => name.toLowerCase() !== 'host');
    try {
      const hop = await this.#router.decide(origin, { method, scheme: 'http', ...origin.target(named), path, headers });
      if ('status' in hop) return refuse(socket, hop);
      const upgrading = sentAs('upgrade') !== undefined;
      const close: Header = ['connection', 'close'];
      const kept = upgrading ? headers : [...headers.filter(([name]) => !HOP_BY_HOP.includes(name.toLowerCase())), close];
      const sent = writeHeaders(changeHeaders(kept, hop.request)).join('\r\n');
      const headFor = (authority: string) => `${method} ${hop.path} HTTP/1.${minor}\r\nhost: ${authority}\r\n${sent}${END}`;
      const far = await hop.connect();
      for (const { connect, authority } of hop.copies ?? []) void this.#copy(tap(socket, headFor(authority)), connect);
      join(socket, far, headFor(hop.authority), hop);
    } catch (error) {
      refuse(socket, unreachable(error));
    }
  }

  /** A copy that nobody takes is lost, and nobody hears of it; nor of what it is answered. */
  async #copy(copy: Duplex, connect: () => Promise<Duplex>): Promise<void> {
    const far = await connect().catch(() => undefined);
    if (far === undefined) return void copy.destroy();
    this.#open.add(far.on('close', () => this.#open.delete(far)));
    far.on('error', () => far.destroy()).resume();
    copy.pipe(far);
  }
}

/** Sends the head and joins the two connections; a pod that ends before it answered is a 503, one that is late a 504. */
function join(socket: Duplex, far: Duplex, head: string, { response, timeoutMs }: Hop): void {
  let answered = false;
  let done = false;
  const finish = (why: Refusal) => {
    if (done) return;
    done = true;
    clearTimeout(timer);
    if (!answered) refuse(socket, { ...why, response });
    else if (far.readableEnded) socket.end();
    else socket.destroy();
    far.destroy();
  };
  const late = () => finish({ status: 504, text: 'upstream request timeout' });
  // Counted from the head: where a body ends, the bytes alone do not say.
  const timer = timeoutMs === undefined ? undefined : setTimeout(late, timeoutMs);
  const ended = () => finish(unreachable(new Error('it closed the connection without an answer')));
  far.write(head, 'latin1');
  far.once('data', () => {
    answered = true;
  });
  far.on('error', ended).on('end', ended).on('close', ended);
  socket.on('close', () => far.destroy());
  socket.pipe(far);
  if (response === undefined) far.pipe(socket, { end: false });
  else passChanged(far, socket, response);
}

/** The answer with its head changed; interim ones (1xx) pass as they are, and so does what follows a switch of protocols. */
function passChanged(far: Duplex, socket: Duplex, change: HeaderChange): void {
  takeHead(far, (head) => {
    const [status = '', ...lines] = head.split('\r\n');
    const isInterim = /^\S+ 1(?!01)/.test(status);
    const sent = isInterim ? lines : writeHeaders(changeHeaders(readHeaders(lines), change));
    socket.write(`${[status, ...sent].join('\r\n')}${END}`, 'latin1');
    if (isInterim) passChanged(far, socket, change);
    else far.pipe(socket, { end: false });
  });
}

const unreachable = (error: unknown): Refusal => ({ status: 503, text: `no answer from behind the proxy: ${(error as Error).message}` });

/** Answers in the proxy's own name. What the client still sends is read, so that it gets to read the answer. */
function refuse(socket: Duplex, { status, text, location, response }: Refusal): void {
  if (status === 'closed') return void socket.destroy();
  const own: readonly Header[] = [
    ['server', 'sandbox'],
    ['content-type', 'text/plain'],
    ['connection', 'close'],
    ['content-length', String(Buffer.byteLength(text))],
    ...(location === undefined ? [] : [['location', location] as const]),
  ];
  const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, ...writeHeaders(changeHeaders(own, response))];
  socket.end(`${head.join('\r\n')}${END}${text}`);
  socket.resume();
}
