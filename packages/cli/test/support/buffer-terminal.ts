import type { Sink, Terminal } from '../../src/terminal/terminal.js';

export interface BufferSink extends Sink {
  text(): string;
}

export interface BufferTerminal extends Terminal {
  readonly stdout: BufferSink;
  readonly stderr: BufferSink;
}

/** A terminal that keeps what is written. Not a TTY unless said. */
export function bufferTerminal(
  options: {
    readonly stdoutTTY?: boolean;
    readonly stderrTTY?: boolean;
    readonly stdinTTY?: boolean;
    readonly columns?: number;
    readonly answers?: readonly string[];
  } = {},
): BufferTerminal {
  const answers = [...(options.answers ?? [])];
  const stderr = bufferSink(options.stderrTTY ?? false, options.columns ?? 80);
  return {
    stdout: bufferSink(options.stdoutTTY ?? false, options.columns ?? 80),
    stderr,
    stdinIsTTY: options.stdinTTY ?? false,
    ask: async (question) => {
      stderr.write(question);
      return answers.shift();
    },
  };
}

function bufferSink(isTTY: boolean, columns: number): BufferSink {
  let written = '';
  return {
    isTTY,
    columns: () => columns,
    write: (text) => {
      written += text;
    },
    text: () => written,
  };
}
