import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ForwardSpec, ForwardStats, Log } from '@heddle/core';
import { join, reset } from './protocol/join.js';

const CONNECT_TIMEOUT = 10_000;

/** The connections of one forwarded port. */
export class Forwarder {
  readonly #spec: ForwardSpec;
  readonly #log: Log;
  readonly #live = new Set<Socket>();
  readonly #past = { total: 0, failed: 0, bytesIn: 0, bytesOut: 0 };
  #failing = false;
  #over = false;

  constructor(spec: ForwardSpec, log: Log) {
    this.#spec = spec;
    this.#log = log;
  }

  /** A caller has connected in the pod, and may have sent something already. */
  onConnection(caller: Duplex): void {
    caller.on('error', () => {});
    this.#past.total += 1;
    try {
      const to = this.#spec.to();
      const socket = connect({ ...to, allowHalfOpen: true, noDelay: true, timeout: CONNECT_TIMEOUT });
      this.#carry(socket, `${to.host}:${to.port}`, caller);
    } catch (error) {
      // Neither a port that is none nor the caller's own fault may end the other connections.
      this.#past.failed += 1;
      reset(caller);
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
    for (const socket of this.#live) reset(socket);
  }

  #carry(socket: Socket, place: string, caller: Duplex): void {
    const onTimeout = () => socket.destroy(new Error(`no answer within ${CONNECT_TIMEOUT / 1000} s`));
    let gone = false;
    const onGone = () => {
      gone = true;
      reset(socket);
    };
    const onFailure = (cause: Error) => {
      this.#past.failed += 1;
      caller.off('close', onGone);
      reset(caller);
      if (!this.#over && !gone) this.#complain(`no connection to ${place}`, cause);
    };
    this.#live.add(socket);
    caller.once('close', onGone);
    socket.once('timeout', onTimeout);
    socket.once('error', onFailure);
    socket.once('connect', () => {
      this.#failing = false;
      socket.setTimeout(0);
      socket.off('timeout', onTimeout);
      socket.off('error', onFailure);
      caller.off('close', onGone);
      join(socket, caller);
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
