import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Caller, Refusal, Router } from './router.js';

/** Where a connection comes from, and what its requests mean. */
export interface Origin extends Caller {
  /** The address that the client dialled, and the authority that the proxy sees, for a request's authority. */
  readonly target: (authority: string) => { readonly host: string; readonly port: number; readonly authority: string };
}

type Header = readonly [name: string, value: string];

const END = '\r\n\r\n';
const MAX_HEAD = 64 * 1024;
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
    let bytes = Buffer.alloc(0);
    const read = (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      const end = bytes.indexOf(END);
      if (end < 0 && bytes.length < MAX_HEAD) return;
      socket.off('data', read).pause();
      if (end + END.length < bytes.length) socket.unshift(bytes.subarray(end + END.length));
      void this.#serve(socket, origin, bytes.toString('latin1', 0, end));
    };
    socket.on('data', read);
  }

  stop(): void {
    for (const socket of this.#open) socket.destroy();
  }

  async #serve(socket: Duplex, origin: Origin, head: string): Promise<void> {
    const [first = '', ...lines] = head.split('\r\n');
    const [, method, target = '', minor] = /^(\S+) (\S+) HTTP\/1\.([01])$/.exec(first) ?? [];
    if (method === undefined) return refuse(socket, { status: 505, text: 'the sandbox speaks HTTP/1.1 only' });
    const all = lines.map((line): Header => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]);
    const sentAs = (name: string) => all.find(([known]) => known.toLowerCase() === name)?.[1];
    // A client that takes this for its HTTP proxy names the whole address.
    const [, named = sentAs('host') ?? '', path = '/'] = /^http:\/\/([^/]+)(\/.*)?$/.exec(target) ?? ['', undefined, target];
    const headers = all.filter(([name]) => name.toLowerCase() !== 'host');
    try {
      const hop = await this.#router.decide(origin, { method, scheme: 'http', ...origin.target(named), path, headers });
      if ('status' in hop) return refuse(socket, hop);
      const upgrading = sentAs('upgrade') !== undefined;
      const kept = upgrading ? headers : [...headers.filter(([name]) => !HOP_BY_HOP.includes(name.toLowerCase())), ['connection', 'close']];
      const sent = [`host: ${hop.authority}`, ...kept.map(([name, value]) => `${name}: ${value}`)];
      join(socket, await hop.connect(), `${method} ${hop.path} HTTP/1.${minor}\r\n${sent.join('\r\n')}${END}`);
    } catch (error) {
      refuse(socket, unreachable(error));
    }
  }
}

/** Sends the head and joins the two connections; a pod that ends before it answered is a 503. */
function join(socket: Duplex, far: Duplex, head: string): void {
  let answered = false;
  const finish = () => {
    if (!answered) refuse(socket, unreachable(new Error('it closed the connection without an answer')));
    else if (far.readableEnded) socket.end();
    else socket.destroy();
    answered = true;
    far.destroy();
  };
  far.write(head, 'latin1');
  far.once('data', () => {
    answered = true;
  });
  far.on('error', finish).on('end', finish).on('close', finish);
  socket.on('close', () => far.destroy());
  socket.pipe(far);
  far.pipe(socket, { end: false });
}

const unreachable = (error: unknown): Refusal => ({ status: 503, text: `no answer from behind the proxy: ${(error as Error).message}` });

/** Answers in the proxy's own name. What the client still sends is read, so that it gets to read the answer. */
function refuse(socket: Duplex, { status, text, location }: Refusal): void {
  if (status === 'closed') return void socket.destroy();
  const own = ['server: sandbox', 'content-type: text/plain', 'connection: close', `content-length: ${Buffer.byteLength(text)}`];
  const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, ...own, ...(location === undefined ? [] : [`location: ${location}`])];
  socket.end(`${head.join('\r\n')}${END}${text}`);
  socket.resume();
}
