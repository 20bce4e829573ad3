import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';

export const PORT_FORWARD = 'v4.channel.k8s.io';

/**
 * Port-forward over a WebSocket: for the n-th port channel 2n carries data and 2n+1 an error text, each begun by the port
 * (k8s.io/cri-streaming, portforward/websocket.go). No half-close: when the pod's side ends, so does the stream.
 */
export function acceptPortForward(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  ports: readonly number[],
  connect: (port: number) => Promise<Duplex>,
): void {
  const server = new WebSocketServer({ noServer: true, handleProtocols: () => PORT_FORWARD, perMessageDeflate: false });
  server.handleUpgrade(request, socket, head, (client) => {
    const inputs = ports.map((port, index) => forward(client, port, index * 2, connect));
    client.on('error', () => client.terminate());
    client.on('message', (data: RawData) => {
      const message = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer);
      inputs[(message[0] ?? 0) / 2]?.(message.subarray(1));
    });
  });
}

/** Joins one port's channels to the pod; returns what takes the client's data. */
function forward(client: WebSocket, port: number, channel: number, connect: (port: number) => Promise<Duplex>): (data: Buffer) => void {
  const send = (to: number, data: Buffer, done?: () => void) =>
    client.send(Buffer.concat([Buffer.from([to]), data]), { binary: true }, done);
  const end = () => client.close(1000);
  const number = Buffer.from([port & 255, port >> 8]);
  send(channel, number);
  send(channel + 1, number);
  let early: Buffer[] = [];
  let write = (data: Buffer): unknown => early.push(data);
  const opened = (stream: Duplex) => {
    client.on('close', () => stream.destroy());
    if (client.readyState !== client.OPEN) stream.destroy();
    stream.on('error', end).on('close', end).on('end', end);
    stream.on('drain', () => client.resume());
    stream.on('data', (data: Buffer) => {
      stream.pause();
      send(channel, data, () => stream.resume());
    });
    write = (data) => stream.write(data) || client.pause();
    for (const data of early) write(data);
    early = [];
  };
  const failed = (error: Error) => send(channel + 1, Buffer.from(`error forwarding port ${port} to pod: ${error.message}`), end);
  connect(port).then(opened, failed);
  return (data) => write(data);
}
