import { Duplex } from 'node:stream';
import type { Channel } from 'ssh2';
import type { Transport } from './transport.js';

type Callback = (error?: Error | null) => void;

/**
 * An SSH channel as an ordinary Duplex. ssh2's own (1.17.0) has no `error`, forgets write callbacks once it is closed, drops
 * parked data on `close()` (mscdex/ssh2, issue 1508), and on a server ends both directions with one.
 */
export class ChannelStream extends Duplex {
  readonly #channel: Channel;
  readonly #transport: Transport;
  #parked: Callback | undefined;
  #closed = false;

  constructor(channel: Channel, transport: Transport) {
    super({ allowHalfOpen: true });
    this.#channel = channel;
    this.#transport = transport;
    channel.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) channel.pause();
    });
    channel.on('end', () => this.push(null));
    channel.on('close', () => this.#onClose());
  }

  override _read(): void {
    this.#channel.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: Callback): void {
    if (this.#closed) {
      callback(brokenPipe());
      return;
    }
    this.#parked = callback;
    this.#channel.write(chunk, () => this.#transport.whenClear(() => this.#written()));
  }

  override _final(callback: Callback): void {
    if (this.#closed) {
      callback();
      return;
    }
    // Not `end()`: a server's channel would close altogether. The write goes through when all before it have.
    this.#channel.write(Buffer.alloc(0), () => {
      this.#channel.eof();
      callback();
    });
  }

  override _destroy(error: Error | null, callback: Callback): void {
    this.#channel.resume();
    this.#channel.close();
    callback(error);
  }

  #written(): void {
    const callback = this.#parked;
    this.#parked = undefined;
    callback?.();
  }

  // The other side is done with both directions; what it sent before may still wait to be read.
  #onClose(): void {
    this.#closed = true;
    const callback = this.#parked;
    this.#parked = undefined;
    callback?.(brokenPipe());
    if (this.readableEnded) this.destroy();
    else this.once('end', () => this.destroy());
  }
}

function brokenPipe(): Error {
  return Object.assign(new Error('the other side closed the connection'), { code: 'EPIPE' });
}
