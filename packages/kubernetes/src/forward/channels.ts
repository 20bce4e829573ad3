/** v4.channel.k8s.io for one port: the channel (0 data, 1 error), then the payload (k8s.io/cri-streaming, portforward/websocket.go). */
export const PROTOCOL = 'v4.channel.k8s.io';
export const DATA = 0;

/** The longest message that we send, channel byte included. The server takes up to 1 MiB. */
export const LONGEST_MESSAGE = 256 * 1024;

/** Each channel begins with the port, two bytes that say nothing new. */
const PREAMBLE = 2;

export interface Demultiplexer {
  /** The payload of a message, without a channel's preamble; `undefined` for a channel that v4 does not have. */
  take(message: Buffer): { readonly channel: number; readonly payload: Buffer } | undefined;
  /** Both channels have said their port: the kubelet is there and has accepted the request. */
  ready(): boolean;
}

export function createDemultiplexer(): Demultiplexer {
  const missing = [PREAMBLE, PREAMBLE];
  return {
    take(message) {
      const channel = message[0];
      const left = channel === undefined ? undefined : missing[channel];
      if (channel === undefined || left === undefined) return undefined;
      const skipped = Math.min(left, message.length - 1);
      missing[channel] = left - skipped;
      return { channel, payload: message.subarray(1 + skipped) };
    },
    ready: () => missing.every((left) => left === 0),
  };
}

/** Puts pieces of data into messages of the data channel, each as full as it may be. */
export function messagesOf(pieces: readonly Uint8Array[]): readonly Buffer[] {
  const messages: Buffer[] = [];
  let left = pieces.reduce((sum, piece) => sum + piece.length, 0);
  let message = Buffer.alloc(0);
  let filled = 0;
  for (const piece of pieces) {
    for (let start = 0; start < piece.length; ) {
      if (filled === message.length) {
        message = Buffer.allocUnsafe(Math.min(LONGEST_MESSAGE, left + 1));
        message[0] = DATA;
        messages.push(message);
        filled = 1;
      }
      const part = piece.subarray(start, start + message.length - filled);
      message.set(part, filled);
      filled += part.length;
      start += part.length;
      left -= part.length;
    }
  }
  return messages;
}
