import { type Log, messageOf } from '@heddle/core';
import { FRAME } from './protocol/frame.js';
import { parseMessage } from './protocol/messages.js';
import type { Wire } from './protocol/wire.js';
import { WireConnection } from './protocol/wire-connection.js';

/** Wires that are dialled before anybody needs them, so that a caller does not wait for a dial. */
const SPARE = 4;
/** The API server is everybody's. */
const MOST_DIALS = 32;
/** Between failed dials, ms. */
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 5000;

/** Keeps as many wires waiting as the agent needs. A wire carries one connection at a time, and the next when that has ended. */
export class WirePool {
  readonly #dial: () => Promise<Wire>;
  readonly #onConnection: (port: number, connection: WireConnection) => void;
  readonly #log: Log;
  #free = 0;
  #dialling = 0;
  #waiting = 0;
  #failures = 0;
  #pause: NodeJS.Timeout | undefined;
  #over = false;

  constructor(dial: () => Promise<Wire>, onConnection: (port: number, connection: WireConnection) => void, log: Log) {
    this.#dial = dial;
    this.#onConnection = onConnection;
    this.#log = log;
  }

  /** So many callers wait in the pod. */
  need(waiting: number): void {
    this.#waiting = waiting;
    this.#fill();
  }

  stop(): void {
    this.#over = true;
    clearTimeout(this.#pause);
  }

  #fill(): void {
    while (!this.#over && this.#pause === undefined && this.#dialling < MOST_DIALS && this.#free + this.#dialling < SPARE + this.#waiting) {
      this.#dialling += 1;
      void this.#add();
    }
  }

  async #add(): Promise<void> {
    try {
      const wire = await this.#dial();
      this.#failures = 0;
      this.#offer(wire);
    } catch (error) {
      this.#onFailure(error);
    } finally {
      this.#dialling -= 1;
      this.#fill();
    }
  }

  #offer(wire: Wire): void {
    this.#free += 1;
    const taken = () => {
      this.#free -= 1;
      this.#fill();
    };
    wire.use({
      message: (type, payload) => {
        if (type !== FRAME.open) {
          wire.destroy(new Error('the agent sent what was not expected'));
          return;
        }
        const { port } = parseMessage('open', payload);
        const connection = new WireConnection(wire, () => this.#offer(wire));
        taken();
        this.#onConnection(port, connection);
      },
      closed: taken,
    });
  }

  // Once until it works again.
  #onFailure(error: unknown): void {
    if (this.#over) return;
    if (this.#failures === 0) {
      this.#log('no stream to the agent for a connection', { cause: messageOf(error) });
    }
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.#failures);
    this.#failures += 1;
    this.#pause ??= setTimeout(() => {
      this.#pause = undefined;
      this.#fill();
    }, pause);
  }
}
