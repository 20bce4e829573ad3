import { Duplex } from 'node:stream';

/** Above this much unsent data, connections stop reading from their side. */
const CONGESTED = 1024 * 1024;
/** Up to here one copy is cheaper than a vector. */
const WORTH_JOINING = 16 * 1024;

/**
 * What ssh2 speaks over: the dialled stream, with the small writes of one tick joined into one, the time of the last byte
 * from the other side, and a word on congestion, which ssh2 itself does not look at (1.17.0 ignores what `write` returns).
 */
export class Transport extends Duplex {
  /** Monotonic, ms. */
  lastRead = performance.now();
  failure: Error | undefined;
  readonly #under: Duplex;
  #batch: Buffer[] = [];
  #batchBytes = 0;
  #waiting: (() => void)[] = [];

  constructor(under: Duplex) {
    super({ allowHalfOpen: false });
    this.#under = under;
    if ('setNoDelay' in under && typeof under.setNoDelay === 'function') under.setNoDelay(true);
    under.on('data', (chunk: Buffer) => {
      this.lastRead = performance.now();
      if (!this.push(chunk)) under.pause();
    });
    under.on('end', () => this.push(null));
    // In SSH, a side that stopped sending is gone.
    this.on('end', () => this.destroy());
    this.on('error', (error) => {
      this.failure = error;
    });
    under.on('drain', () => this.#release());
    under.on('error', (error) => this.destroy(error));
    under.on('close', () => this.destroy());
    if (under.destroyed) this.destroy();
  }

  get congested(): boolean {
    return this.#batchBytes + this.#under.writableLength > CONGESTED;
  }

  /** Calls back now, or when the congestion is over. */
  whenClear(callback: () => void): void {
    if (this.congested && !this.destroyed) this.#waiting.push(callback);
    else callback();
  }

  override _read(): void {
    this.#under.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    if (this.#batch.push(chunk) === 1) process.nextTick(() => this.#flush());
    this.#batchBytes += chunk.length;
    callback();
  }

  override _final(callback: (error?: Error | null) => void): void {
    this.#flush();
    this.#under.end(() => callback());
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#under.destroy();
    this.#release();
    callback(error);
  }

  #flush(): void {
    if (this.#batch.length === 0) return;
    const batch = this.#batchBytes > WORTH_JOINING ? this.#batch : [Buffer.concat(this.#batch, this.#batchBytes)];
    this.#batch = [];
    this.#batchBytes = 0;
    if (this.#under.writable) {
      this.#under.cork();
      for (const chunk of batch) this.#under.write(chunk);
      this.#under.uncork();
    }
    if (!this.congested) this.#release();
  }

  #release(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const callback of waiting) callback();
  }
}
