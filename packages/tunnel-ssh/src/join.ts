import type { Duplex } from 'node:stream';

/**
 * Carries bytes between two connections until both directions have ended. The end of one direction leaves the other open.
 * When one side closes early, the other still gets all that was read for it, and is closed then.
 */
export function join(a: Duplex, b: Duplex): void {
  a.pipe(b);
  b.pipe(a);
  follow(a, b);
  follow(b, a);
}

function follow(from: Duplex, to: Duplex): void {
  // A reset shows in `close`; there is nobody to tell.
  from.on('error', () => {});
  from.once('close', () => {
    if (to.destroyed) return;
    if (to.writableFinished) {
      to.destroy();
      return;
    }
    to.once('finish', () => to.destroy());
    to.end();
    to.resume();
  });
}
