import { createInterface } from 'node:readline';
import { interruptedError } from '../errors/interrupted.js';
import type { Sink, Terminal } from './terminal.js';

/**
 * The process's own streams. A reader that went away (`| head`, a closed terminal) is no error of ours: writes to it are dropped,
 * since a session must still be drained.
 */
export function processTerminal(): Terminal {
  return {
    stdout: sinkOf(process.stdout),
    stderr: sinkOf(process.stderr),
    stdinIsTTY: process.stdin.isTTY === true,
    ask,
  };
}

function sinkOf(stream: NodeJS.WriteStream): Sink {
  stream.removeAllListeners('error');
  stream.on('error', () => undefined);
  return {
    isTTY: stream.isTTY === true,
    columns: () => (stream.columns > 0 ? stream.columns : 80),
    write: (text) => {
      if (!stream.destroyed) stream.write(text);
    },
  };
}

function ask(question: string): Promise<string | undefined> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  return new Promise((resolve, reject) => {
    lines.once('SIGINT', () => {
      reject(interruptedError('SIGINT', 'Nothing was changed: the question was not answered.'));
      process.stderr.write('\n');
      lines.close();
    });
    lines.once('close', () => resolve(undefined));
    lines.question(question, (answer) => {
      resolve(answer);
      lines.close();
    });
  });
}
