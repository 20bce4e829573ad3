import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLI_ROOT, COMMANDS } from './support/run-command.js';
import { BIN, heddle, startHeddle } from './support/spawn-heddle.js';

const { version } = JSON.parse(readFileSync(join(CLI_ROOT, 'package.json'), 'utf8')) as { version: string };

let home: string;
let env: Record<string, string>;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'heddle-bin-'));
  env = { HOME: home };
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const kubeconfig = (server: string) =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'here',
    contexts: [{ name: 'here', context: { cluster: 'here', user: 'me', namespace: 'shop' } }],
    clusters: [{ name: 'here', cluster: { server } }],
    users: [{ name: 'me', user: { token: 'none' } }],
  });
const write = (name: string, text: string) => {
  const file = join(home, name);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
  return file;
};

describe('the program', () => {
  it('--version prints name and number', async () => {
    expect(await heddle(['--version'], env)).toEqual({ code: 0, stdout: `heddle ${version}\n`, stderr: '' });
  });

  it('waits for what is slow to write to its standard input', async () => {
    const service = 'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{port: 80}]}';
    const line = `(sleep 0.7; echo '${service}') | "${process.execPath}" "${BIN}" explain http://web/ --mesh istio -f -`;
    const { stdout, stderr } = await promisify(execFile)('sh', ['-c', line], { env: { ...env, PATH: process.env.PATH } });
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^→ web\.default:80\n/);
  });

  it('without words shows its help, as --help and help do', async () => {
    const { code, stdout, stderr } = await heddle([], env);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const words of Object.keys(COMMANDS)) expect(stdout).toContain(`\n  ${words}`);
    expect(stdout).toContain('sandbox start');
    expect((await heddle(['--help'], env)).stdout).toBe(stdout);
    expect((await heddle(['help'], env)).stdout).toBe(stdout);
  });

  it('gives the same help through oclif, where there are plugins of the user', async () => {
    // A plugin that brings commands has the whole program asked; this one's cannot be loaded.
    write(
      'data/node_modules/heddle-words/package.json',
      JSON.stringify({ name: 'heddle-words', version: '1.0.0', oclif: { commands: './none' } }),
    );
    write('data/package.json', JSON.stringify({ private: true, oclif: { plugins: [{ name: 'heddle-words', type: 'user' }] } }));
    const slow = { ...env, HEDDLE_DATA_DIR: join(home, 'data') };
    for (const words of [[], ['sessions'], ['mesh'], ['plugins'], ['plugins', 'install']]) {
      expect(await heddle([...words, '--help'], slow)).toEqual(await heddle([...words, '--help'], env));
    }
  });

  it('every flag has a variable of its own, which does what the flag does', async () => {
    for (const command of Object.values(COMMANDS)) {
      for (const [name, flag] of Object.entries({ ...command.baseFlags, ...command.flags })) {
        expect((flag as { env?: string }).env, name).toBe(`HEDDLE_${name.toUpperCase().replaceAll('-', '_')}`);
      }
    }
    const { stdout } = await heddle(['version'], { ...env, HEDDLE_OUTPUT: 'json' });
    expect(JSON.parse(stdout)).toMatchObject({ heddle: version });
  });

  it('says which Node.js it needs on an older one', async () => {
    const old = `Object.defineProperty(process.versions, 'node', { value: '20.18.0' }); require(${JSON.stringify(BIN)});`;
    const { code, stdout, stderr } = await startHeddle([], env, ['-e', old]).exit;
    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: '',
      stderr: 'Error: heddle needs Node.js 22.19 or later, and this is 20.18.0.\n',
    });
  });
});

describe('bad input ends with one sentence, what to do next, and the documented exit code', () => {
  const expectError = async (line: readonly string[], code: number, what: RegExp, more: Readonly<Record<string, string>> = {}) => {
    const result = await heddle(line, { ...env, ...more });
    expect(result.stderr).toMatch(what);
    expect(result.stderr).toMatch(new RegExp(`\n  next: .*\n(.*\n)*  code: [a-z-]+ \\(exit ${code}\\)\n$`));
    expect(result.stderr).not.toContain('\u001b');
    expect(result).toMatchObject({ code, stdout: '' });
  };

  it('an unknown command', () =>
    expectError(['sesions', 'list'], 2, /^Error: There is no command sesions list\.\n {2}next: Did you mean: heddle sessions list\n/));
  it('flags before the command, as kubectl takes them', async () => {
    await expectError(
      ['-n', 'shop', 'sessions', 'stop', 'x', '--quiet'],
      2,
      /^Error: The command comes before its flags, and there is none before -n\.\n {2}next: Put it first: heddle sessions stop -n shop x --quiet\n/,
    );
    await expectError(['--quiet'], 2, /Put it first: heddle COMMAND --quiet\n/);
  });
  it('an unknown command below one that takes no words', () =>
    expectError(
      ['plugins', 'instal', 'x'],
      2,
      /^Error: There is no command plugins instal\.\n {2}next: Did you mean: heddle plugins install\n/,
    ));
  it('an unknown command of a topic', () => expectError(['sessions', 'lst'], 2, /There is no command sessions lst/));
  it('the help of an unknown command', () => expectError(['sesions', '--help'], 2, /There is no command sesions/));
  it('an unknown flag', () => expectError(['mesh', 'tomcat', '--expsoe', '8080'], 2, /Did you mean --expose\?/));
  it('an unknown value', () => expectError(['clusters', '-o', 'xml'], 2, /^Error: Expected --output=xml to be one of: text, json, yaml\./));
  it('a word too many', () => expectError(['clusters', 'all'], 2, /^Error: Unexpected argument: all\./));

  it('no kubeconfig', () => expectError(['sessions', 'list'], 2, /^Error: .*kubeconfig/i, { KUBECONFIG: join(home, 'none') }));

  it('an unknown context', async () => {
    const file = write('kube/good', kubeconfig('https://127.0.0.1:1'));
    await expectError(['sessions', 'list', '--context', 'nope'], 2, /^Error: The kubeconfig has no context nope; it has here\./, {
      KUBECONFIG: file,
    });
  });

  it('an API server that cannot be reached', async () => {
    const file = write('kube/good', kubeconfig('https://127.0.0.1:1'));
    await expectError(['sessions', 'list'], 4, /^Error: .*127\.0\.0\.1:1/, { KUBECONFIG: file });
    await expectError(['route', 'show', 'tomcat'], 4, /^Error: .*127\.0\.0\.1:1/, { KUBECONFIG: file });
  });

  it('a malformed configuration, with file and line', async () => {
    const file = write('config/heddle/config.yaml', 'defaults:\n  mesh: 7\n');
    const more = { XDG_CONFIG_HOME: join(home, 'config'), KUBECONFIG: write('kube/good', kubeconfig('https://127.0.0.1:1')) };
    await expectError(
      ['clusters'],
      2,
      new RegExp(`^Error: ${file}:2: defaults\\.mesh: expected a text like .*, received the number 7\\.`),
      more,
    );
    writeFileSync(file, 'defaults: {mesh: istio');
    await expectError(['clusters'], 2, new RegExp(`^Error: ${file}:1:\\d+: `), more);
  });

  it('nothing listening locally, before any cluster is asked', () =>
    expectError(['mesh', 'tomcat', '--expose', '1:8080'], 2, /^Error: Nothing listens on localhost:1, /, {
      KUBECONFIG: join(home, 'none'),
    }));

  it('with -o json also as one line on stdout', async () => {
    const { stdout, code } = await heddle(['nonsense', '-o', 'json'], env);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'unknown-command', exit: 2 } });
  });
});

it.each([['route', 'show', '--help'], ['--help'], ['--version'], ['version']])(
  'a reader that goes away early is no error: %s',
  async (...line) => {
    const running = startHeddle(line, env);
    running.child.stdout?.destroy();
    expect((await running.exit).code).toBe(0);
  },
);
