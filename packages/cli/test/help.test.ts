import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderCommandHelp } from '../src/help/render.js';
import type { HelpCommand } from '../src/help/types.js';
import { CLI_ROOT, COMMANDS, ownConfig } from './support/run-command.js';

const paper = { bold: (text: string) => text, dim: (text: string) => text, width: 100 };
const program = { bin: 'heddle', version: '0', description: '', commands: [], topics: {} };

/** The command as help takes it: flags of the class and of its base, each with its name. */
function described(words: string): HelpCommand {
  const command = COMMANDS[words];
  if (command === undefined) throw new Error(words);
  const named = (parts: object) => Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, { ...part, name }]));
  const { summary, description, examples, usage } = command;
  return {
    id: words.replaceAll(' ', ':'),
    ...(summary === undefined ? {} : { summary }),
    ...(description === undefined ? {} : { description }),
    ...(usage === undefined ? {} : { usage }),
    examples: (examples ?? []) as NonNullable<HelpCommand['examples']>,
    args: named(command.args),
    flags: named({ ...command.baseFlags, ...command.flags }),
  };
}

describe.each(Object.keys(COMMANDS))('the help of %s', (words) => {
  const text = renderCommandHelp(program, described(words), paper);

  it('begins with one sentence, and shows use, examples and defaults', () => {
    expect(text).toMatch(new RegExp(`^[A-Z].+\\.\\n\\nUSAGE\\n {2}heddle ${words}[ \\n]`));
    expect(text).toMatch(/\nEXAMPLES\n {2}# .+\n {2}heddle .+\n/);
    expect(text).toMatch(/ {2}-o, --output text\|json\|yaml(\|junit\|tap\n +)? {2}Form of the result\. \(default text\)/);
  });

  it('fits 100 columns, and has nothing unfilled', () => {
    for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(100);
    expect(text).not.toMatch(/<%|undefined|\[object|’/);
  });

  it('has a summary for every flag and argument, and a variable for every flag', () => {
    const { flags = {}, args = {} } = described(words);
    for (const [name, { summary, env }] of Object.entries(flags)) {
      expect(summary, name).toMatch(/^[A-Z].*\.$/);
      expect(env, name).toBe(`HEDDLE_${name.toUpperCase().replaceAll('-', '_')}`);
    }
    for (const { name, description } of Object.values(args)) expect(description, name).toMatch(/^[A-Z].*\.$/);
  });
});

it('oclif.manifest.json is what the commands say now', async () => {
  const manifest = JSON.parse(readFileSync(join(CLI_ROOT, 'oclif.manifest.json'), 'utf8')) as {
    version: string;
    commands: Record<string, HelpCommand>;
  };
  const { version } = JSON.parse(readFileSync(join(CLI_ROOT, 'package.json'), 'utf8')) as { version: string };
  expect(manifest.version).toBe(version);
  expect(Object.keys(manifest.commands).sort()).toEqual(
    Object.keys(COMMANDS)
      .map((words) => words.replaceAll(' ', ':'))
      .sort(),
  );
  for (const words of Object.keys(COMMANDS)) {
    const written = manifest.commands[words.replaceAll(' ', ':')];
    const now = described(words);
    const wanted = written === undefined ? undefined : renderCommandHelp(program, written, paper);
    expect(wanted, `${words}: run oclif manifest again`).toBe(renderCommandHelp(program, now, paper));
    expect(Object.keys(written?.flags ?? {}).sort()).toEqual(Object.keys(now.flags ?? {}).sort());
  }
});

it('oclif reads the manifest, and finds every command in it', async () => {
  const config = await ownConfig();
  for (const words of Object.keys(COMMANDS)) expect(config.findCommand(words.replaceAll(' ', ':')), words).toBeDefined();
});
