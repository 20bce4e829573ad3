import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { FRAME } from '../protocol/frame.js';
import { Heartbeat } from '../protocol/heartbeat.js';
import { join, reset } from '../protocol/join.js';
import type { Wire } from '../protocol/wire.js';
import { WireConnection } from '../protocol/wire-connection.js';
import type { AgentHost } from './host.js';

/** Wires that wait for callers; more are closed when their connection has ended. */
const KEPT = 32;
/** Callers without a wire. Beyond that they are turned away at once. */
const MOST_WAITING = 4096;
/** How long one waits for a wire. Ms. */
const PATIENCE = 30_000;

interface Caller {
  readonly port: number;
  readonly stream: Duplex;
  readonly timer: NodeJS.Timeout;
}

/** What one control wire holds: the listening ports, the wires that wait, and the connections that they carry. Ends with its wire. */
export class Session {
  readonly id = randomUUID();
  readonly #control: Wire;
  readonly #host: AgentHost;
  readonly #heartbeat: Heartbeat;
  readonly #free: Wire[] = [];
  readonly #wires = new Set<Wire>();
  readonly #streams = new Set<Duplex>();
  readonly #stops: (() => void)[] = [];
  #waiting: Caller[] = [];
  #told = 0;
  #telling = false;
  #over = false;

  constructor(control: Wire, host: AgentHost) {
    this.#control = control;
    this.#host = host;
    this.#heartbeat = new Heartbeat(
      () => control.send(FRAME.ping),
      (error) => control.destroy(error),
    );
  }

  get over(): boolean {
    return this.#over;
  }

  /** A sign of life from the laptop, on whichever wire. */
  heard(): void {
    this.#heartbeat.heard();
  }

  /** Listens for the mesh. Resolves with the ports that are taken; the session is over then. */
  async start(ports: readonly number[]): Promise<readonly number[]> {
    const taken: number[] = [];
    for (const port of ports) {
      try {
        const stop = await this.#host.listen(port, 'everywhere', (stream) => this.#onCaller(port, stream));
        if (this.#over) stop();
        else this.#stops.push(stop);
      } catch {
        taken.push(port);
      }
    }
    if (taken.length > 0) {
      this.#release();
      return taken;
    }
    this.#control.use({
      message: (type) => {
        if (type !== FRAME.bye) return;
        this.#control.send(FRAME.bye);
        this.#control.close();
        this.#end('the laptop has ended it');
      },
      closed: (cause) => this.#end(cause.message),
    });
    return [];
  }

  /** A wire that is to carry callers' connections, one after the other. */
  carry(wire: Wire): void {
    this.#track(wire);
    this.#offer(wire);
  }

  /** A connection out of the pod. */
  carryOut(wire: Wire, target: Duplex): void {
    this.#track(wire);
    this.#connect(target, new WireConnection(wire));
  }

  /** Another control wire takes over, or the agent stops. */
  end(why: string): void {
    this.#control.destroy(new Error(why));
    this.#end(why);
  }

  #onCaller(port: number, stream: Duplex): void {
    stream.on('error', () => {});
    if (this.#over || this.#waiting.length >= MOST_WAITING) {
      reset(stream);
      return;
    }
    const timer = setTimeout(() => {
      this.#waiting = this.#waiting.filter((other) => other.stream !== stream);
      reset(stream);
    }, PATIENCE);
    this.#waiting.push({ port, stream, timer });
    this.#match();
  }

  #offer(wire: Wire): void {
    if (this.#waiting.length === 0 && this.#free.length >= KEPT) {
      wire.close();
      return;
    }
    this.#free.push(wire);
    wire.use({
      message: () => wire.destroy(),
      closed: () => {
        const at = this.#free.indexOf(wire);
        if (at >= 0) this.#free.splice(at, 1);
      },
    });
    this.#match();
  }

  /** Whoever came first gets the wire that was used last. */
  #match(): void {
    while (this.#waiting.length > 0 && this.#free.length > 0) {
      const caller = this.#waiting.shift();
      const wire = this.#free.pop();
      if (caller === undefined || wire === undefined) break;
      clearTimeout(caller.timer);
      wire.send(FRAME.open, { port: caller.port });
      const connection = new WireConnection(wire, () => this.#offer(wire));
      this.#connect(caller.stream, connection);
    }
    this.#tell();
  }

  #connect(stream: Duplex, connection: WireConnection): void {
    this.#streams.add(stream);
    stream.once('close', () => this.#streams.delete(stream));
    join(stream, connection);
    // It may have gone while it waited.
    if (stream.destroyed) connection.destroy();
  }

  /** Says how many wait, once for all that came in one turn. */
  #tell(): void {
    if (this.#telling || this.#told === this.#waiting.length) return;
    this.#telling = true;
    setImmediate(() => {
      this.#telling = false;
      if (this.#told === this.#waiting.length) return;
      this.#told = this.#waiting.length;
      this.#control.send(FRAME.waiting, { count: this.#told });
    });
  }

  #track(wire: Wire): void {
    this.#wires.add(wire);
    wire.onceClosed(() => this.#wires.delete(wire));
  }

  /** Callers see a reset, so that a cut answer does not look complete. */
  #end(why: string): void {
    if (this.#over) return;
    this.#release();
    for (const { stream, timer } of this.#waiting) {
      clearTimeout(timer);
      reset(stream);
    }
    this.#waiting = [];
    for (const stream of this.#streams) reset(stream);
    for (const wire of this.#wires) wire.destroy(new Error(why));
    this.#host.log(`session ${this.id} is over: ${why}`);
  }

  #release(): void {
    this.#over = true;
    this.#heartbeat.stop();
    for (const stop of this.#stops) stop();
  }
}
