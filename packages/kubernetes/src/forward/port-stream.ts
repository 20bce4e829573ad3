import { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { createDemultiplexer, DATA, messagesOf } from './channels.js';

/** Above this many bytes in the socket's queue a write waits for them to leave. */
const QUEUED = 512 * 1024;
const AHEAD = 256 * 1024;
/** The server closes right after it has said why; should it not, its words count alone. Ms. */
const LAST_WORDS = 500;
/** How long a close may take before the connection is cut. Ms. */
const CLOSING = 1_000;
/** So many pings without a sign of life, from a server that has answered one before, and the connection is gone. */
const UNANSWERED = 4;

export interface PortStreamOptions {
  /** Ms between two pings, so that proxies do not take the stream for idle. */
  readonly ping: number;
  /** Makes an error of what the server says on the error channel. */
  readonly refused: (words: string) => Error;
  /** Makes an error of a connection that broke. */
  readonly lost: (words: string) => Error;
}

type Done = (error?: Error | null) => void;

/**
 * One connection to a port of a pod over one WebSocket. v4 has no half-close: `end()` sends nothing and reading goes on,
 * `destroy()` closes. When the other end closes, the stream ends and closes too. Emits `ready` when the kubelet has answered.
 */
export class PortStream extends Duplex {
  readonly #socket: WebSocket;
  readonly #options: PortStreamOptions;
  readonly #channels = createDemultiplexer();
  readonly #pings: NodeJS.Timeout;
  #ready = false;
  #words: Buffer[] = [];
  #lastWords: NodeJS.Timeout | undefined;
  #unanswered = 0;
  #answersPings = false;

  constructor(socket: WebSocket, options: PortStreamOptions) {
    super({ readableHighWaterMark: AHEAD, writableHighWaterMark: AHEAD, allowHalfOpen: false });
    this.#socket = socket;
    this.#options = options;
    socket.on('message', (message) => this.#take(message as Buffer));
    socket.on('pong', () => {
      this.#answersPings = true;
      this.#unanswered = 0;
    });
    socket.on('error', (error) => this.destroy(options.lost(error.message)));
    socket.on('close', (code) => this.#closed(code));
    this.#pings = setInterval(() => this.#keepAlive(), options.ping).unref();
  }

  override _read(): void {
    if (this.#socket.isPaused) this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    this.#send([chunk], done);
  }

  override _writev(chunks: readonly { readonly chunk: Buffer }[], done: Done): void {
    this.#send(
      chunks.map(({ chunk }) => chunk),
      done,
    );
  }

  override _final(done: Done): void {
    done();
  }

  override _destroy(error: Error | null, done: Done): void {
    clearInterval(this.#pings);
    clearTimeout(this.#lastWords);
    const socket = this.#socket;
    if (error === null && socket.readyState === socket.OPEN) {
      // What comes now is dropped, but the close that answers ours is behind it.
      socket.removeAllListeners('message');
      socket.resume();
      socket.close(1000);
      setTimeout(() => socket.terminate(), CLOSING).unref();
    } else {
      socket.terminate();
    }
    done(error);
  }

  #take(message: Buffer): void {
    this.#unanswered = 0;
    if (this.destroyed) return;
    const part = this.#channels.take(message);
    if (part === undefined) {
      this.destroy(this.#options.lost(`a message came on channel ${message[0]}, which port-forward does not have`));
      return;
    }
    if (!this.#ready && this.#channels.ready()) {
      this.#ready = true;
      this.emit('ready');
    }
    if (part.payload.length === 0) return;
    if (part.channel === DATA) {
      if (!this.push(part.payload)) this.#socket.pause();
      return;
    }
    this.#words.push(part.payload);
    this.#lastWords ??= setTimeout(() => this.#closed(1000), LAST_WORDS);
  }

  #closed(code: number): void {
    if (this.destroyed) return;
    if (this.#words.length > 0) this.destroy(this.#options.refused(Buffer.concat(this.#words).toString('utf8').trim()));
    else if (code === 1000 || code === 1005) this.push(null);
    else this.destroy(this.#options.lost(`the server closed it with code ${code}`));
  }

  #send(pieces: readonly Uint8Array[], done: Done): void {
    const socket = this.#socket;
    if (socket.readyState !== socket.OPEN) {
      done(this.#options.lost('the other end has closed it'));
      return;
    }
    let answered = false;
    const finish = (error?: Error | null) => {
      const lost = error ? this.#options.lost(error.message) : null;
      if (!answered) done(lost);
      else if (lost !== null) this.destroy(lost);
      answered = true;
    };
    const messages = messagesOf(pieces);
    for (const message of messages) {
      const last = message === messages.at(-1);
      socket.send(message, (error) => {
        if (error || last) finish(error);
      });
    }
    if (socket.bufferedAmount < QUEUED) finish();
  }

  #keepAlive(): void {
    const socket = this.#socket;
    if (socket.readyState !== socket.OPEN) return;
    // Silence proves nothing while we do not listen, or while the pod does not read what was sent before the ping.
    const mayBeSilent = !this.#answersPings || socket.isPaused || socket.bufferedAmount > 0;
    this.#unanswered = mayBeSilent ? 0 : this.#unanswered + 1;
    if (this.#unanswered > UNANSWERED) this.destroy(this.#options.lost('the server does not answer any more'));
    else socket.ping();
  }
}
