import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { heddle } from './support/spawn-heddle.js';

let home: string;
let env: Readonly<Record<string, string>>;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'heddle-plugins-'));
  env = { HOME: home };
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const dataDir = '.local/share/heddle';
const write = (name: string, text: string) => {
  const file = join(home, name);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
};

/** Lays a package where npm would put it. */
function plugin(folder: string, pjson: object, files: Readonly<Record<string, string>> = {}): void {
  const below = `${dataDir}/node_modules/${folder}`;
  write(`${below}/package.json`, JSON.stringify({ name: folder, version: '9.9.9', type: 'module', oclif: {}, ...pjson }));
  for (const [file, text] of Object.entries(files)) write(`${below}/${file}`, text);
}

/** Lists packages as `heddle plugins install` does. */
function list(...names: string[]): void {
  const plugins = names.map((name) => ({ name, type: 'user', tag: 'latest' }));
  write(`${dataDir}/package.json`, JSON.stringify({ private: true, oclif: { plugins } }));
}

const adapter = (id: string, apiVersion = 1) => ({ heddle: { adapters: [{ id, apiVersion, module: './index.js' }] } });
const command = (text: string) =>
  `import { Command } from '@oclif/core';\nexport default class Hello extends Command { async run() { this.log('${text}'); } }\n`;

async function report() {
  const { code, stdout, stderr } = await heddle(['adapters', '-o', 'json'], env);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as {
    adapters: { id: string; package: string; works: boolean; problem?: string }[];
    problems: { package: string; message: string }[];
  };
}

const warnings = async (...line: string[]) => {
  const { code, stderr } = await heddle(line, env);
  expect(code).toBe(0);
  return stderr.split('\n').filter((text) => text !== '');
};

describe('a plugin in trouble', () => {
  it('is reported, whatever its trouble, and breaks no other command', async () => {
    plugin('heddle-torn', adapter('torn'), { 'index.js': 'this is no JavaScript' });
    plugin('heddle-throws', adapter('throws'), { 'index.js': "throw new Error('at import');" });
    plugin('heddle-exits', adapter('exits'), { 'index.js': 'export const nothing = 1;' });
    plugin('heddle-empty', adapter('empty'));
    plugin('heddle-newer', adapter('newer', 2));
    plugin('heddle-odd', { heddle: { adapters: 'all of them' } });
    plugin('heddle-nest', { oclif: { plugins: ['heddle-egg'] } });
    plugin('heddle-nameless', { name: undefined });
    list(
      'heddle-torn',
      'heddle-throws',
      'heddle-exits',
      'heddle-empty',
      'heddle-newer',
      'heddle-odd',
      'heddle-nest',
      'heddle-nameless',
      'heddle-absent',
    );
    const { adapters, problems } = await report();
    const works = Object.fromEntries(adapters.map(({ id, works: each, problem }) => [id, each ? 'works' : problem]));
    expect(works).toMatchObject({
      istio: 'works',
      torn: expect.stringContaining('its module cannot be loaded'),
      throws: expect.stringContaining('at import'),
      exits: expect.stringContaining('exports no adapter'),
      empty: expect.stringContaining('its module cannot be loaded'),
      newer: expect.stringContaining('version 2 of heddle'),
    });
    expect(problems).toEqual([
      { package: 'heddle-nest', message: 'Plugins that it brings are not loaded; install each by itself: heddle-egg.' },
      {
        package: 'heddle-nameless',
        message: expect.stringMatching(/^It cannot be loaded: .*Remove it: heddle plugins uninstall heddle-nameless$/),
      },
      { package: 'heddle-absent', message: expect.stringMatching(/^It cannot be loaded: its package\.json is not there\./) },
      { package: 'heddle-odd', message: expect.stringContaining('heddle.adapters: expected a list') },
    ]);
    expect(await warnings('version')).toEqual([
      expect.stringMatching(/^Warning: heddle-nest: Plugins that it brings/),
      expect.stringMatching(/^Warning: heddle-nameless: It cannot be loaded/),
      expect.stringMatching(/^Warning: heddle-absent: It cannot be loaded/),
    ]);
    expect(await warnings('version', '--quiet')).toEqual([]);
  });

  it.each([
    ['oclif is a text', { oclif: 'yes' }],
    ['oclif is a list', { oclif: [1] }],
    ['plugins of its own are a text', { oclif: { plugins: 'many' } }],
    ['its topics are a number', { oclif: { topics: 7 } }],
    ['its topics are null', { oclif: { topics: { a: null } } }],
    ['its commands are a number', { oclif: { commands: 7 } }],
    ['its hooks are a text', { oclif: { hooks: 'all' } }],
    ['its hooks are null', { oclif: { hooks: { init: null } } }],
    ['it has no version', { version: undefined }],
    ['its version is a number', { version: 1 }],
    ['heddle is null', { heddle: null }],
    ['an id is missing', { heddle: { adapters: [{}] } }],
  ])(
    'its package.json is odd, %s: commands work',
    async (_, pjson) => {
      plugin('heddle-odd', pjson);
      list('heddle-odd');
      for (const line of [['version'], ['--help'], ['adapters'], ['plugins']]) {
        expect({ line, ...(await heddle(line, env)) }).toMatchObject({ line, code: 0, stdout: expect.stringMatching(/./) });
      }
      expect((await report()).adapters).toContainEqual(expect.objectContaining({ id: 'istio', works: true }));
    },
    30_000,
  );

  it.each([
    ['no JSON', '{', /^Warning: plugins: .*package\.json is not valid JSON/],
    ['a list that is none', '{"oclif": {"plugins": 7}}', /^Warning: plugins: .*oclif\.plugins: expected a list/],
  ])('the list of plugins is %s: that is said, and commands work', async (_, text, warning) => {
    write(`${dataDir}/package.json`, text);
    expect(await warnings('version')).toEqual([expect.stringMatching(warning)]);
    expect((await heddle(['--help'], env)).stdout).toContain('COMMANDS');
  });

  it('with the id of a bundled adapter is refused by naming both packages, and the bundled one works', async () => {
    plugin('heddle-other', adapter('istio'));
    list('heddle-other');
    const { adapters, problems } = await report();
    expect(adapters.filter(({ id }) => id === 'istio').map(({ package: name, works }) => `${name} ${works}`)).toEqual([
      '@heddle/adapter-istio true',
      'heddle-other false',
    ]);
    const message = expect.stringMatching(
      /^The adapter istio comes from two packages, @heddle\/adapter-istio .*, which heddle brings, and heddle-other 9\.9\.9/,
    );
    expect(problems).toEqual([{ package: 'heddle-other', message }]);
  });

  it('of the same id as another plugin: neither is used, and the id is refused by naming both', async () => {
    plugin('heddle-one', adapter('woven'));
    plugin('heddle-two', adapter('woven'));
    list('heddle-one', 'heddle-two');
    expect((await report()).problems).toEqual([
      { package: 'heddle-two', message: 'The adapter woven comes from two packages, heddle-one 9.9.9 and heddle-two 9.9.9.' },
    ]);
    write('kubeconfig', JSON.stringify(kubeconfig));
    const { code, stderr } = await heddle(['route', 'show', 'tomcat', '--mesh', 'woven'], { ...env, KUBECONFIG: join(home, 'kubeconfig') });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^Error: The adapter woven comes from two packages, heddle-one 9\.9\.9 and heddle-two 9\.9\.9\./);
    expect(stderr).toContain('code: plugin-duplicate');
  });
});

describe('what heddle brings stands', () => {
  it.each([
    ['@heddle/adapter-istio', '@heddle/adapter-istio', /^heddle brings this package itself, so it is not used\./],
    ['an-alias', '@heddle/adapter-istio', /^It is @heddle\/adapter-istio, which heddle brings itself, so it is not used\./],
  ])("a plugin listed as %s that is %s takes no bundled one's place", async (folder, name, message) => {
    plugin(folder, { ...adapter('istio'), name }, { 'index.js': "throw new Error('the wrong one');" });
    list(folder);
    const { adapters, problems } = await report();
    expect(adapters.filter(({ id }) => id === 'istio')).toEqual([expect.objectContaining({ works: true, origin: 'bundled' })]);
    expect(problems).toEqual([{ package: folder, message: expect.stringMatching(message) }]);
  });

  it("a plugin's command of a name that heddle has is not taken; its others are, in the help too", async () => {
    plugin('heddle-words', { oclif: { commands: './commands', topicSeparator: ' ' }, type: 'commonjs' });
    // Without core of its own in this folder, a command that needs none.
    const bare = (text: string) =>
      `exports.default = { id: '', args: {}, flags: {}, aliases: [], summary: 'Say ${text}.', run: async () => console.log('${text}') };`;
    write(`${dataDir}/node_modules/heddle-words/commands/version.js`, bare('mine'));
    write(`${dataDir}/node_modules/heddle-words/commands/hello.js`, bare('hello'));
    list('heddle-words');
    expect(await warnings('version')).toEqual([
      'Warning: heddle-words: Commands that heddle has itself, and that are not taken from a plugin: version.',
    ]);
    expect((await heddle(['hello'], env)).stdout).toBe('hello\n');
    expect((await heddle(['--help'], env)).stdout).toMatch(/\n {2}hello +Say hello\.\n/);
  });

  it('hooks of a plugin are not run: they could end every command', async () => {
    const hook = "export default async function () { this.error('ended by a plugin', { exit: 7 }); }";
    plugin('heddle-hooks', { oclif: { hooks: { init: './hook.js', prerun: './hook.js' } } }, { 'hook.js': hook });
    list('heddle-hooks');
    expect(await warnings('version')).toEqual(['Warning: heddle-hooks: Hooks of a plugin are not run: init, prerun.']);
  });

  it('a command that cannot be loaded is told of, and the others work', async () => {
    plugin('heddle-words', { oclif: { commands: './commands', topicSeparator: ' ' } }, { 'commands/hello.js': command('hello') });
    list('heddle-words');
    expect(await warnings('version')).toEqual(['Warning: heddle-words: Commands that cannot be loaded: hello.']);
  });
});

const kubeconfig = {
  apiVersion: 'v1',
  kind: 'Config',
  'current-context': 'here',
  contexts: [{ name: 'here', context: { cluster: 'here', user: 'me' } }],
  clusters: [{ name: 'here', cluster: { server: 'https://127.0.0.1:1' } }],
  users: [{ name: 'me', user: { token: 'none' } }],
};
