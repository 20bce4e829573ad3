export type EndSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** The process as a running session meets it. */
export interface ProcessControl {
  /** Calls back for every signal that asks the process to end, until the returned function is called. */
  onSignal(listener: (signal: EndSignal) => void): () => void;
  /** Calls back for an error that nobody caught: a bug, upon which a session is still put back. */
  onCrash(listener: (error: unknown) => void): () => void;
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
