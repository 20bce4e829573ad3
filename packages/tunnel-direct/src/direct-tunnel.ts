import type { Duplex } from 'node:stream';
import type { ForwardedPort, ForwardStats, Log, Tunnel, TunnelClosed } from '@heddle/core';
import { welcomed } from './greet-agent.js';
import { FRAME } from './protocol/frame.js';
import { Heartbeat } from './protocol/heartbeat.js';
import { join, reset } from './protocol/join.js';
import { parseMessage, type Role } from './protocol/messages.js';
import type { Wire } from './protocol/wire.js';
import { WireConnection } from './protocol/wire-connection.js';
import { WirePool } from './wire-pool.js';

/** How long the agent may take to say goodbye. Ms. */
const GOODBYE = 500;

export interface TunnelParts {
  readonly control: Wire;
  readonly ports: ReadonlyMap<number, ForwardedPort>;
  /** Another wire to the agent, for this session; `onBytes` is called for all that comes on it. */
  readonly dial: (role: Role, signal: AbortSignal, onBytes: () => void) => Promise<Wire>;
  readonly log: Log;
}

export class DirectTunnel implements Tunnel {
  readonly closed: Promise<TunnelClosed>;
  readonly #parts: TunnelParts;
  readonly #heartbeat: Heartbeat;
  readonly #pool: WirePool;
  readonly #wires = new Set<Wire>();
  readonly #opened = new Set<Duplex>();
  readonly #over = new AbortController();
  #disposal: Promise<void> | undefined;
  #disposed = false;
  #goodbye = () => {};

  constructor(parts: TunnelParts) {
    const { control, ports, log } = parts;
    this.#parts = parts;
    this.#heartbeat = new Heartbeat(
      () => control.send(FRAME.ping),
      (error) => control.destroy(error),
    );
    this.#pool = new WirePool(
      () => this.#dial('carry'),
      (port, connection) => {
        const forwarded = ports.get(port);
        if (forwarded === undefined) connection.destroy();
        else serve(connection, forwarded);
      },
      log,
    );
    this.closed = new Promise((resolve) => {
      control.use({
        message: (type, payload) => this.#onMessage(type, payload),
        closed: (cause) => {
          this.#abort();
          this.#goodbye();
          resolve(this.#disposed ? { why: 'disposed', retry: false } : { why: 'lost', retry: true, cause });
        },
      });
    });
    if (!control.closed) this.#pool.need(0);
  }

  /** A sign of life from the agent. */
  heard(): void {
    this.#heartbeat.heard();
  }

  stats(): readonly ForwardStats[] {
    return [...this.#parts.ports.values()].map((port) => port.stats());
  }

  /** Rejects where the agent's `permitOpen` does not list the pair, or nothing answers there. */
  async open(host: string, port: number): Promise<Duplex> {
    const wire = await this.#dial('out');
    try {
      wire.send(FRAME.dial, { host, port });
      await welcomed(wire);
    } catch (error) {
      wire.destroy();
      throw new Error(`the agent does not connect to ${host}:${port}`, { cause: error });
    }
    const stream = new WireConnection(wire);
    this.#opened.add(stream);
    // Whoever does not listen for errors must not go down with the tunnel.
    stream.on('error', () => {});
    stream.once('close', () => this.#opened.delete(stream));
    return stream;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposal ??= this.#end();
    await this.#disposal;
  }

  async #end(): Promise<void> {
    const { control } = this.#parts;
    this.#disposed = true;
    this.#abort();
    if (!control.closed) {
      const timer = setTimeout(() => control.destroy(), GOODBYE);
      const gone = new Promise<void>((resolve) => {
        this.#goodbye = resolve;
      });
      control.send(FRAME.bye);
      await gone;
      clearTimeout(timer);
    }
    await this.closed;
  }

  #onMessage(type: number, payload: Buffer): void {
    if (type === FRAME.waiting) this.#pool.need(parseMessage('waiting', payload).count);
    else if (type === FRAME.bye) this.#parts.control.destroy();
  }

  async #dial(role: Role): Promise<Wire> {
    const wire = await this.#parts.dial(role, this.#over.signal, () => this.heard());
    if (this.#over.signal.aborted) {
      wire.destroy();
      throw new Error('the tunnel is closed');
    }
    this.#wires.add(wire);
    wire.onceClosed(() => this.#wires.delete(wire));
    return wire;
  }

  #abort(): void {
    this.#over.abort(new Error('the tunnel is closed'));
    this.#heartbeat.stop();
    this.#pool.stop();
    for (const port of this.#parts.ports.values()) port.abort();
    for (const stream of this.#opened) reset(stream);
    for (const wire of this.#wires) wire.destroy(new Error('the tunnel is closed'));
  }
}

/** A caller has connected in the pod, and may have sent something already. */
function serve(caller: Duplex, port: ForwardedPort): void {
  caller.on('error', () => {});
  const giveUp = port.connect({ connected: (local) => join(local, caller), failed: () => reset(caller) });
  caller.once('close', giveUp);
}
