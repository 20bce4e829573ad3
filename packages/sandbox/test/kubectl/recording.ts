import { readFileSync } from 'node:fs';

/** One request that kubectl made, and what it was answered. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly accept?: string | undefined;
  readonly type?: string | undefined;
  readonly body?: string | undefined;
  readonly status: number;
  /** The parsed answer; for a watch the events, one after the other. */
  readonly answer: unknown;
}

export interface RecordedCommand {
  readonly argv: string;
  readonly exit: number;
  readonly output: string;
  readonly requests: readonly Exchange[];
}

export interface Recording {
  readonly kubectl: string;
  readonly commands: readonly RecordedCommand[];
}

export const FILE = new URL('recorded.json', import.meta.url);

export const isWatch = ({ path }: Pick<Exchange, 'path'>) => /[?&]watch=(true|1)/.test(path);

export function readRecording(): Recording {
  return JSON.parse(readFileSync(FILE, 'utf8')) as Recording;
}

/** The server's clock in recordings and replays, so that ages are the same. */
export const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);
