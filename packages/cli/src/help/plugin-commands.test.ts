import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageFolder } from '../plugins/user-plugins.js';
import { inOurWords } from './plugin-commands.js';
import { renderCommandHelp } from './render.js';
import type { HelpCommand } from './types.js';

const folder = packageFolder('@oclif/plugin-plugins', createRequire(import.meta.url).resolve.paths('any') ?? []) ?? '';
const manifest = JSON.parse(readFileSync(join(folder, 'oclif.manifest.json'), 'utf8')) as { commands: Record<string, HelpCommand> };
const commands = Object.values(manifest.commands);
const program = { bin: 'heddle', version: '0', description: '', commands: [], topics: {} };
const paper = { bold: (text: string) => text, dim: (text: string) => text, width: 100 };

it('the plugin manager has the commands that are documented', () => {
  const ids = ['plugins', ...['inspect', 'install', 'link', 'reset', 'uninstall', 'update'].map((word) => `plugins:${word}`)];
  expect(commands.map(({ id }) => id).sort()).toEqual(ids);
});

describe.each(commands.map((command) => [command.id, command] as const))('the help of %s', (_, command) => {
  const text = renderCommandHelp(program, inOurWords(command), paper);

  it("is in heddle's words: one sentence first, an example, nothing unfilled, and no promise that a plugin replaces anything", () => {
    expect(text).toMatch(/^[A-Z][^\n]+[.\n]/);
    expect(text).toMatch(/\nEXAMPLES\n {2}# .+\n {2}heddle plugins/);
    expect(text).not.toMatch(/<%|undefined|override|CLI\b(?! help)/);
  });

  it('fits 100 columns', () => {
    for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(100);
  });
});

it('other commands are left alone', () => {
  const own: HelpCommand = { id: 'mesh', summary: 'Own.' };
  expect(inOurWords(own)).toBe(own);
});
