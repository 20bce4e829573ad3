import { describe, expect, it } from 'vitest';
import { bufferTerminal } from '../../test/support/buffer-terminal.js';
import { createLiveBlock, cut } from './live-block.js';
import { styleFor, widthOf } from './style.js';

const ESC = String.fromCharCode(27);
const PIECES = new RegExp(`${ESC}\\[1A|${ESC}\\[2K|\\r|\\n|[^${ESC}\\r\\n]`, 'g');

/** What a terminal shows after these writes: enough of one for the sequences that the block uses. */
function screen(written: string): readonly string[] {
  const lines = [''];
  let row = 0;
  let column = 0;
  for (const [piece] of written.matchAll(PIECES)) {
    if (piece === '\u001b[1A') row -= 1;
    else if (piece === '\u001b[2K') lines[row] = '';
    else if (piece === '\r') column = 0;
    else if (piece === '\n') {
      row += 1;
      column = 0;
      lines[row] ??= '';
    } else {
      lines[row] = `${(lines[row] ?? '').slice(0, column)}${piece}`;
      column += 1;
    }
  }
  return lines.filter((line, index) => line !== '' || index < lines.length - 1);
}

describe('a live block', () => {
  it('redraws its lines in place, below what is said', () => {
    const { stderr } = bufferTerminal({ columns: 30 });
    const block = createLiveBlock(stderr);
    block.draw(['planning']);
    block.say('first');
    block.draw(['active', '1 connection']);
    block.say('second\n');
    block.draw(['active', '2 connections']);
    expect(screen(stderr.text()).filter((line) => line !== '')).toEqual(['first', 'second', 'active', '2 connections']);
    block.clear();
    block.say('end');
    expect(screen(stderr.text()).filter((line) => line !== '')).toEqual(['first', 'second', 'end']);
  });

  it('writes nothing when nothing changed', () => {
    const { stderr } = bufferTerminal();
    const block = createLiveBlock(stderr);
    block.draw(['same']);
    const before = stderr.text();
    block.draw(['same']);
    expect(stderr.text()).toBe(before);
  });

  it('cuts lines that would wrap', () => {
    const { stderr } = bufferTerminal({ columns: 10 });
    createLiveBlock(stderr).draw(['0123456789abcdef']);
    expect(stderr.text()).toBe('01234567…\n');
  });
});

it('cut counts columns, not characters or colours, and closes colours', () => {
  const text = `${styleFor(true).green('日本語')} more`;
  const short = cut(text, 6);
  expect(widthOf(short)).toBeLessThanOrEqual(6);
  expect(short.endsWith('\u001b[0m')).toBe(true);
  expect(cut('short', 10)).toBe('short');
});
