import type { Duplex } from 'node:stream';
import { FRAME, FrameReader, type FrameType, headerOf, LONGEST_DATA } from './frame.js';

/** Who uses a wire at the moment. */
export interface WireUser {
  message(type: number, payload: Buffer): void;
  data?(piece: Buffer): void;
  /** The wire is gone. Called once, last. */
  closed(cause: Error): void;
}

export interface WireOptions {
  /** Called whenever bytes came: a sign of life. */
  readonly onBytes?: () => void;
  /** Whether `close` leaves it to the other side to close the stream, so that nothing that was sent is lost on the way. */
  readonly closesLast: boolean;
}

/** How long a close may take. Ms. */
const CLOSING = 2000;

/** One dialled stream that carries frames. What comes while nobody uses it waits for the next user. */
export class Wire {
  readonly #under: Duplex;
  readonly #closesLast: boolean;
  /** What came while there was no user. */
  readonly #pending: ((user: WireUser) => void)[] = [];
  #user: WireUser | undefined;
  #cause: Error | undefined;
  #draining: (() => void)[] = [];
  readonly #onClosed: (() => void)[] = [];

  constructor(under: Duplex, { onBytes, closesLast }: WireOptions) {
    this.#under = under;
    this.#closesLast = closesLast;
    if ('setNoDelay' in under && typeof under.setNoDelay === 'function') under.setNoDelay(true);
    const reader = new FrameReader({
      data: (piece) => this.#hand((user) => (user.data ?? unexpected)(piece)),
      message: (type, payload) => this.#hand((user) => user.message(type, payload)),
    });
    under.on('data', (chunk: Buffer) => {
      onBytes?.();
      try {
        if (this.#cause === undefined) reader.take(chunk);
      } catch (error) {
        this.destroy(error as Error);
      }
    });
    under.on('drain', () => this.#release());
    under.on('error', (error) => this.destroy(error));
    // A side that stopped sending is gone: both directions of a connection end by frames.
    under.on('end', () => this.destroy());
    under.on('close', () => this.destroy());
    if (under.destroyed) this.destroy();
  }

  get closed(): boolean {
    return this.#cause !== undefined;
  }

  /** Hands over all that comes from now on, and what waited. */
  use(user: WireUser): void {
    const closedBefore = this.#cause;
    this.#user = user;
    try {
      while (this.#user === user && this.#pending.length > 0) this.#pending.shift()?.(user);
    } catch (error) {
      this.destroy(error as Error);
    }
    if (closedBefore !== undefined && this.#user === user) user.closed(closedBefore);
  }

  /** Called when the wire is gone, whoever uses it then. */
  onceClosed(listener: () => void): void {
    if (this.#cause === undefined) this.#onClosed.push(listener);
    else listener();
  }

  /** The next message; rejects when the wire closes before. */
  next(): Promise<{ readonly type: number; readonly payload: Buffer }> {
    return new Promise((resolve, reject) => {
      this.use({
        message: (type, payload) => {
          this.#user = undefined;
          resolve({ type, payload });
        },
        closed: reject,
      });
    });
  }

  send(type: FrameType, message?: object): void {
    const payload = message === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(message));
    if (this.#under.writable) this.#under.write(Buffer.concat([headerOf(type, payload.length), payload]));
  }

  /** Calls back when more may be sent. */
  sendData(pieces: readonly Buffer[], done: () => void): void {
    if (!this.#under.writable) {
      done();
      return;
    }
    let room = true;
    this.#under.cork();
    for (const frame of framesOf(pieces)) room = this.#under.write(frame);
    this.#under.uncork();
    if (room) done();
    else this.#draining.push(done);
  }

  pause(): void {
    this.#under.pause();
  }

  resume(): void {
    this.#under.resume();
  }

  /** Ends the wire when what was sent has left. */
  close(): void {
    const under = this.#under;
    if (this.#cause !== undefined) return;
    this.#user = { message: () => {}, data: () => {}, closed: () => {} };
    under.resume();
    setTimeout(() => this.destroy(), CLOSING).unref();
    under.end(() => {
      if (!this.#closesLast) this.destroy();
    });
  }

  destroy(cause = new Error('the other side closed the connection')): void {
    if (this.#cause !== undefined) return;
    this.#cause = cause;
    this.#under.destroy();
    this.#release();
    this.#user?.closed(cause);
    for (const listener of this.#onClosed) listener();
  }

  #hand(deliver: (user: WireUser) => void): void {
    const user = this.#user;
    if (user !== undefined) deliver(user);
    else this.#pending.push(deliver);
  }

  #release(): void {
    const draining = this.#draining;
    this.#draining = [];
    for (const done of draining) done();
  }
}

function unexpected(): never {
  throw new Error('data came where none belongs');
}

function* framesOf(pieces: readonly Buffer[]): Generator<Buffer> {
  for (const piece of pieces) {
    for (let start = 0; start < piece.length; start += LONGEST_DATA) {
      const part = piece.subarray(start, start + LONGEST_DATA);
      yield headerOf(FRAME.data, part.length);
      yield part;
    }
  }
}
