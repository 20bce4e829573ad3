import type { Duplex } from 'node:stream';
import { FRAME } from '../protocol/frame.js';
import { type Hello, parseMessage } from '../protocol/messages.js';
import { Wire } from '../protocol/wire.js';
import { deny, greet } from './greet.js';
import type { AgentHost } from './host.js';
import { Session } from './session.js';
import { isPort, type Settings } from './settings.js';

/**
 * The agent in the shadow's pod: listens for the mesh while a laptop that knows the token is connected, and gives it each connection on a
 * stream of its own. The newest control connection is the one that counts.
 */
export class Agent {
  readonly #host: AgentHost;
  readonly #settings: Settings;
  readonly #token: Buffer;
  readonly #wires = new Set<Wire>();
  #session: Session | undefined;
  #stop: (() => void) | undefined;
  /** Control connections one after the other: each frees the ports that the next needs. */
  #turn: Promise<void> = Promise.resolve();

  constructor(host: AgentHost, settings: Settings, token: Buffer) {
    this.#host = host;
    this.#settings = settings;
    this.#token = token;
  }

  async start(): Promise<void> {
    this.#stop = await this.#host.listen(this.#settings.controlPort, 'loopback', (stream) => void this.#accept(stream));
  }

  stop(): void {
    this.#stop?.();
    this.#session?.end('the agent stops');
    for (const wire of this.#wires) wire.destroy(new Error('the agent stops'));
  }

  async #accept(stream: Duplex): Promise<void> {
    let of: Session | undefined;
    const wire = new Wire(stream, { closesLast: true, onBytes: () => of?.heard() });
    this.#wires.add(wire);
    wire.onceClosed(() => this.#wires.delete(wire));
    const hello = await greet(wire, this.#token);
    if (hello === undefined) return;
    const adopt = (session: Session) => {
      of = session;
    };
    if (hello.role === 'control') {
      this.#turn = this.#turn.then(() => this.#control(wire, hello, adopt)).catch((error: Error) => wire.destroy(error));
      return;
    }
    const session = this.#session;
    if (session === undefined || session.over || session.id !== hello.session) {
      deny(wire, 'session', 'that session is over');
      return;
    }
    adopt(session);
    if (hello.role === 'carry') session.carry(wire);
    else if (hello.role === 'out') await this.#dialOut(wire, session);
    else deny(wire, 'protocol', 'a role of this version was expected');
  }

  async #control(wire: Wire, hello: Hello, adopt: (session: Session) => void): Promise<void> {
    const ports = Array.isArray(hello.listen) ? hello.listen.filter(isPort) : [];
    const refused = ports.filter((port) => !this.#settings.permitListen.includes(port));
    if (refused.length > 0) return deny(wire, 'ports', refused.join(', '));
    this.#session?.end('another connection has taken over');
    const session = new Session(wire, this.#host);
    this.#session = session;
    const taken = await session.start(ports);
    if (taken.length > 0) return deny(wire, 'ports', taken.join(', '));
    adopt(session);
    wire.send(FRAME.welcome, { session: session.id });
    this.#host.log(`session ${session.id} listens on ${ports.join(', ')}`);
  }

  async #dialOut(wire: Wire, session: Session): Promise<void> {
    try {
      const { type, payload } = await wire.next();
      if (type !== FRAME.dial) return deny(wire, 'protocol', 'a place to connect to was expected');
      const { host, port } = parseMessage('dial', payload);
      if (!this.#settings.permitOpen.some((pair) => pair.host === host && pair.port === port)) {
        return deny(wire, 'dial', `connections to ${host}:${port} are not permitted`);
      }
      const target = await this.#host.dial({ host, port }).catch((error: Error) => error);
      if (target instanceof Error) return deny(wire, 'dial', target.message);
      if (wire.closed || session.over) {
        target.destroy();
        return;
      }
      wire.send(FRAME.welcome, { session: session.id });
      session.carryOut(wire, target);
    } catch (error) {
      wire.destroy(error as Error);
    }
  }
}
