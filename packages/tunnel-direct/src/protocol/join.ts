import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/**
 * Carries bytes between two connections until both directions have ended. The end of one direction leaves the other open. When one
 * side breaks, the other is reset, unless all that it will ever get has been handed to it: then it may still get that.
 */
export function join(a: Duplex, b: Duplex): void {
  a.pipe(b);
  b.pipe(a);
  follow(a, b);
  follow(b, a);
}

/** Ends a connection so that the other end sees a failure, not an end. */
export function reset(stream: Duplex): void {
  if (stream instanceof Socket && !stream.connecting) stream.resetAndDestroy();
  else stream.destroy(Object.assign(new Error('the connection was cut'), { code: 'ECONNRESET' }));
}

function follow(from: Duplex, to: Duplex): void {
  // A failure shows in `close`; there is nobody to tell.
  from.on('error', () => {});
  from.once('close', () => {
    if (to.destroyed) return;
    if (!from.readableEnded) reset(to);
    else if (to.writableFinished) to.destroy();
    else to.once('finish', () => to.destroy());
  });
}
