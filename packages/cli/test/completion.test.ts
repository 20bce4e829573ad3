import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { completionScript, SHELLS } from '../src/services/completion/scripts.js';
import { runCommand } from './support/run-command.js';
import { expectShape } from './support/schemas.js';
import { BIN, heddle } from './support/spawn-heddle.js';

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'heddle-completion-'));
  const contexts = ['arn:aws:eks:eu:1:cluster/prod', 'kind staging'].map((name) => ({ name, context: {} }));
  writeFileSync(join(home, 'kubeconfig'), JSON.stringify({ contexts }));
  writeFileSync(join(home, 'routes one.yaml'), '');
  mkdirSync(join(home, 'routing'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const has = (shell: string): boolean => {
  try {
    execFileSync(shell, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

describe('heddle completion', () => {
  it.each(SHELLS)('prints the script for %s', async (shell) => {
    expect(await runCommand(['completion', shell])).toEqual({ code: 0, stdout: completionScript(shell, 'heddle'), stderr: '' });
  });

  it('has a result of a published shape, and knows no other shell', async () => {
    expectShape('completion', JSON.parse((await runCommand(['completion', 'bash', '-o', 'json'])).stdout));
    expect((await runCommand(['completion', 'tcsh'])).code).toBe(2);
  });
});

describe('the command that scripts ask', () => {
  const ask = async (...words: string[]) =>
    (await heddle(['__complete', '--', ...words], { HOME: home, KUBECONFIG: join(home, 'kubeconfig') })).stdout;

  it('tells commands of all packages, with what they are about', async () => {
    expect(await ask('sandbox', 'st')).toMatch(/^values\nstart\tStart a small cluster.*\nstop\t.*\n$/);
    expect(await ask('adapter', '')).toMatch(/\nnew\t.*\nverify\t/);
    expect(await ask('')).not.toContain('__complete');
  });

  it('tells contexts, meshes, tunnels and scenarios', async () => {
    expect(await ask('mesh', 'web', '--context', '')).toBe('values\narn:aws:eks:eu:1:cluster/prod\nkind staging\n');
    expect(await ask('mesh', 'web', '--mesh', '')).toBe('values\nistio\nkuma\nauto\n');
    expect(await ask('mesh', 'web', '--tunnel', '')).toBe('values\nssh\ndirect\n');
    expect(await ask('sandbox', 'start', '--scenario', 'to')).toBe('values\ntomcat\n');
  });

  it('tells the commands of plugins that have a manifest, beside those that heddle has itself', async () => {
    const plugin = join(home, 'plugin');
    const data = join(home, 'data');
    for (const folder of [plugin, data]) mkdirSync(folder);
    const write = (folder: string, name: string, value: unknown) => writeFileSync(join(folder, name), JSON.stringify(value));
    write(data, 'package.json', { oclif: { plugins: [{ name: 'weather', type: 'link', root: plugin }] } });
    write(plugin, 'package.json', { name: 'weather', version: '1.0.0', oclif: { commands: './commands' } });
    const of = async (...words: string[]) => (await heddle(['__complete', '--', ...words], { HOME: home, HEDDLE_DATA_DIR: data })).stdout;
    expect(await of('wea')).toBe('values\n');
    const commands = { weather: { id: 'weather', summary: 'Tell it.' }, mesh: { id: 'mesh', summary: 'Not this one.' } };
    write(plugin, 'oclif.manifest.json', { version: '1.0.0', commands });
    expect(await of('wea')).toBe('values\nweather\tTell it.\n');
    expect(await of('mes')).not.toContain('Not this one');
  });

  it('has nothing to say where nothing is known', async () => {
    const { stdout, stderr } = await heddle(['__complete', '--', 'mesh', 'web', '--context', ''], { HOME: home });
    expect({ stdout, stderr }).toEqual({ stdout: 'values\n', stderr: '' });
  });
});

const run = async (shell: string, line: readonly string[]) => {
  const env = { PATH: process.env.PATH, HOME: home, KUBECONFIG: join(home, 'kubeconfig') };
  return (await promisify(execFile)(shell, [...line], { cwd: home, env })).stdout;
};

describe.skipIf(!has('bash'))('in bash', () => {
  /** What Tab offers behind words that bash has split, the last of them being typed. */
  const tab = async (...words: string[]) => {
    const script = [
      `heddle() { "${process.execPath}" "${BIN}" "$@"; }`,
      completionScript('bash', 'heddle'),
      'complete -p heddle > /dev/null || exit 1',
      'COMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 ))',
      'set -u; _heddle heddle',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell's
      'for reply in ${COMPREPLY[@]+"${COMPREPLY[@]}"}; do printf "%s\\n" "$reply"; done',
    ].join('\n');
    return (await run('bash', ['--norc', '-c', script, 'bash', 'heddle', ...words])).split('\n').slice(0, -1);
  };

  it('offers commands, flags and values', async () => {
    expect(await tab('rou')).toEqual(['route']);
    expect(await tab('config', 's')).toEqual(['set', 'show']);
    expect(await tab('mesh', 'web', '--dry')).toEqual(['--dry-run']);
    expect(await tab('mesh', 'web', '--realise', '')).toEqual(['service', 'subset', 'tag']);
    expect(await tab('nothing', '')).toEqual([]);
  });

  it('puts together what it has split, and offers what is missing', async () => {
    expect(await tab('mesh', 'web', '--mesh', '=', 'ku')).toEqual(['kuma']);
    expect(await tab('mesh', 'web', '--mesh', '=')).toEqual(['istio', 'kuma', 'auto']);
    expect(await tab('mesh', 'web', '--context', 'arn', ':', 'aws', ':', 'e')).toEqual(['eks:eu:1:cluster/prod']);
  });

  it('quotes what needs it', async () => {
    expect(await tab('mesh', 'web', '--context', 'kind')).toEqual(['kind\\ staging']);
  });

  it('offers files, and behind -- other programs', async () => {
    expect(await tab('explain', 'http://web', '-f', 'rout')).toEqual(expect.arrayContaining(['routes one.yaml', 'routing']));
    expect(await tab('mesh', 'web', '--', 'bas')).toContain('bash');
    expect(await tab('mesh', 'web', '--', 'cat', 'routi')).toEqual(['routing']);
  });
});

describe.skipIf(!has('fish'))('in fish', () => {
  const tab = async (line: string) => {
    const script = `function heddle; "${process.execPath}" "${BIN}" $argv; end\n${completionScript('fish', 'heddle')}\ncomplete --do-complete '${line}'`;
    return (await run('fish', ['--no-config', '-c', script])).split('\n').slice(0, -1);
  };

  it('offers commands with what they are about, flags and values', async () => {
    expect(await tab('heddle rou')).toEqual([expect.stringMatching(/^route\t/)]);
    expect(await tab('heddle mesh web --mesh=ku')).toEqual(['--mesh=kuma']);
    expect(await tab('heddle mesh web --context ari')).toEqual([]);
  });
});

describe.skipIf(!has('zsh'))('in zsh', () => {
  it('is a script that zsh reads', async () => {
    writeFileSync(join(home, '_heddle'), completionScript('zsh', 'heddle'));
    expect(await run('zsh', ['-n', join(home, '_heddle')])).toBe('');
  });

  it('offers commands, and values behind =', async () => {
    const tab = async (...words: string[]) => {
      const script = [
        `heddle() { "${process.execPath}" "${BIN}" "$@"; }`,
        'compdef() { :; }',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell's
        '_describe() { print -rl -- "${(P@)3}"; }',
        completionScript('zsh', 'heddle'),
        'words=(heddle "$@"); CURRENT=$#words; _heddle',
      ].join('\n');
      return (await run('zsh', ['-f', '-c', script, 'zsh', ...words])).split('\n').slice(0, -1);
    };
    expect(await tab('rou')).toEqual([expect.stringMatching(/^route:/)]);
    expect(await tab('mesh', 'web', '--context', 'arn')).toEqual(['arn\\:aws\\:eks\\:eu\\:1\\:cluster/prod']);
  });
});
