import type { Transport } from './transport.js';

/** How often ssh2 asks the other side for a sign of life. */
export const PING_INTERVAL = 3000;
const TICK = 500;
const SILENCE = 9000;
/** While our side cannot get its bytes out, the answers to its pings are late too. */
const SILENCE_WHEN_CONGESTED = 30_000;

/** Destroys the transport when nothing was heard for nine seconds. Any byte counts, not only answers to pings. Returns how to stop. */
export function watchLiveness(transport: Transport): () => void {
  let lastTick = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    // This machine slept, or was too busy to read: the other side gets another chance.
    if (now - lastTick > 4 * TICK) transport.lastRead = now;
    lastTick = now;
    const silence = now - transport.lastRead;
    if (silence > (transport.congested ? SILENCE_WHEN_CONGESTED : SILENCE)) {
      transport.destroy(
        Object.assign(new Error(`nothing heard from the agent for ${Math.round(silence / 1000)} s`), { code: 'ETIMEDOUT' }),
      );
    }
  }, TICK);
  return () => clearInterval(timer);
}
