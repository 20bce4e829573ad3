import type { Duplex } from 'node:stream';
import type { ForwardedPort, ForwardStats, Tunnel, TunnelClosed } from '@heddle/core';
import type { ChannelStream } from './channel-stream.js';
import type { SshConnection } from './ssh-connection.js';
import type { Transport } from './transport.js';

export class SshTunnel implements Tunnel {
  readonly closed: Promise<TunnelClosed>;
  readonly #connection: SshConnection;
  readonly #ports: readonly ForwardedPort[];
  readonly #opened = new Set<ChannelStream>();
  #disposal: Promise<void> | undefined;

  constructor(transport: Transport, connection: SshConnection, ports: readonly ForwardedPort[]) {
    this.#connection = connection;
    this.#ports = ports;
    this.closed = new Promise((resolve) => {
      const onClose = () => {
        this.#abort();
        resolve(this.#disposal === undefined ? { why: 'lost', retry: true, cause: connection.cause } : { why: 'disposed', retry: false });
      };
      if (transport.closed) onClose();
      // First of all listeners: connections are reset before ssh2 makes their channels look ended.
      else transport.prependOnceListener('close', onClose);
    });
  }

  stats(): readonly ForwardStats[] {
    return this.#ports.map((port) => port.stats());
  }

  /** Rejects where the agent's `permitOpen` does not list the pair, or nothing answers there. */
  async open(host: string, port: number): Promise<Duplex> {
    const stream = await this.#connection.dial(host, port);
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
    this.#abort();
    await this.#connection.end();
  }

  #abort(): void {
    for (const port of this.#ports) port.abort();
    for (const stream of this.#opened) stream.destroy(Object.assign(new Error('the tunnel is closed'), { code: 'ECONNRESET' }));
  }
}
