import { existsSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../e2e/heddle.js';
import { cleanHome, pack, type Registry, startRegistry, withDependencies } from './registry.js';
import { writeWoven } from './woven.js';

const NAME = '@acme/heddle-adapter-woven';

describe('heddle plugins', { timeout: 120_000 }, () => {
  let folder: string;
  let registry: Registry;
  let home: string;
  let env: Readonly<Record<string, string>>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'heddle-plugins-'));
    const woven = await writeWoven(join(folder, 'woven'), NAME);
    registry = await startRegistry([...(await withDependencies(['@heddle/core'])), woven]);
    ({ home, env } = await cleanHome(registry));
  }, 120_000);
  afterAll(async () => {
    await registry?.[Symbol.asyncDispose]();
    await Promise.all([folder, home].map((each) => rm(each, { recursive: true, force: true })));
  });

  const dataDir = () => join(home, '.local/share/heddle');
  const adapters = async (more: Readonly<Record<string, string>> = {}) => {
    const { stdout, code } = await run(['adapters', '-o', 'json'], { ...env, ...more });
    expect(code).toBe(0);
    return JSON.parse(stdout) as {
      adapters: { id: string; package: string; origin: string; works: boolean; problem?: string; can?: string[] }[];
      problems: { package: string; message: string }[];
    };
  };
  const woven = async () => (await adapters()).adapters.filter(({ id }) => id === 'woven');

  it('has none at first, and needs no folder for that', async () => {
    expect(await run(['plugins'], env)).toEqual({ code: 0, stdout: 'No plugins installed.\n', stderr: '' });
    expect(existsSync(dataDir())).toBe(false);
  });

  it('installs by name, with a core of its own', async () => {
    const { code, stderr } = await run(['plugins', 'install', NAME], env);
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('installed v1.0.0') });
    expect(registry.requests).toContain(`GET /${NAME}`);
    expect(await woven()).toEqual([
      expect.objectContaining({ package: NAME, origin: 'installed', works: true, can: expect.arrayContaining(['match.header.exact']) }),
    ]);
    const ownCore = await realpath(join(dataDir(), 'node_modules/@heddle/core'));
    expect(ownCore.startsWith(await realpath(dataDir()))).toBe(true);
    expect((await run(['plugins'], env)).stdout).toContain(`${NAME} 1.0.0`);
  });

  it('inspects, uninstalls and says when there is nothing to uninstall', async () => {
    expect((await run(['plugins', 'inspect', NAME], env)).stdout).toContain('1.0.0');
    expect((await run(['plugins', 'uninstall', NAME], env)).code).toBe(0);
    expect(await woven()).toEqual([]);
    const again = await run(['plugins', 'uninstall', NAME], env);
    expect(again).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^Error: There is no plugin @acme.*\n {2}next: .*\n {2}code: plugin-missing/),
    });
  });

  it.each(['./', 'file:./', ''])('installs a tarball that is named from this folder, as %sx.tgz', async (prefix) => {
    const { file } = await pack(join(folder, 'woven'), folder);
    const { code, stderr } = await run(['plugins', 'install', `${prefix}${basename(file)}`], env, folder);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(await woven()).toEqual([expect.objectContaining({ works: true, origin: 'installed' })]);
    expect((await run(['plugins', 'reset', '--hard'], env)).code).toBe(0);
    expect(await woven()).toEqual([]);
  });

  it('updates to what the registry has now', async () => {
    await run(['plugins', 'install', NAME], env);
    const newer = await writeWoven(join(folder, 'newer'), NAME, { version: '1.1.0' });
    registry.publish(await pack(newer, folder));
    expect(await run(['plugins', 'update'], env)).toMatchObject({ code: 0 });
    expect((await run(['plugins'], env)).stdout).toContain(`${NAME} 1.1.0`);
    await run(['plugins', 'uninstall', NAME], env);
  });

  it('links a folder, and unlinks it', async () => {
    const { code } = await run(['plugins', 'link', join(folder, 'woven'), '--no-install'], env);
    expect(code).toBe(0);
    // Not installed, so core is not found from there: the plugin is reported, and the rest works.
    expect(await woven()).toEqual([
      expect.objectContaining({ origin: 'linked', works: false, problem: expect.stringContaining('@heddle/core') }),
    ]);
    expect((await run(['plugins', 'uninstall', NAME], env)).code).toBe(0);
    expect(await woven()).toEqual([]);
  });

  it.each<[string, string[], RegExp]>([
    ['a package that nobody has', ['heddle-nobody'], /^Error: There is no package heddle-nobody in npm's registry/m],
    ['a package that is no plugin', ['re2js'], /^Error: The package is no plugin of heddle/m],
    ['a file that is not there', ['./absent.tgz'], /^Error: There is no file or folder .*absent\.tgz/],
    ['a package that heddle brings', ['@heddle/sandbox@0.0.1'], /^Error: @heddle\/sandbox comes with heddle/],
  ])('refuses %s, and changes nothing', async (_, words, message) => {
    const { code, stderr } = await run(['plugins', 'install', ...words], env);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect((await run(['plugins'], env)).stdout).toBe('No plugins installed.\n');
  });
});
