import { connect, type Socket } from 'node:net';
import type { ForwardSpec, ForwardStats, Log } from '@heddle/core';
import type { Channel } from 'ssh2';
import { ChannelStream } from './channel-stream.js';
import { join } from './join.js';
import type { Transport } from './transport.js';

const CONNECT_TIMEOUT = 10_000;

/** The connections of one forwarded port. */
export class Forwarder {
  readonly #spec: ForwardSpec;
  readonly #transport: Transport;
  readonly #log: Log;
  readonly #live = new Set<Socket>();
  readonly #past = { total: 0, failed: 0, bytesIn: 0, bytesOut: 0 };
  #failing = false;
  #over = false;

  constructor(spec: ForwardSpec, transport: Transport, log: Log) {
    this.#spec = spec;
    this.#transport = transport;
    this.#log = log;
  }

  /** Connects locally first: only then is the connection accepted, so that a caller sees at once when nothing listens. */
  onConnection(accept: () => Channel, reject: () => void): void {
    this.#past.total += 1;
    try {
      const to = this.#spec.to();
      const socket = connect({ ...to, allowHalfOpen: true, noDelay: true, timeout: CONNECT_TIMEOUT });
      this.#carry(socket, `${to.host}:${to.port}`, accept, reject);
    } catch (error) {
      // Neither a port that is none nor the caller's own fault may end the other connections.
      this.#past.failed += 1;
      reject();
      this.#complain('no place to connect to', error);
    }
  }

  stats(): ForwardStats {
    const { total, failed } = this.#past;
    let { bytesIn, bytesOut } = this.#past;
    let open = 0;
    for (const socket of this.#live) {
      if (!socket.connecting && !socket.destroyed) open += 1;
      bytesIn += socket.bytesWritten;
      bytesOut += socket.bytesRead;
    }
    return { port: this.#spec.port, open, total, failed, bytesIn, bytesOut };
  }

  /** Resets what is open, so that a cut answer or request does not look like a complete one. */
  abort(): void {
    this.#over = true;
    for (const socket of this.#live) {
      if (socket.connecting) socket.destroy(new Error('the tunnel is closed'));
      else socket.resetAndDestroy();
    }
  }

  #carry(socket: Socket, place: string, accept: () => Channel, reject: () => void): void {
    const onTimeout = () => socket.destroy(new Error(`no answer within ${CONNECT_TIMEOUT / 1000} s`));
    const onFailure = (cause: Error) => {
      this.#past.failed += 1;
      if (this.#over) return;
      reject();
      this.#complain(`no connection to ${place}`, cause);
    };
    this.#live.add(socket);
    socket.once('timeout', onTimeout);
    socket.once('error', onFailure);
    socket.once('connect', () => {
      this.#failing = false;
      socket.setTimeout(0);
      socket.off('timeout', onTimeout);
      socket.off('error', onFailure);
      join(socket, new ChannelStream(accept(), this.#transport));
    });
    socket.once('close', () => {
      this.#live.delete(socket);
      this.#past.bytesIn += socket.bytesWritten;
      this.#past.bytesOut += socket.bytesRead;
    });
  }

  // Once until it works again: callers may retry often.
  #complain(what: string, cause: unknown): void {
    if (!this.#failing) this.#log(`port ${this.#spec.port}: ${what}`, { cause: messageOf(cause) });
    this.#failing = true;
  }
}

// A name with several addresses fails with one error for each, and no message of its own.
function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join(', ');
  return error instanceof Error ? error.message : String(error);
}
