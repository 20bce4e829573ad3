import type { Duplex } from 'node:stream';

/** A port that a connection listens on. `everywhere`: also on the pod's address, which is where the mesh delivers. */
export interface Listener {
  readonly address: string;
  readonly everywhere: boolean;
  readonly owner: object;
  /** Hands over a new connection to the port. */
  accept(): Duplex;
}

/** The pod's listening ports, as the kernel keeps them for sshd. */
export class Listeners {
  readonly #byPort = new Map<number, Listener>();
  readonly #onChange: () => void;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** False when the port is taken. */
  add(port: number, listener: Listener): boolean {
    if (this.#byPort.has(port)) return false;
    this.#byPort.set(port, listener);
    this.#onChange();
    return true;
  }

  /** False when that owner does not listen there. */
  remove(port: number, address: string, owner: object): boolean {
    const listener = this.#byPort.get(port);
    if (listener?.owner !== owner || listener.address !== address) return false;
    this.#byPort.delete(port);
    this.#onChange();
    return true;
  }

  removeAll(owner: object): void {
    for (const [port, listener] of this.#byPort) if (listener.owner === owner) this.remove(port, listener.address, owner);
  }

  reachable(port: number): Listener | undefined {
    const listener = this.#byPort.get(port);
    return listener?.everywhere === true ? listener : undefined;
  }
}
