import { Duplex } from 'node:stream';
import { FRAME } from './frame.js';
import type { Wire, WireUser } from './wire.js';

type Done = (error?: Error | null) => void;

/**
 * One connection on a wire, with a socket's manners: each direction ends by itself, a slow reader holds the other side back, and
 * destroying it resets the other end. When both directions have ended, the wire is free for the next connection.
 */
export class WireConnection extends Duplex {
  readonly #wire: Wire;
  readonly #onFree: (() => void) | undefined;
  #received = false;
  #sent = false;

  /** Without `onFree` the wire ends with the connection. */
  constructor(wire: Wire, onFree?: () => void) {
    super({ allowHalfOpen: true });
    this.#wire = wire;
    this.#onFree = onFree;
    const user: WireUser = {
      data: (piece) => {
        if (!this.destroyed && !this.push(piece)) wire.pause();
      },
      message: (type) => {
        if (type === FRAME.end && !this.#received) this.#onEnd();
        else this.#break(type === FRAME.reset ? 'the other side reset the connection' : 'a message came that has no place here');
      },
      closed: (cause) => this.#break(cause.message),
    };
    wire.use(user);
  }

  override _read(): void {
    if (!this.#received) this.#wire.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    this.#wire.sendData([chunk], done);
  }

  override _writev(chunks: readonly { readonly chunk: Buffer }[], done: Done): void {
    this.#wire.sendData(
      chunks.map(({ chunk }) => chunk),
      done,
    );
  }

  override _final(done: Done): void {
    this.#wire.send(FRAME.end);
    this.#sent = true;
    this.#free();
    done();
  }

  override _destroy(error: Error | null, done: Done): void {
    if (!this.#received || !this.#sent) {
      this.#wire.send(FRAME.reset);
      this.#wire.close();
    }
    done(error);
  }

  #onEnd(): void {
    this.#received = true;
    this.push(null);
    // The data before the end may have stopped it.
    this.#wire.resume();
    this.#free();
  }

  #free(): void {
    if (!this.#received || !this.#sent) return;
    if (this.#onFree === undefined) this.#wire.close();
    else this.#onFree();
  }

  #break(why: string): void {
    this.destroy(Object.assign(new Error(why), { code: 'ECONNRESET' }));
  }
}
