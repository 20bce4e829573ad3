import { describe, expect, it } from 'vitest';
import { helpFor, helpSubject } from './fast.js';
import { twoColumns, wrap } from './layout.js';
import type { HelpCommand, HelpProgram } from './types.js';

const paper = { bold: (text: string) => text, dim: (text: string) => text, width: 80 };

const fly: HelpCommand = {
  id: 'birds:fly',
  summary: 'Let a bird fly.',
  description: 'It comes back by itself.\n\nExit code: 0.',
  examples: [{ description: 'Far away', command: 'tool birds fly robin --speed 3' }, '$ <%= config.bin %> <%= command.id %> wren'],
  args: { bird: { name: 'bird', required: true, description: 'Which one.' } },
  flags: {
    speed: { name: 'speed', type: 'option', char: 's', summary: 'How fast.', helpValue: 'N', default: '2' },
    mode: { name: 'mode', type: 'option', summary: 'How.', options: ['glide', 'flap'], required: true },
    seed: { name: 'seed', type: 'option', summary: 'What to feed.', multiple: true, helpGroup: 'CARE' },
    loud: { name: 'loud', type: 'boolean', summary: 'Sing.' },
    secret: { name: 'secret', type: 'boolean', summary: 'Hidden.', hidden: true },
  },
};
const program: HelpProgram = {
  bin: 'tool',
  version: '1.0.0',
  description: 'A tool for birds.',
  commands: [fly, { id: 'birds:list', summary: 'List birds.' }, { id: 'doctor', summary: 'See.' }, { id: 'odd', hidden: true }],
  topics: { birds: { description: 'Birds and what they do.' } },
};

describe('help', () => {
  it('shows a command: use, examples, arguments, flags by group with defaults, description', () => {
    expect(helpFor(program, ['birds', 'fly', 'robin'], paper)).toBe(`Let a bird fly.

USAGE
  tool birds fly BIRD --mode glide|flap [flags]

EXAMPLES
  # Far away
  tool birds fly robin --speed 3

  tool birds fly wren

ARGUMENTS
  BIRD  Which one.

FLAGS
  -s, --speed N          How fast. (default 2)
      --mode glide|flap  How. (required)
      --loud             Sing.

CARE FLAGS
      --seed VALUE…  What to feed.

DESCRIPTION
  It comes back by itself.

  Exit code: 0.
`);
  });

  it('shows the program: every visible command with its arguments', () => {
    const text = helpFor(program, [], paper) ?? '';
    expect(text).toMatch(/^A tool for birds\.\n\nUSAGE\n {2}tool COMMAND \[flags\]\n\nCOMMANDS\n/);
    expect(text).toContain('  birds fly BIRD  Let a bird fly.\n  birds list      List birds.\n  doctor          See.\n');
    expect(text).not.toContain('odd');
    expect(text).toContain('HEDDLE_<FLAG>');
  });

  it('shows a topic', () => {
    expect(helpFor(program, ['birds'], paper)).toContain(
      'Birds and what they do.\n\nUSAGE\n  tool birds COMMAND [flags]\n\nCOMMANDS\n  birds fly BIRD  Let',
    );
  });

  it('has nothing for what does not exist', () => {
    expect(helpFor(program, ['fish'], paper)).toBeUndefined();
    expect(helpFor(program, ['birds', 'swim'], paper)).toBeUndefined();
  });
});

it.each<[string[], string[] | undefined]>([
  [[], []],
  [['--help'], []],
  [['help'], []],
  [['help', 'mesh'], ['mesh']],
  [['mesh', '--help'], ['mesh']],
  [
    ['sessions', 'stop', '-h'],
    ['sessions', 'stop'],
  ],
  [
    ['mesh', 'tomcat', '--expose', '8080', '--help'],
    ['mesh', 'tomcat'],
  ],
  [['mesh', 'tomcat'], undefined],
  [['mesh', 'tomcat', '--', 'npm', '--help'], undefined],
  [['--version'], undefined],
])('%j asks for the help of %j', (argv, words) => {
  expect(helpSubject(argv)).toEqual(words);
});

it('wrap breaks at spaces and keeps paragraphs, their indentation and long words', () => {
  expect(wrap('one two three\n\n  four five', 9)).toEqual(['one two', 'three', '', '  four', '  five']);
  expect(wrap('a-very-long-word b', 5)).toEqual(['a-very-long-word', 'b']);
});

it('twoColumns puts text beside its name, or below a name that is too wide', () => {
  const rows: [string, string][] = [
    ['-a', 'short'],
    [`--${'x'.repeat(40)}`, 'below'],
  ];
  expect(twoColumns(rows, 60, (text) => text)).toBe(`  -a${' '.repeat(30)}short\n  --${'x'.repeat(40)}\n${' '.repeat(34)}below`);
});
