import { describe, expect, it } from 'vitest';
import type { HelpProgram } from '../../help/types.js';
import { complete } from './complete.js';
import type { ValueSources } from './due-source.js';
import type { TypedLine } from './typed-line.js';

const common = {
  output: { name: 'output', char: 'o', type: 'option', options: ['text', 'json'], summary: 'Form of the result.' },
  quiet: { name: 'quiet', type: 'boolean', summary: 'No progress.' },
  context: { name: 'context', type: 'option', helpValue: 'NAME' },
  mesh: { name: 'mesh', type: 'option', helpValue: 'ID|auto' },
  file: { name: 'file', char: 'f', type: 'option', helpValue: 'FILE|FOLDER|-', multiple: true },
  secret: { name: 'secret', type: 'boolean', hidden: true },
};
const to = { name: 'to', type: 'option', helpValue: 'VERSION' };
const name = { name: 'name', type: 'option', helpValue: 'NAME' };
const namespace = { name: 'namespace', char: 'n', type: 'option', helpValue: 'NAME' };
const program: HelpProgram = {
  bin: 'heddle',
  version: '1',
  description: '',
  topics: { route: { description: 'The routes.' }, plugins: { description: 'Packages.' } },
  commands: [
    { id: 'route:show', summary: 'Show.', args: { service: { name: 'service' } }, flags: common },
    {
      id: 'route:split',
      summary: 'Split.',
      args: { service: { name: 'service' }, shares: { name: 'version=percent', multiple: true } },
      flags: common,
    },
    { id: 'route:match', hidden: true, args: { service: { name: 'service' } }, flags: { ...common, to, name, namespace } },
    {
      id: 'route:clear',
      hidden: true,
      args: { service: { name: 'service' } },
      flags: { 'kept-by': { name: 'kept-by', type: 'option' }, name },
    },
    { id: 'sessions:stop', hidden: true, args: { id: { name: 'id' } } },
    { id: 'convert', hidden: true, flags: { to } },
    { id: 'sandbox:start', hidden: true, flags: { name } },
    { id: 'plugins', summary: 'List.', flags: {} },
    { id: 'plugins:install', summary: 'Install.', flags: { folder: { name: 'folder', type: 'option', helpValue: 'FOLDER' } } },
    { id: 'mesh', summary: 'Take part.', args: { service: { name: 'service' } }, flags: common },
    { id: 'test', summary: 'Test.', args: { file: { name: 'file', multiple: true } }, flags: common },
    { id: 'completion', summary: 'Complete.', args: { shell: { name: 'shell', options: ['bash', 'zsh'] } } },
    { id: 'hidden', hidden: true },
  ],
};
const values =
  (...list: readonly string[]) =>
  async () =>
    list.map((value) => ({ value }));
/** Says what the line says that it was asked about. */
const asked = async ({ command, args, flags }: TypedLine) => [
  { value: `${command} ${args.join(',')} ${Object.entries(flags).map((flag) => flag.join('='))}` },
];
const sources: ValueSources = {
  contexts: values('prod', 'staging'),
  clusters: values(),
  meshes: values('woven', 'knit'),
  tunnels: values(),
  scenarios: values(),
  namespaces: values('shop', 'bank'),
  services: values('cart', 'reviews'),
  routedServices: values('reviews'),
  versions: asked,
  shares: values('v1=', 'v2='),
  routes: values('split', 'mirror'),
  routesFiles: values('demo'),
  sessions: values('abc'),
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
    ['route match reviews -n ', ['shop', 'bank']],
    ['route match reviews --namespace=s', ['--namespace=shop']],
    ['route match -n shop --quiet reviews --context=prod --to ', ['route:match reviews namespace=shop,quiet=,context=prod']],
    ['route match reviews --name s', ['split']],
    ['route clear --kept-by ', ['demo']],
    ['convert --to ', ['woven', 'knit']],
    ['sandbox start --name ', []],
  ])('values of flags: %j', async (line, values) => expect(await ask(line)).toEqual(values));

  it.each([
    ['completion ', ['bash', 'zsh']],
    ['completion z', ['zsh']],
    ['completion bash ', []],
    ['route show ', ['cart', 'reviews']],
    ['route show reviews ', []],
    ['route show -f app.yaml ', []],
    ['mesh -o json re', ['reviews']],
    ['route clear ', ['reviews']],
    ['route split reviews v', ['v1=', 'v2=']],
    ['sessions stop ', ['abc']],
    ['test ', 'files'],
    ['test a -o json b', 'files'],
  ])('arguments: %j', async (line, values) => expect(await ask(line)).toEqual(values));

  it.each(['mesh web -- ', 'mesh web -- npm st'])('what stands behind -- is another program: %j', async (line) => {
    expect(await ask(line)).toBe('command');
  });

  it('with what each is about', async () => {
    const answer = await complete(program, ['r'], sources);
    expect(answer.values).toEqual([{ value: 'route', description: 'The routes.' }]);
  });
});
