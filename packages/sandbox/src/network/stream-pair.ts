import { type Duplex, duplexPair } from 'node:stream';

/** Two ends of a connection in memory. Unlike Node's own pair, an end that breaks takes the other with it. */
export function streamPair(): readonly [Duplex, Duplex] {
  const [a, b] = duplexPair();
  const join = (here: Duplex, there: Duplex) => {
    here.on('error', () => here.destroy());
    here.on('close', () => {
      // What was sent before a proper end can still be read.
      if (here.writableFinished && !there.readableEnded) there.on('end', () => there.destroy());
      else there.destroy();
    });
  };
  join(a, b);
  join(b, a);
  return [a, b];
}
