import type { Clock } from '@heddle/core';

interface Sleeper {
  readonly due: number;
  readonly short: boolean;
  wake(): void;
}

/**
 * Time that moves only when told, except that sleeps of at most `autoMs` pass by themselves after a real millisecond: back-offs and debounces
 * cost nothing, while renewals and time-outs wait for `advance`.
 */
export class ManualClock implements Clock {
  readonly #autoMs: number;
  readonly #sleepers = new Set<Sleeper>();
  #wall: number;
  #monotonic = 1_000;
  #ticking = false;

  constructor(start = Date.UTC(2026, 10, 24, 8), autoMs = 3_000) {
    this.#wall = start;
    this.#autoMs = autoMs;
  }

  now = (): number => this.#wall;

  monotonic = (): number => this.#monotonic;

  sleep = (ms: number, signal?: AbortSignal): Promise<void> => {
    if (signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      const sleeper: Sleeper = {
        due: this.#monotonic + ms,
        short: ms <= this.#autoMs,
        wake: () => {
          this.#sleepers.delete(sleeper);
          signal?.removeEventListener('abort', sleeper.wake);
          resolve();
        },
      };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', sleeper.wake, { once: true });
      this.#tick();
    });
  };

  /** Lets time pass for everybody, waking sleepers in their order. */
  async advance(ms: number): Promise<void> {
    const end = this.#monotonic + ms;
    for (let next = this.#next(() => true); next !== undefined && next.due <= end; next = this.#next(() => true)) {
      this.#moveTo(next.due);
      next.wake();
      await breathe();
    }
    this.#moveTo(end);
    await breathe();
  }

  /** The machine sleeps: the wall clock goes on, monotonic time and timers stand still. */
  suspend(ms: number): void {
    this.#wall += ms;
  }

  #tick(): void {
    if (this.#ticking) return;
    this.#ticking = true;
    setTimeout(() => {
      this.#ticking = false;
      const next = this.#next((sleeper) => sleeper.short);
      if (next === undefined) return;
      this.#moveTo(next.due);
      next.wake();
      this.#tick();
    }, 1);
  }

  #next(accept: (sleeper: Sleeper) => boolean): Sleeper | undefined {
    return [...this.#sleepers].filter(accept).sort((a, b) => a.due - b.due)[0];
  }

  #moveTo(monotonic: number): void {
    const ms = Math.max(0, monotonic - this.#monotonic);
    this.#monotonic += ms;
    this.#wall += ms;
  }
}

/** Lets everything that is ready to run do so. */
export async function breathe(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}
