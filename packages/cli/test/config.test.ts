import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bind } from '../src/composition-root.js';
import { TOKENS } from '../src/tokens.js';
import { runCommand } from './support/run-command.js';
import { expectShape } from './support/schemas.js';

const FILE = `# my clusters
clusters:   # all of them
  staging:   {context: staging-admin, mesh: istio}  # short

agent: {image: 'x:1'}
`;

let home: string;
let userFile: string;
let projectFile: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'heddle-config-'));
  userFile = join(home, 'config/heddle/config.yaml');
  projectFile = join(home, 'work/.heddle.yaml');
  mkdirSync(join(home, 'work/deep'), { recursive: true });
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const writeUser = (text: string) => {
  mkdirSync(join(userFile, '..'), { recursive: true });
  writeFileSync(userFile, text);
};
const place = () => ({
  env: {},
  cwd: join(home, 'work/deep'),
  configDir: join(userFile, '..'),
  version: '1.2.3',
  packages: [],
  pluginProblems: [],
});
const config = (...line: string[]) => runCommand(['config', ...line], [bind(TOKENS.place, place())]);
const json = async (schema: string, ...line: string[]) => {
  const { code, stdout, stderr } = await config(...line, '-o', 'json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const value = JSON.parse(stdout) as Record<string, unknown>;
  expectShape(schema, value);
  return value;
};

describe('config show and get', () => {
  it('tell each value with where it comes from: built-in, file and line, variable, flag', async () => {
    writeUser(FILE);
    writeFileSync(
      projectFile,
      'defaults: {tunnel: direct}\nclusters:\n  eu: {context: eu-*, namespaces: {shop: {mesh: istio, options: {mesh: m}}}}\n',
    );
    const { settings, files } = await json('config-show', 'show', '--mesh', 'kuma', '--image=y:2');
    expect(files).toEqual([userFile, projectFile]);
    expect(settings).toEqual([
      { key: 'agent.image', value: 'y:2', from: 'flag', name: '--image' },
      { key: 'agent.readyTimeout', value: 180, from: 'built-in' },
      { key: 'clusters.eu.context', value: 'eu-*', from: 'file', file: projectFile, line: 3 },
      { key: 'clusters.eu.namespaces.shop.mesh', value: 'kuma', from: 'flag', name: '--mesh' },
      { key: 'clusters.eu.namespaces.shop.options.mesh', value: 'm', from: 'file', file: projectFile, line: 3 },
      { key: 'clusters.staging.context', value: 'staging-admin', from: 'file', file: userFile, line: 3 },
      { key: 'clusters.staging.mesh', value: 'kuma', from: 'flag', name: '--mesh' },
      { key: 'defaults.header', value: 'x-heddle', from: 'built-in' },
      { key: 'defaults.mesh', value: 'kuma', from: 'flag', name: '--mesh' },
      { key: 'defaults.tunnel', value: 'direct', from: 'file', file: projectFile, line: 1 },
    ]);
    const { stdout } = await config('show');
    expect(stdout).toMatch(new RegExp(`^KEY +VALUE +FROM\nagent\\.image +x:1 +${userFile}:5\nagent\\.readyTimeout +180 +built-in\n`));
  });

  it('a variable is told from a flag', async () => {
    process.env.HEDDLE_MESH = 'kuma';
    try {
      expect(await json('config-get', 'get', 'defaults.mesh')).toEqual({
        key: 'defaults.mesh',
        value: 'kuma',
        settings: [{ key: 'defaults.mesh', value: 'kuma', from: 'environment', name: 'HEDDLE_MESH' }],
      });
    } finally {
      delete process.env.HEDDLE_MESH;
    }
  });

  it('a higher file takes the place of a whole entry of clusters', async () => {
    writeUser(FILE);
    writeFileSync(projectFile, 'clusters: {staging: {context: other}}\n');
    expect(await json('config-get', 'get', 'clusters')).toMatchObject({ value: { staging: { context: 'other' } } });
  });

  it('get prints the bare value, mappings as YAML, and ends with 6 where there is none', async () => {
    writeUser('clusters:\n  "a.b": {context: c}\n');
    expect((await config('get', 'defaults.header')).stdout).toBe('x-heddle\n');
    expect((await config('get', 'clusters."a.b".context')).stdout).toBe('c\n');
    expect((await config('get', 'clusters')).stdout).toBe('a.b:\n  context: c\n');
    expect(await config('get', 'agent.pullSecret')).toMatchObject({
      code: 6,
      stdout: '',
      stderr: expect.stringContaining('code: config-unset'),
    });
  });

  it.each([
    ['agent.imag', /^Error: There is no key imag in agent; there are image, .*\n {2}next: Did you mean agent\.image\?/],
    ['default.mesh', /next: Did you mean defaults\.mesh\?/],
    ['defaults.mesh.x', /^Error: There is no key x in defaults\.mesh; that is a value without keys\./],
    ['clusters..mesh', /^Error: 'clusters\.\.mesh' is not a key/],
  ])('refuse the unknown key %s with what was likely meant', async (key, message) => {
    for (const line of [
      ['get', key],
      ['set', key, 'x'],
      ['unset', key],
    ]) {
      const { code, stderr } = await config(...line);
      expect(code).toBe(2);
      expect(stderr).toMatch(message);
    }
    expect(existsSync(userFile)).toBe(false);
  });
});

describe('config set and unset', () => {
  it('makes the file and its folder', async () => {
    expect(await json('config-change', 'set', 'defaults.tunnel', 'ssh')).toEqual({
      file: userFile,
      key: 'defaults.tunnel',
      value: 'ssh',
      changed: true,
    });
    expect(readFileSync(userFile, 'utf8')).toBe('defaults:\n  tunnel: ssh\n');
  });

  it('changes one value and nothing else, and says what it was', async () => {
    writeUser(FILE);
    expect((await config('set', 'clusters.staging.mesh', 'kuma')).stdout).toBe(
      `clusters.staging.mesh is kuma in ${userFile} (was istio)\n`,
    );
    expect(readFileSync(userFile, 'utf8')).toBe(FILE.replace('mesh: istio', 'mesh: kuma'));
    expect((await config('set', 'clusters.staging.mesh', 'kuma')).stdout).toBe(`clusters.staging.mesh is kuma already in ${userFile}.\n`);
    await config('unset', 'agent.image');
    expect(readFileSync(userFile, 'utf8')).toBe(FILE.replace('mesh: istio', 'mesh: kuma').replace("agent: {image: 'x:1'}\n", ''));
    expect((await config('unset', 'agent.image')).stdout).toBe(`agent.image has no value in ${userFile}.\n`);
  });

  it('takes numbers, lists and mappings as the schema wants them', async () => {
    await config('set', 'agent.readyTimeout', '60');
    await config('set', 'agent.tolerations', '[{key: dev, operator: Exists}]');
    await config('set', 'agent.labels."example.com/team"', '7');
    expect((await json('config-get', 'get', 'agent')).value).toEqual({
      image: 'heddle-agent:1.2.3',
      readyTimeout: 60,
      tolerations: [{ key: 'dev', operator: 'Exists' }],
      labels: { 'example.com/team': '7' },
    });
  });

  it.each([
    ['agent.readyTimeout', '0', 'agent.readyTimeout: expected a whole number from 1 to 3600, received the number 0'],
    ['agent.readyTimeout', 'soon', "agent.readyTimeout: expected a whole number from 1 to 3600, received 'soon'"],
    ['agent.imagePullPolicy', 'Sometimes', "agent.imagePullPolicy: expected one of Always, IfNotPresent, Never, received 'Sometimes'"],
    ['clusters.new.mesh', 'kuma', "clusters.new: expected the key 'context', received only mesh"],
    ['agent.tolerations', '{a', "agent.tolerations: expected a list, received '{a'"],
  ])('refuses %s %s before anything is written', async (key, value, message) => {
    writeUser(FILE);
    const { code, stderr } = await config('set', key, value);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).toContain('Nothing was written.');
    expect(readFileSync(userFile, 'utf8')).toBe(FILE);
    expect(readdirSync(join(userFile, '..'))).toEqual(['config.yaml']);
  });

  it('does not take away what an entry needs', async () => {
    writeUser(FILE);
    expect(await config('unset', 'clusters.staging.context')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("expected the key 'context'"),
    });
    expect(readFileSync(userFile, 'utf8')).toBe(FILE);
    expect((await config('unset', 'clusters.staging')).code).toBe(0);
  });

  it('--project writes the nearest .heddle.yaml, or one in this folder', async () => {
    await config('set', 'defaults.mesh', 'kuma', '--project');
    expect(readFileSync(join(home, 'work/deep/.heddle.yaml'), 'utf8')).toBe('defaults:\n  mesh: kuma\n');
    rmSync(join(home, 'work/deep/.heddle.yaml'));
    writeFileSync(projectFile, '# ours\n');
    await config('set', 'defaults.mesh', 'kuma', '--project');
    expect(readFileSync(projectFile, 'utf8')).toBe('# ours\ndefaults:\n  mesh: kuma\n');
    expect(existsSync(userFile)).toBe(false);
  });

  it('warns of a value that the project overrides', async () => {
    writeFileSync(projectFile, 'defaults: {mesh: kuma}\n');
    expect((await config('set', 'defaults.mesh', 'istio')).stderr).toBe(
      `Warning: defaults.mesh in ${userFile} has no effect here: ${projectFile} says otherwise and counts before it.\n`,
    );
  });

  it('asks before comments are lost, where the file cannot be edited in place', async () => {
    const odd = '# mine\ndefaults:\n  mesh: >-\n    istio\n';
    writeUser(odd);
    expect(await config('set', 'defaults.mesh', 'kuma')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('code: consent-needed'),
    });
    expect(readFileSync(userFile, 'utf8')).toBe(odd);
    expect((await config('set', 'defaults.mesh', 'kuma', '--yes')).code).toBe(0);
    expect(readFileSync(userFile, 'utf8')).toBe('defaults:\n  mesh: kuma\n');
  });

  it('follows a link, keeps the mode, and leaves nothing beside the file', async () => {
    const real = join(home, 'dotfiles.yaml');
    writeFileSync(real, FILE);
    chmodSync(real, 0o600);
    mkdirSync(join(userFile, '..'), { recursive: true });
    symlinkSync(real, userFile);
    expect((await config('set', 'agent.image', 'y:1')).code).toBe(0);
    expect(lstatSync(userFile).isSymbolicLink()).toBe(true);
    expect(statSync(real).mode & 0o777).toBe(0o600);
    expect(readFileSync(real, 'utf8')).toContain('image: y:1}');
    expect(readdirSync(join(userFile, '..'))).toEqual(['config.yaml']);
  });

  it('a file that is no YAML is left alone, and its place named', async () => {
    writeUser('defaults: {');
    expect(await config('set', 'defaults.mesh', 'kuma')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/config\.yaml:1:\d+: .*\n.*\n {2}code: config-syntax/),
    });
    expect(readFileSync(userFile, 'utf8')).toBe('defaults: {');
  });

  it('a file that has another fault can be mended', async () => {
    writeUser('defaults: {mesh: 7}\n');
    expect((await config('set', 'defaults.mesh', 'kuma')).code).toBe(0);
    writeUser('default: {mesh: kuma}\nagent: {image: x}\n');
    expect((await config('unset', 'default')).code).toBe(0);
    expect(readFileSync(userFile, 'utf8')).toBe('agent: {image: x}\n');
  });

  it('says so when the file cannot be written', async () => {
    writeFileSync(join(home, 'config'), 'a file where the folder would be');
    expect(await config('set', 'defaults.mesh', 'kuma')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('code: config-unwritable'),
    });
  });
});

it('config path names both files, there or not', async () => {
  writeUser('');
  expect(await json('config-path', 'path')).toEqual({
    user: { file: userFile, exists: true },
    project: { file: join(home, 'work/deep/.heddle.yaml'), exists: false },
  });
  expect((await config('path')).stdout).toBe(`user     ${userFile}\nproject  ${join(home, 'work/deep/.heddle.yaml')}  (not there)\n`);
});
