import type { Duplex } from 'node:stream';

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** What the agent needs of the pod that it runs in: sockets in the image, connections in memory in a sandbox. */
export interface AgentHost {
  /** `loopback`: only from within the pod, which is where port-forward arrives. Resolves with how to stop; rejects when the port is taken. */
  listen(port: number, where: 'everywhere' | 'loopback', accept: (stream: Duplex) => void): Promise<() => void>;
  /** Resolves when connected. */
  dial(to: HostPort): Promise<Duplex>;
  log(message: string): void;
}
