import { once } from 'node:events';
import { tunnelAuthError, tunnelRefusedError } from '@heddle/core';
import ssh2, { type Channel } from 'ssh2';
import { ChannelStream } from './channel-stream.js';
import { classify } from './classify.js';
import type { Credentials } from './credentials.js';
import { KeyAgent } from './key-agent.js';
import { PING_INTERVAL } from './liveness.js';
import { USER } from './names.js';
import type { Transport } from './transport.js';

/** Every address of the pod: what the mesh delivers to. sshd gives it back with each connection. */
const EVERYWHERE = '';

const ALGORITHMS: ssh2.Algorithms = {
  cipher: ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes128-ctr'],
  serverHostKey: ['ssh-ed25519'],
  compress: ['none'],
};

/** One authenticated SSH connection, with ssh2's callbacks as promises. Nothing in here outlives its transport. */
export class SshConnection {
  readonly #client = new ssh2.Client();
  readonly #transport: Transport;
  #pinned = true;
  #error: unknown;

  constructor(transport: Transport) {
    this.#transport = transport;
    // The first error says what happened; later ones follow from it. None leaves a connection that could be used.
    this.#client.on('error', (error) => {
      this.#error ??= error;
      transport.destroy();
    });
  }

  /** What went wrong first, in the transport or in ssh2. */
  get cause(): unknown {
    return this.#error ?? this.#transport.failure;
  }

  /** Resolves when authenticated. */
  async open(keys: Credentials): Promise<void> {
    const method: ssh2.AgentAuthMethod = { type: 'agent', username: USER, agent: new KeyAgent(keys) };
    const ready = new Promise<void>((resolve) => this.#client.once('ready', resolve));
    this.#client.connect({
      sock: this.#transport,
      username: USER,
      authHandler: [method],
      hostVerifier: (key: Buffer) => {
        this.#pinned = key.equals(keys.hostPublic);
        return this.#pinned;
      },
      algorithms: ALGORITHMS,
      readyTimeout: 15_000,
      keepaliveInterval: PING_INTERVAL,
      // Silence is judged by `watchLiveness`.
      keepaliveCountMax: Number.MAX_SAFE_INTEGER,
    });
    await this.#orLost(ready);
  }

  /** Runs the agent's one program, which ends older connections. */
  async endOthers(): Promise<void> {
    const exit = new Promise<number | null>((resolve, reject) => {
      this.#client.exec('end-others', (error, channel) => {
        if (error !== undefined) {
          reject(tunnelRefusedError('The agent does not run the program that ends older connections.', error));
          return;
        }
        channel.resume();
        channel.stderr.resume();
        channel.once('close', (code: number | null) => resolve(code ?? null));
      });
    });
    const code = await this.#orLost(exit);
    if (code !== 0) throw new Error(`the agent could not end older connections (exit code ${code})`);
  }

  /** Whether the agent listens on the port now; the protocol gives no reason when it does not. */
  async forwardIn(port: number): Promise<boolean> {
    const done = new Promise<boolean>((resolve) => {
      this.#client.forwardIn(EVERYWHERE, port, (error) => resolve(error === undefined));
    });
    return await this.#orLost(done);
  }

  onConnection(listener: (port: number, accept: () => Channel, reject: () => void) => void): void {
    this.#client.on('tcp connection', (details, accept, reject) => listener(details.destPort, accept, reject));
  }

  /** A connection out of the pod. */
  async dial(host: string, port: number): Promise<ChannelStream> {
    const opened = new Promise<ChannelStream>((resolve, reject) => {
      this.#client.forwardOut('127.0.0.1', 0, host, port, (error, channel) => {
        if (error === undefined) resolve(new ChannelStream(channel, this.#transport));
        else reject(new Error(`the agent does not connect to ${host}:${port}`, { cause: error }));
      });
    });
    return await this.#orLost(opened);
  }

  /** Says goodbye, and does not wait long for an answer. */
  async end(): Promise<void> {
    if (this.#transport.closed) return;
    const closed = once(this.#transport, 'close');
    const timer = setTimeout(() => this.#transport.destroy(), 500);
    this.#client.end();
    await closed;
    clearTimeout(timer);
  }

  async #orLost<T>(promise: Promise<T>): Promise<T> {
    promise.catch(() => {});
    let onClose = () => {};
    const lost = new Promise<never>((_, reject) => {
      onClose = () => reject(this.#pinned ? classify(this.cause ?? new Error('the connection to the agent was lost')) : hostKeyError());
      if (this.#transport.closed) onClose();
      // Before ssh2, which then answers all open requests with a failure, as if they had been refused.
      else this.#transport.prependOnceListener('close', onClose);
    });
    try {
      return await Promise.race([promise, lost]);
    } finally {
      this.#transport.off('close', onClose);
    }
  }
}

function hostKeyError(): Error {
  return tunnelAuthError("What answers in the shadow's pod does not have the host key that this session gave its agent.");
}
