import { splitColours } from './ansi.js';
import { widthOf } from './style.js';
import type { Sink } from './terminal.js';

/** A few lines at the end of a terminal that are redrawn in place; what is said meanwhile stands above them. */
export interface LiveBlock {
  /** Replaces the lines. Each is cut to the terminal's width, since a wrapped line could not be redrawn. */
  draw(lines: readonly string[]): void;
  /** Prints above the block, to stay. */
  say(text: string): void;
  /** Takes the block away. */
  clear(): void;
}

const UP = '\u001b[1A';
/** To the end of the screen: what the user typed below the block goes too. */
const ERASE = '\r\u001b[J';

export function createLiveBlock(sink: Sink): LiveBlock {
  let shown: readonly string[] = [];
  const eraser = () => (shown.length === 0 ? '' : `${UP.repeat(shown.length)}${ERASE}`);
  const body = (lines: readonly string[]) => lines.map((line) => `${cut(line, sink.columns() - 1)}\n`).join('');
  return {
    draw: (lines) => {
      if (lines.length === shown.length && lines.every((line, index) => line === shown[index])) return;
      sink.write(`${eraser()}${body(lines)}`);
      shown = lines;
    },
    say: (text) => sink.write(`${eraser()}${text.endsWith('\n') ? text : `${text}\n`}${body(shown)}`),
    clear: () => {
      sink.write(eraser());
      shown = [];
    },
  };
}

/** Cuts to a number of columns; colours take none, and are closed again. */
export function cut(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let width = 0;
  let result = '';
  for (const [index, piece] of splitColours(text).entries()) {
    if (index % 2 === 1) {
      result += piece;
      continue;
    }
    for (const character of piece) {
      width += widthOf(character);
      if (width > columns - 1) return `${result}…${index > 0 ? '\u001b[0m' : ''}`;
      result += character;
    }
  }
  return result;
}
