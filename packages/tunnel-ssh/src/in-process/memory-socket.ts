import { Duplex } from 'node:stream';

type Callback = (error?: Error | null) => void;

/** One end of a connection in memory, with a socket's manners: half-close, back-pressure, and a reset when an end breaks. */
export class MemorySocket extends Duplex {
  #other: MemorySocket | undefined;
  #parked: Callback | undefined;

  constructor() {
    super({ allowHalfOpen: true });
  }

  static pair(): readonly [MemorySocket, MemorySocket] {
    const a = new MemorySocket();
    const b = new MemorySocket();
    a.#other = b;
    b.#other = a;
    return [a, b];
  }

  override _read(): void {
    this.#release(null);
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: Callback): void {
    const other = this.#other;
    if (other === undefined || other.destroyed) callback(socketError('EPIPE'));
    else if (other.push(chunk)) callback();
    else other.#parked = callback;
  }

  override _final(callback: Callback): void {
    if (this.#other?.destroyed === false) this.#other.push(null);
    callback();
  }

  override _destroy(error: Error | null, callback: Callback): void {
    const other = this.#other;
    this.#release(socketError('EPIPE'));
    if (other !== undefined && !other.destroyed) {
      if (error !== null) other.destroy(socketError('ECONNRESET'));
      else if (!this.writableFinished) other.push(null);
    }
    callback(error);
  }

  #release(error: Error | null): void {
    const callback = this.#parked;
    this.#parked = undefined;
    callback?.(error);
  }
}

export function socketError(code: 'EPIPE' | 'ECONNRESET' | 'ECONNREFUSED'): Error {
  return Object.assign(new Error(code), { code });
}
