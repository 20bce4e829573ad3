import { describe, expect, it } from 'vitest';
import type { HelpProgram } from '../../help/types.js';
import { complete, type ValueSources } from './complete.js';

const common = {
  output: { name: 'output', char: 'o', type: 'option', options: ['text', 'json'], summary: 'Form of the result.' },
  quiet: { name: 'quiet', type: 'boolean', summary: 'No progress.' },
  context: { name: 'context', type: 'option', helpValue: 'NAME' },
  mesh: { name: 'mesh', type: 'option', helpValue: 'ID|auto' },
  file: { name: 'file', char: 'f', type: 'option', helpValue: 'FILE|FOLDER|-', multiple: true },
  secret: { name: 'secret', type: 'boolean', hidden: true },
};
const program: HelpProgram = {
  bin: 'heddle',
  version: '1',
  description: '',
  topics: { route: { description: 'The routes.' }, plugins: { description: 'Packages.' } },
  commands: [
    { id: 'route:show', summary: 'Show.', args: { service: { name: 'service' } }, flags: common },
    { id: 'route:split', summary: 'Split.', flags: common },
    { id: 'plugins', summary: 'List.', flags: {} },
    { id: 'plugins:install', summary: 'Install.', flags: { folder: { name: 'folder', type: 'option', helpValue: 'FOLDER' } } },
    { id: 'mesh', summary: 'Take part.', args: { service: { name: 'service' } }, flags: common },
    { id: 'test', summary: 'Test.', args: { file: { name: 'file', multiple: true } }, flags: common },
    { id: 'completion', summary: 'Complete.', args: { shell: { name: 'shell', options: ['bash', 'zsh'] } } },
    { id: 'hidden', hidden: true },
  ],
};
const sources: ValueSources = {
  contexts: async () => ['prod', 'staging'],
  clusters: async () => [],
  meshes: async () => ['woven', 'knit'],
  tunnels: async () => [],
  scenarios: async () => [],
};
const ask = async (line: string) => {
  const { kind, values } = await complete(program, line.split(' '), sources);
  return kind === 'values' ? values.map(({ value }) => value) : kind;
};

describe('completes', () => {
  it.each([
    ['', ['completion', 'mesh', 'plugins', 'route', 'test']],
    ['ro', ['route']],
    ['route ', ['show', 'split']],
    ['help route s', ['show', 'split']],
    ['help ', ['completion', 'mesh', 'plugins', 'route', 'test']],
    ['plugins ', ['install']],
    ['-', ['--help', '--version']],
    ['route -', ['--help']],
    ['rout --', []],
    ['rout ', []],
  ])('commands: %j', async (line, values) => expect(await ask(line)).toEqual(values));

  it.each([
    ['route show --', ['--output', '--quiet', '--context', '--mesh', '--file', '--help']],
    ['route show --con', ['--context']],
    ['route show reviews --quiet --q', []],
    ['route show -o json --', ['--quiet', '--context', '--mesh', '--file', '--help']],
    ['route show -f a --fi', ['--file']],
    ['route show --mesh=woven --me', []],
  ])('flags, those that are there but once: %j', async (line, values) => expect(await ask(line)).toEqual(values));

  it.each([
    ['route show -o ', ['text', 'json']],
    ['route show --output j', ['json']],
    ['route show --output=', ['--output=text', '--output=json']],
    ['route show --context ', ['prod', 'staging']],
    ['route show --context=s', ['--context=staging']],
    ['route show --mesh ', ['woven', 'knit', 'auto']],
    ['route show -f ', 'files'],
    ['route show --file=a', 'files'],
    ['plugins install --folder ', 'folders'],
  ])('values of flags: %j', async (line, values) => expect(await ask(line)).toEqual(values));

  it.each([
    ['completion ', ['bash', 'zsh']],
    ['completion z', ['zsh']],
    ['completion bash ', []],
    ['route show ', []],
    ['test ', 'files'],
    ['test a -o json b', 'files'],
  ])('arguments: %j', async (line, values) => expect(await ask(line)).toEqual(values));

  it.each(['mesh web -- ', 'mesh web -- npm st'])('what stands behind -- is another program: %j', async (line) => {
    expect(await ask(line)).toBe('command');
  });

  it('with what each is about', async () => {
    const { values } = await complete(program, ['r'], sources);
    expect(values).toEqual([{ value: 'route', description: 'The routes.' }]);
  });
});
