import { describe, expect, it } from 'vitest';
import { bufferTerminal } from '../../test/support/buffer-terminal.js';
import { formatOf } from './format.js';
import { createOutput, type OutputOptions } from './output.js';
import { isInteractive, wantsColour } from './style.js';

const options = (changes: Partial<OutputOptions> = {}): OutputOptions => ({
  output: 'text',
  quiet: false,
  verbose: false,
  yes: false,
  ...changes,
});

describe('an output', () => {
  it('writes results to stdout and everything else to stderr', () => {
    const terminal = bufferTerminal();
    const output = createOutput(terminal, options({ verbose: true }), {});
    output.result({ n: 1 }, ({ n }) => `n is ${n}`);
    output.progress('working');
    output.detail('closely');
    output.warn('careful');
    expect(terminal.stdout.text()).toBe('n is 1\n');
    expect(terminal.stderr.text()).toBe('working\nclosely\nWarning: careful\n');
  });

  it('is quiet but for warnings with --quiet', () => {
    const terminal = bufferTerminal();
    const output = createOutput(terminal, options({ quiet: true }), {});
    output.progress('working');
    output.detail('closely');
    output.warn('careful');
    expect(terminal.stderr.text()).toBe('Warning: careful\n');
  });

  it('writes JSON and YAML instead of text', () => {
    for (const [output, text] of [
      ['json', '{\n  "count": 1\n}\n'],
      ['yaml', 'count: 1\n'],
    ] as const) {
      const terminal = bufferTerminal();
      createOutput(terminal, options({ output }), {}).result({ count: 1, gone: undefined }, () => 'text');
      expect(terminal.stdout.text()).toBe(text);
    }
  });

  it('writes events as one line of JSON each, or one YAML document', () => {
    const json = bufferTerminal();
    createOutput(json, options({ output: 'json' }), {}).event({ a: [1, 2] }, undefined);
    expect(json.stdout.text()).toBe('{"a":[1,2]}\n');
    const yaml = bufferTerminal();
    createOutput(yaml, options({ output: 'yaml' }), {}).event({ a: 1 }, undefined);
    expect(yaml.stdout.text()).toBe('---\na: 1\n');
  });

  it('takes consent from --yes, or from an answer', async () => {
    const tty = { stderrTTY: true, stdinTTY: true };
    await createOutput(bufferTerminal(), options({ yes: true }), {}).consent('Sure?');
    await createOutput(bufferTerminal({ ...tty, answers: ['Yes'] }), options(), {}).consent('Sure?');
    await expect(createOutput(bufferTerminal({ ...tty, answers: [''] }), options(), {}).consent('Sure?')).rejects.toMatchObject({
      code: 'declined',
    });
    const left = bufferTerminal(tty);
    await expect(createOutput(left, options(), {}).consent('Sure?')).rejects.toMatchObject({ code: 'declined' });
    // Ctrl-C or Ctrl-D: what is said next does not stand behind the question.
    expect(left.stderr.text()).toMatch(/Sure\? \[y\/N\] \n$/);
  });

  it('asks nobody in CI or without a terminal', async () => {
    const tty = { stderrTTY: true, stdinTTY: true, answers: ['y'] };
    await expect(createOutput(bufferTerminal(tty), options(), { CI: 'true' }).consent('Sure?')).rejects.toMatchObject({
      code: 'consent-needed',
    });
    await expect(createOutput(bufferTerminal({ answers: ['y'] }), options(), {}).consent('Sure?')).rejects.toMatchObject({
      code: 'consent-needed',
      next: [expect.stringContaining('--yes')],
    });
  });

  it('keeps colours and drops other control characters of what it is given', () => {
    const terminal = bufferTerminal({ stdoutTTY: true });
    createOutput(terminal, options(), { FORCE_COLOR: '1' }).result('x\u001b[2Jy', (text, { style }) => style.red(text));
    expect(terminal.stdout.text()).toBe('\u001b[31mx\ufffd[2Jy\u001b[39m\n');
  });
});

it.each<[boolean, Record<string, string>, boolean]>([
  [true, {}, true],
  [false, {}, false],
  [true, { NO_COLOR: '1' }, false],
  [true, { NO_COLOR: '' }, true],
  [true, { TERM: 'dumb' }, false],
  [false, { FORCE_COLOR: '1' }, true],
  [true, { FORCE_COLOR: '0' }, false],
  [false, { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
])('colour: TTY %s with %j gives %s', (isTTY, env, expected) => {
  expect(wantsColour(isTTY, env)).toBe(expected);
});

it.each<[boolean, Record<string, string>, boolean]>([
  [true, {}, true],
  [false, {}, false],
  [true, { CI: 'true' }, false],
  [true, { CI: 'false' }, true],
  [true, { TERM: 'dumb' }, false],
])('interactive: TTY %s with %j gives %s', (isTTY, env, expected) => {
  expect(isInteractive(isTTY, env)).toBe(expected);
});

it.each<[string[], Record<string, string>, string]>([
  [['mesh', '-o', 'json'], {}, 'json'],
  [['mesh', '-ojson'], {}, 'json'],
  [['mesh', '--output=yaml'], {}, 'yaml'],
  [['mesh', '--output', 'yaml'], { HEDDLE_OUTPUT: 'json' }, 'yaml'],
  [['mesh'], { HEDDLE_OUTPUT: 'json' }, 'json'],
  [['mesh', '-o', 'nonsense'], {}, 'text'],
  [['mesh', '--', 'cmd', '-o', 'json'], {}, 'text'],
  [['mesh', '-o'], {}, 'text'],
])('format of %j with %j is %s', (argv, env, expected) => {
  expect(formatOf(argv, env)).toBe(expected);
});
