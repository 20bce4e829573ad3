/**
 * What passes on a wire: frames of one byte type, three bytes length (big-endian) and the payload. Messages have JSON as payload,
 * or none; only data may be long.
 */
export const FRAME = {
  // The handshake, on every wire.
  hello: 1,
  challenge: 2,
  proof: 3,
  // Answers to it, and to `dial`.
  welcome: 4,
  denied: 5,
  // On the control wire.
  ping: 6,
  waiting: 7,
  bye: 8,
  // Before a connection: from the agent, that a caller has connected to a port; from the laptop, where to connect to.
  open: 9,
  dial: 10,
  // Within a connection. Port-forward cannot half-close, so the end of one direction is a frame of its own.
  data: 11,
  end: 12,
  reset: 13,
} as const;

export type FrameType = (typeof FRAME)[keyof typeof FRAME];

export const HEADER = 4;
/** Of a data frame. */
export const LONGEST_DATA = 256 * 1024;
/** Of any other frame. */
export const LONGEST_MESSAGE = 16 * 1024;

export function headerOf(type: FrameType, length: number): Buffer {
  const header = Buffer.allocUnsafe(HEADER);
  header.writeUInt32BE(type * 2 ** 24 + length);
  return header;
}

export interface FrameSink {
  /** Of a data frame, in pieces as they come. */
  data(piece: Buffer): void;
  message(type: number, payload: Buffer): void;
}

/** Takes bytes as they come and hands out what they carry. Throws for what is no frame. */
export class FrameReader {
  readonly #sink: FrameSink;
  #parts: Buffer[] = [];
  #missing = HEADER;
  /** Of the frame whose payload is being read; 0: the header is. */
  #type = 0;

  constructor(sink: FrameSink) {
    this.#sink = sink;
  }

  take(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) {
      const piece = chunk.subarray(at, at + this.#missing);
      at += piece.length;
      this.#missing -= piece.length;
      if (this.#type === FRAME.data) this.#sink.data(piece);
      else this.#parts.push(piece);
      // Frames without payload end with their header.
      while (this.#missing === 0) this.#finish();
    }
  }

  #finish(): void {
    const type = this.#type;
    const whole = this.#parts.length === 1 && this.#parts[0] !== undefined ? this.#parts[0] : Buffer.concat(this.#parts);
    this.#parts = [];
    if (type === 0) {
      this.#type = whole[0] ?? 0;
      this.#missing = whole.readUIntBE(1, 3);
      const longest = this.#type === FRAME.data ? LONGEST_DATA : LONGEST_MESSAGE;
      if (this.#type < FRAME.hello || this.#type > FRAME.reset || this.#missing > longest)
        throw new Error("these are not frames of the agent's protocol");
      return;
    }
    this.#type = 0;
    this.#missing = HEADER;
    if (type !== FRAME.data) this.#sink.message(type, whole);
  }
}
