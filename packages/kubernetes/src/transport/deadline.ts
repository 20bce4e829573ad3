/** A time limit that can stand still: logging in may take as long as a human needs. */
export interface Deadline {
  /** Aborts when the time is up, or when the outer signal does. */
  readonly signal: AbortSignal;
  /** Whether the time was up (and not the outer signal). */
  passed(): boolean;
  start(): void;
  stop(): void;
}

export function createDeadline(ms: number, outer: AbortSignal): Deadline {
  const late = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let left = ms;
  let since = 0;
  const stop = () => {
    if (timer === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    left -= performance.now() - since;
  };
  return {
    signal: AbortSignal.any([outer, late.signal]),
    passed: () => late.signal.aborted && !outer.aborted,
    stop,
    start() {
      stop();
      since = performance.now();
      timer = setTimeout(() => late.abort(), Math.max(0, left));
    },
  };
}

/** Rejects with the signal's reason when it aborts first; the work itself goes on. */
export async function orAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let abort = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
