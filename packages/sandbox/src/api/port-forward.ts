import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';

export const PORT_FORWARD = 'v4.channel.k8s.io';

type Connect = (port: number) => Promise<Duplex>;

/**
 * Port-forward over a WebSocket: for the n-th port channel 2n carries data and 2n+1 an error text, each begun by the port
 * (k8s.io/cri-streaming, portforward/websocket.go). No half-close: when the pod's side ends, so does the stream.
 */
export function acceptPortForward(request: IncomingMessage, socket: Duplex, head: Buffer, ports: readonly number[], connect: Connect) {
  const server = new WebSocketServer({ noServer: true, handleProtocols: () => PORT_FORWARD, perMessageDeflate: false });
  server.handleUpgrade(request, socket, head, async (client) => {
    client.pause();
    client.on('error', () => client.terminate());
    const inputs = await Promise.all(ports.map((port, index) => forward(client, port, index * 2, connect)));
    client.on('message', (message: Buffer) => inputs[(message[0] ?? 0) / 2]?.write(message.subarray(1)) || client.pause());
    client.resume();
  });
}

/** Joins one port's channels to the pod; returns what takes the client's data, if the pod takes the connection. */
async function forward(client: WebSocket, port: number, channel: number, connect: Connect): Promise<Duplex | undefined> {
  const send = (to: number, data: Buffer, done?: () => void) =>
    client.send(Buffer.concat([Buffer.from([to]), data]), { binary: true }, done);
  const end = () => client.close(1000);
  for (const to of [channel, channel + 1]) send(to, Buffer.from([port & 255, port >> 8]));
  try {
    const stream = await connect(port);
    client.on('close', () => stream.destroy());
    stream.on('error', end).on('close', end).on('end', end);
    stream.on('drain', () => client.resume());
    stream.on('data', (data: Buffer) => {
      stream.pause();
      send(channel, data, () => stream.resume());
    });
    if (client.readyState !== client.OPEN) stream.destroy();
    return stream;
  } catch (error) {
    send(channel + 1, Buffer.from(`error forwarding port ${port} to pod: ${(error as Error).message}`), end);
    return undefined;
  }
}
