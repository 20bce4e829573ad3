/** One of the process's output streams, as rendering needs it. */
export interface Sink {
  readonly isTTY: boolean;
  /** Width in characters; 80 when unknown. */
  columns(): number;
  write(text: string): void;
}

/** What a command reads and writes at its user's end. */
export interface Terminal {
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly stdinIsTTY: boolean;
  /** Asks on stderr and reads a line; `undefined` at the end of input. Throws `interrupted` on Ctrl-C. */
  ask(question: string): Promise<string | undefined>;
}
