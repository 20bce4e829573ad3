import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { PodContext } from '@heddle/core';
import ssh2 from 'ssh2';
import { ChannelStream } from '../channel-stream.js';
import { join } from '../join.js';
import { USER } from '../names.js';
import type { SessionConfig } from '../session-config.js';
import { Transport } from '../transport.js';
import type { Listeners } from './listeners.js';
import { MemorySocket, socketError } from './memory-socket.js';

export interface ServerOptions {
  readonly authorizedKeys: string;
  readonly hostKey: string;
  readonly config: SessionConfig;
  readonly listeners: Listeners;
  readonly dial: PodContext['dial'];
  /** What the ForceCommand program does. */
  readonly endOthers: (mine: ServerConnection) => Promise<void>;
}

/** Binding to one of these makes a port reachable at the pod's address (`GatewayPorts clientspecified`). */
const EVERYWHERE = ['', '*', '0.0.0.0', '::'];

/** sshd's side of one connection, with what `agent/sshd_config` allows. */
export class ServerConnection {
  readonly closed: Promise<void>;
  readonly #options: ServerOptions;
  readonly #transport: Transport;

  constructor(stream: Duplex, options: ServerOptions) {
    this.#options = options;
    this.#transport = new Transport(stream);
    this.closed = new Promise((resolve) => this.#transport.once('close', () => resolve()));
    const limits = { keepaliveInterval: 3000, keepaliveCountMax: 2 };
    const server = new ssh2.Server({ hostKeys: [options.hostKey], ...limits }, (client) => this.#onClient(client));
    // ssh2 takes any Duplex here, as for a client's `sock`.
    server.injectSocket(this.#transport as unknown as Socket);
  }

  end(): void {
    this.#transport.destroy();
  }

  #onClient(client: ssh2.Connection): void {
    client.on('error', () => this.end());
    client.on('close', () => this.#options.listeners.removeAll(this));
    client.on('authentication', (attempt) => (this.#authenticated(attempt) ? attempt.accept() : attempt.reject(['publickey'])));
    client.on('request', (accept, reject, name, info) => {
      if (!('bindPort' in info)) {
        reject?.();
        return;
      }
      const done =
        name === 'tcpip-forward' ? this.#listen(client, info) : this.#options.listeners.remove(info.bindPort, info.bindAddr, this);
      if (done) accept?.();
      else reject?.();
    });
    client.on('tcpip', (accept, reject, info) => void this.#dialOut(accept, reject, info));
    client.on('session', (accept) => {
      const session = accept();
      session.on('exec', (run) => void this.#runEndOthers(run()));
      session.on('shell', (run) => void this.#runEndOthers(run()));
    });
  }

  #authenticated(attempt: ssh2.AuthContext): boolean {
    if (attempt.method !== 'publickey' || attempt.username !== USER) return false;
    const allowed = ssh2.utils.parseKey(this.#options.authorizedKeys);
    if (allowed instanceof Error || !attempt.key.data.equals(allowed.getPublicSSH())) return false;
    // Without a signature the client only asks whether the key would do.
    if (attempt.signature === undefined || attempt.blob === undefined) return true;
    return allowed.verify(attempt.blob, attempt.signature, attempt.hashAlgo) === true;
  }

  #listen(client: ssh2.Connection, { bindAddr, bindPort }: ssh2.TcpipBindInfo): boolean {
    const { config, listeners } = this.#options;
    if (!config.permitListen.includes(bindPort)) return false;
    const accept = (): Duplex => {
      const [caller, ours] = MemorySocket.pair();
      // As with a socket, the caller is connected already; a refusal from the other side shows as a reset.
      client.forwardOut(bindAddr, bindPort, '127.0.0.1', 1, (error, channel) => {
        if (error === undefined) join(ours, new ChannelStream(channel, this.#transport));
        else ours.destroy(socketError('ECONNRESET'));
      });
      ours.on('error', () => {});
      return caller;
    };
    return listeners.add(bindPort, { address: bindAddr, everywhere: EVERYWHERE.includes(bindAddr), owner: this, accept });
  }

  async #dialOut(accept: () => ssh2.Channel, reject: () => void, info: ssh2.TcpipRequestInfo): Promise<void> {
    const { config, dial } = this.#options;
    if (!config.permitOpen.some(({ host, port }) => host === info.destIP && port === info.destPort)) {
      reject();
      return;
    }
    try {
      const target = await dial(info.destIP, info.destPort);
      if (this.#transport.destroyed) target.destroy();
      else join(target, new ChannelStream(accept(), this.#transport));
    } catch {
      reject();
    }
  }

  async #runEndOthers(channel: ssh2.ServerChannel): Promise<void> {
    await this.#options.endOthers(this);
    channel.exit(0);
    channel.end();
  }
}
