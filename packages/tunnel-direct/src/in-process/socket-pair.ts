import { type Duplex, duplexPair } from 'node:stream';

/** Two ends of a connection in memory, with a socket's manners: half-close, back-pressure, and an end that breaks resets the other. */
export function socketPair(): readonly [Duplex, Duplex] {
  const [a, b] = duplexPair();
  follow(a, b);
  follow(b, a);
  return [a, b];
}

export function socketError(code: 'ECONNRESET' | 'ECONNREFUSED'): Error {
  return Object.assign(new Error(code), { code });
}

function follow(from: Duplex, to: Duplex): void {
  from.once('close', () => {
    if (to.destroyed) return;
    // What was sent before a proper end can still be read; nobody will read what is sent from now on.
    if (from.writableFinished && from.errored === null) {
      if (to.readableEnded) to.destroy();
      else to.once('end', () => to.destroy());
    } else to.destroy(socketError('ECONNRESET'));
  });
}
