import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { ApiServer } from './api-server.js';

/** One port-forward at the server's end, after the two port messages unless `silent`. */
export interface Forward {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
  /** Sends on the data channel; resolves when the bytes have left. */
  send(data: Buffer | string): Promise<void>;
  /** Says why it does not work, on the error channel. */
  refuse(words: string): void;
}

export interface ForwardServer {
  /** What happens with a new stream. */
  accept: (forward: Forward) => unknown;
  /** Instead of an upgrade. */
  answer: { readonly status: number; readonly body: string } | undefined;
  /** Preamble messages; both ports by default. */
  preamble: (port: number) => readonly Buffer[];
  readonly open: Set<WebSocket>;
  readonly requests: IncomingMessage[];
  /** The next new stream, with which nothing else happens. */
  next(): Promise<Forward>;
  /** Behaves as in the beginning, and has seen no requests. */
  reset(): void;
}

const behaviour = (): Pick<ForwardServer, 'accept' | 'answer' | 'preamble'> => ({
  accept: () => undefined,
  answer: undefined,
  preamble: (port) => [framed(0, portBytes(port)), framed(1, portBytes(port))],
});

export function framed(channel: number, data: Buffer | string): Buffer {
  return Buffer.concat([Buffer.from([channel]), Buffer.from(data)]);
}

function portBytes(port: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(port);
  return bytes;
}

/** Teaches a test's API server the kubelet's end of v4.channel.k8s.io. */
export function servePortForward(server: ApiServer): ForwardServer {
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has('v4.channel.k8s.io') ? 'v4.channel.k8s.io' : false),
  });
  const state: ForwardServer = {
    ...behaviour(),
    open: new Set(),
    requests: [],
    next: () => new Promise((resolve) => (state.accept = resolve)),
    reset: () => {
      Object.assign(state, behaviour());
      state.requests.length = 0;
    },
  };
  server.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    state.requests.push(request);
    if (state.answer !== undefined) {
      const { status, body } = state.answer;
      socket.end(
        `HTTP/1.1 ${status} No\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
      );
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      state.open.add(client);
      client.on('error', () => {});
      client.on('close', () => state.open.delete(client));
      const port = Number(new URL(request.url ?? '', 'http://x').searchParams.get('ports'));
      for (const message of state.preamble(port)) client.send(message);
      state.accept({
        socket: client,
        request,
        send: (data) => new Promise((resolve) => client.send(framed(0, data), () => resolve())),
        refuse: (words) => client.send(framed(1, words)),
      });
    });
  });
  return state;
}

/** A pod that sends back what it gets, waiting for a slow reader. */
export function echo({ socket }: Forward): void {
  socket.on('message', (message: Buffer) => {
    socket.pause();
    socket.send(message, () => socket.resume());
  });
}
