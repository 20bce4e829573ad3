export type EndSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** The process as a running session meets it. */
export interface ProcessControl {
  /** Calls back for every signal that asks the process to end, until the returned function is called. Several at once are one. */
  onSignal(listener: (signal: EndSignal) => void): () => void;
  /** Calls back for an error that nobody caught: a bug, upon which a session is still put back. */
  onCrash(listener: (error: unknown) => void): () => void;
  /** Ends the process at once. */
  exit(code: number): void;
}

/**
 * `timeout`, npm and shells signal the process and its group as well, and a terminal that closes sends SIGHUP beside another: that is
 * nobody who asks twice. Ms; who presses Ctrl-C once more takes longer.
 */
const AT_ONCE_MS = 250;

const SIGNALS: readonly EndSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

export function processControl(): ProcessControl {
  return {
    onSignal: (listener) => {
      let last = Number.NEGATIVE_INFINITY;
      const handlers = SIGNALS.map((signal) => {
        const handler = () => {
          const now = performance.now();
          if (now - last < AT_ONCE_MS) return;
          last = now;
          listener(signal);
        };
        process.on(signal, handler);
        return () => process.off(signal, handler);
      });
      return () => {
        for (const off of handlers) off();
      };
    },
    onCrash: (listener) => {
      process.on('uncaughtException', listener);
      process.on('unhandledRejection', listener);
      return () => {
        process.off('uncaughtException', listener);
        process.off('unhandledRejection', listener);
      };
    },
    exit: (code) => process.exit(code),
  };
}
