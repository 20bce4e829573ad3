import { describe, expect, it } from 'vitest';
import { bufferTerminal } from '../../test/support/buffer-terminal.js';
import { screen } from '../../test/support/screen.js';
import { createLiveBlock, cut } from './live-block.js';
import { styleFor, widthOf } from './style.js';

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

  it('takes away what the user typed below it', () => {
    const { stderr } = bufferTerminal();
    const block = createLiveBlock(stderr);
    block.draw(['active']);
    stderr.write('^C');
    block.say('ending');
    block.draw(['gone']);
    expect(screen(stderr.text())).toEqual(['ending', 'gone']);
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
