export type EndSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** The process as a running session meets it. */
export interface ProcessControl {
  /** Calls back for every signal that asks the process to end, until the returned function is called. */
  onSignal(listener: (signal: EndSignal) => void): () => void;
  /** Ends the process at once. */
  exit(code: number): void;
}

const SIGNALS: readonly EndSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

export function processControl(): ProcessControl {
  return {
    onSignal: (listener) => {
      const handlers = SIGNALS.map((signal) => {
        const handler = () => listener(signal);
        process.on(signal, handler);
        return () => process.off(signal, handler);
      });
      return () => {
        for (const off of handlers) off();
      };
    },
    exit: (code) => process.exit(code),
  };
}
