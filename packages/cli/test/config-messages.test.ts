import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bind } from '../src/composition-root.js';
import { TOKENS } from '../src/tokens.js';
import { runCommand } from './support/run-command.js';

let home: string;
let userFile: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'heddle-config-'));
  userFile = join(home, 'config.yaml');
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const writeUser = (text: string) => writeFileSync(userFile, text);
const place = () => ({ env: {}, cwd: home, configDir: home, version: '1.2.3', packages: [], pluginProblems: [] });
const config = (...line: string[]) => runCommand(['config', ...line], [bind(TOKENS.place, place())]);

describe("the agent's image", () => {
  it('is that of the tunnel, where nobody names one', async () => {
    const parts = [
      {
        kind: 'tunnel' as const,
        id: 'wire',
        apiVersion: 1,
        module: 'm',
        package: 'p',
        version: '3.0.0',
        origin: 'core',
        image: 'wire-agent',
      },
    ];
    const image = async (...line: string[]) =>
      (
        await runCommand(
          ['config', 'get', 'agent.image', ...line],
          [bind(TOKENS.place, place()), bind(TOKENS.catalogue, { parts, problems: [] })],
        )
      ).stdout;
    expect(await image()).toBe('heddle-agent:1.2.3\n');
    expect(await image('--tunnel', 'wire')).toBe('wire-agent:3.0.0\n');
    // A file's agent.image is for the default tunnel: another one's agent is another program.
    writeUser('agent: {image: mine:1}\n');
    expect(await image()).toBe('mine:1\n');
    expect(await image('--tunnel', 'wire')).toBe('wire-agent:3.0.0\n');
    expect(await image('--tunnel', 'wire', '--image', 'now:1')).toBe('now:1\n');
    writeUser('agent: {image: mine:1, images: {wire: mine:2}}\n');
    expect(await image()).toBe('mine:1\n');
    expect(await image('--tunnel', 'wire')).toBe('mine:2\n');
    writeUser('agent: {image: mine:1}\ndefaults: {tunnel: wire}\n');
    expect(await image()).toBe('mine:1\n');
  });
});

describe('what the config commands say', () => {
  it('takes an unknown key below a cluster for a name with a dot, and guesses at keys that exist only', async () => {
    const { stderr } = await config('set', 'clusters.eu.west.mesh', 'istio');
    expect(stderr).toContain(`  next: Put a name with a dot in it in quotes: 'clusters."eu.west".mesh'\n`);
    expect(stderr).not.toContain('Did you mean');
    expect((await config('set', 'clusters.eu.mehs', 'istio')).stderr).toContain('Did you mean clusters.eu.mesh?');
  });

  it('names all arguments that are missing', async () => {
    expect((await config('set')).stderr).toContain('Error: The arguments KEY and VALUE are missing.\n');
    expect((await config('set', 'defaults.mesh')).stderr).toContain('Error: The argument VALUE is missing.\n');
    expect((await config('get', 'clusters.new')).stderr).toContain('heddle config set clusters.new.context VALUE');
  });

  it('warns of a mesh or tunnel that is not installed, and sets it all the same', async () => {
    const { code, stderr } = await config('set', 'defaults.mesh', 'knit');
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'Warning: No adapter knit is installed; there is istio. See heddle adapters.\n' });
    expect((await config('set', 'defaults.tunnel', 'wire')).stderr).toContain('No tunnel wire is installed; there is ssh.');
    expect((await config('set', 'defaults.mesh', 'istio')).stderr).toBe('');
    expect((await config('set', 'defaults.mesh', 'auto')).stderr).toBe('');
    await config('set', 'clusters.eu.context', 'eu');
    expect((await config('set', 'clusters.eu.options.mesh', 'default')).stderr).toBe('');
  });

  it('a file that is no YAML stops no command that needs nothing of it', async () => {
    writeUser('defaults: {');
    expect(await config('path')).toMatchObject({ code: 0, stdout: expect.stringContaining(userFile), stderr: '' });
    expect(await runCommand(['adapters'], [bind(TOKENS.place, place())])).toMatchObject({ code: 0, stderr: '' });
  });
});
