import { connect, type Socket } from 'node:net';
import type { ForwardSpec, ForwardStats, Log } from '../contracts/tunnel-provider.js';
import { messageOf } from '../errors/message-of.js';

const CONNECT_TIMEOUT = 10_000;

/** A caller in the pod who waits to be connected. One of the two is called, once; neither when the tunnel ended meanwhile. */
export interface WaitingCaller {
  /** The local connection is there, with `allowHalfOpen`: carry bytes between it and the caller from now on. */
  connected(local: Socket): void;
  /** There is none: turn the caller away. */
  failed(): void;
}

/** The local end of one forward: connects for each caller, counts, and ends it all. How bytes come from the pod is the tunnel's own. */
export class ForwardedPort {
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

  /** Connects to where the forward leads now. What it returns gives the attempt up, for a caller who is gone. */
  connect(caller: WaitingCaller): () => void {
    this.#past.total += 1;
    try {
      const to = this.#spec.to();
      const socket = connect({ ...to, allowHalfOpen: true, noDelay: true, timeout: CONNECT_TIMEOUT });
      return this.#await(socket, `${to.host}:${to.port}`, caller);
    } catch (error) {
      // Neither a port that is none nor the caller's own fault may end the other connections.
      this.#past.failed += 1;
      caller.failed();
      this.#complain('no place to connect to', error);
      return () => {};
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

  /** The tunnel is over. Resets what is open, so that a cut answer or request does not look like a complete one. */
  abort(): void {
    this.#over = true;
    for (const socket of this.#live) {
      if (socket.connecting) socket.destroy(new Error('the tunnel is closed'));
      else socket.resetAndDestroy();
    }
  }

  #await(socket: Socket, place: string, caller: WaitingCaller): () => void {
    let gone = false;
    const onTimeout = () => socket.destroy(new Error(`no answer within ${CONNECT_TIMEOUT / 1000} s`));
    const onFailure = (cause: Error) => {
      this.#past.failed += 1;
      if (this.#over) return;
      caller.failed();
      if (!gone) this.#complain(`no connection to ${place}`, cause);
    };
    this.#live.add(socket);
    socket.once('timeout', onTimeout);
    socket.once('error', onFailure);
    socket.once('connect', () => {
      this.#failing = false;
      socket.setTimeout(0);
      socket.off('timeout', onTimeout);
      socket.off('error', onFailure);
      caller.connected(socket);
    });
    socket.once('close', () => {
      this.#live.delete(socket);
      this.#past.bytesIn += socket.bytesWritten;
      this.#past.bytesOut += socket.bytesRead;
    });
    return () => {
      if (!socket.connecting) return;
      gone = true;
      socket.destroy(new Error('the caller is gone'));
    };
  }

  // Once until it works again: callers may retry often.
  #complain(what: string, cause: unknown): void {
    if (!this.#failing) this.#log(`port ${this.#spec.port}: ${what}`, { cause: reasonOf(cause) });
    this.#failing = true;
  }
}

// A name with several addresses fails with one error for each, and no message of its own.
function reasonOf(error: unknown): string {
  return error instanceof AggregateError ? error.errors.map(reasonOf).join(', ') : messageOf(error);
}
