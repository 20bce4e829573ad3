/** Ms, as all here. */
const PING = 3000;
const TICK = 500;
/** No sign of life for so long, and the other side is taken for dead. */
export const SILENCE = 9000;

/** Sends signs of life, and says when none came for nine seconds. Whoever receives anything calls `heard`. */
export class Heartbeat {
  readonly #timers: readonly NodeJS.Timeout[];
  #last = performance.now();

  constructor(ping: () => void, onSilence: (error: Error) => void) {
    let lastTick = this.#last;
    const watch = setInterval(() => {
      const now = performance.now();
      // This machine slept, or was too busy to read: the other side gets another chance.
      if (now - lastTick > 4 * TICK) this.#last = now;
      lastTick = now;
      const silence = now - this.#last;
      if (silence <= SILENCE) return;
      this.stop();
      onSilence(Object.assign(new Error(`nothing heard for ${Math.round(silence / 1000)} s`), { code: 'ETIMEDOUT' }));
    }, TICK);
    this.#timers = [watch, setInterval(ping, PING)];
  }

  heard(): void {
    this.#last = performance.now();
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }
}
