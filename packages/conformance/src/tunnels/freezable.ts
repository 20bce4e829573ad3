import { Duplex } from 'node:stream';

type Done = (error?: Error | null) => void;

/** A stream that can stop carrying anything, without a word, as a lost network does. */
export class Freezable extends Duplex {
  readonly #under: Duplex;
  #frozen = false;

  constructor(under: Duplex) {
    super();
    this.#under = under;
    under.on('data', (chunk) => {
      if (!this.#frozen && !this.push(chunk)) under.pause();
    });
    under.on('end', () => {
      if (!this.#frozen) this.push(null);
    });
    under.on('error', (error) => this.destroy(error));
    under.on('close', () => {
      if (!this.#frozen) this.destroy();
    });
  }

  freeze(): void {
    this.#frozen = true;
  }

  override _read(): void {
    this.#under.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    // Never called back: the sender's buffer fills.
    if (!this.#frozen) this.#under.write(chunk, done);
  }

  override _final(done: Done): void {
    if (!this.#frozen) this.#under.end();
    done();
  }

  // The other side hears nothing of it either.
  override _destroy(error: Error | null, done: Done): void {
    if (!this.#frozen) this.#under.destroy();
    done(error);
  }
}
