import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bind } from '../src/composition-root.js';
import { TOKENS } from '../src/tokens.js';
import { runCommand } from './support/run-command.js';
import { expectShape } from './support/schemas.js';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'heddle-new-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const istio = {
  name: '@x/istio',
  version: '1.0.0',
  root: '/x',
  origin: 'core',
  pjson: { heddle: { adapters: [{ id: 'istio', apiVersion: 1, module: 'm' }] } },
};
const place = () => ({ env: {}, cwd: home, configDir: home, version: '1.2.3', packages: [istio], pluginProblems: [] });
const make = (...words: string[]) => runCommand(['adapter', 'new', ...words], [bind(TOKENS.place, place())]);
const file = (path: string) => readFileSync(join(home, 'heddle-adapter-consul', path), 'utf8');

describe('heddle adapter new', () => {
  it('makes a project under the new names, and says what to do next', async () => {
    const { code, stdout } = await make('consul');
    expect(code).toBe(0);
    expect(stdout).toContain('cd heddle-adapter-consul && npm ci && npm test');
    const manifest = JSON.parse(file('package.json')) as Record<string, unknown>;
    expect(manifest).toMatchObject({ name: 'heddle-adapter-consul', heddle: { adapters: [{ id: 'consul' }] } });
    expect(manifest.private).toBeUndefined();
    expect(JSON.stringify(manifest)).not.toContain('heddle-source');
    expect(file('src/index.ts')).toContain("id: 'consul',\n  title: 'Consul',");
    expect(file('conformance/cases/43-header-only-route.yaml')).toContain('mesh: consul');
    expect(file('.gitignore')).toContain('node_modules/');
    expect(file('package-lock.json')).toContain('"name": "heddle-adapter-consul"');
    expect(existsSync(join(home, 'heddle-adapter-consul/tsconfig.workspace.json'))).toBe(false);
  });

  it('tells it as JSON, and takes a folder of its own', async () => {
    const { stdout } = await make('acme-mesh', 'deep/er', '-o', 'json');
    const value = JSON.parse(stdout) as { files: string[] };
    expectShape('adapter-new', value);
    expect(value).toMatchObject({ id: 'acme-mesh', package: 'heddle-adapter-acme-mesh', folder: join(home, 'deep/er') });
    expect(value.files.every((path) => existsSync(join(home, 'deep/er', path)))).toBe(true);
    expect(readFileSync(join(home, 'deep/er/src/index.ts'), 'utf8')).toContain("title: 'Acme Mesh'");
  });

  it('depends on tarballs where it is told so, in package.json and package-lock.json alike', async () => {
    const content = { core: 'the core', conformance: 'the kit' };
    for (const [name, text] of Object.entries(content)) writeFileSync(join(home, `heddle-${name}-0.1.0.tgz`), text);
    expect((await make('consul', '--packages', '.')).code).toBe(0);
    expect(JSON.parse(file('package.json'))).toMatchObject({
      dependencies: { '@heddle/core': 'file:../heddle-core-0.1.0.tgz' },
      devDependencies: { '@heddle/conformance': 'file:../heddle-conformance-0.1.0.tgz' },
    });
    const { packages } = JSON.parse(file('package-lock.json')) as { packages: Record<string, unknown> };
    expect(packages['']).toMatchObject({ dependencies: { '@heddle/core': 'file:../heddle-core-0.1.0.tgz' } });
    expect(packages['node_modules/@heddle/core']).toMatchObject({
      resolved: 'file:../heddle-core-0.1.0.tgz',
      integrity: `sha512-${createHash('sha512').update(content.core).digest('base64')}`,
      dependencies: expect.any(Object),
    });
  });

  it.each<[string, string[], string]>([
    ['a name that cannot be typed', ['Consul!'], 'adapter-name'],
    ['the name of an adapter that is installed', ['istio'], 'adapter-name'],
    ['a folder in use', ['consul', 'used'], 'adapter-folder'],
    ['a file in the way', ['consul', 'used/file'], 'adapter-folder'],
    ['tarballs that are not there', ['consul', '--packages', 'used'], 'adapter-packages'],
  ])('refuses %s, and writes nothing', async (_, words, errorCode) => {
    mkdirSync(join(home, 'used'));
    writeFileSync(join(home, 'used/file'), '');
    const { code, stderr } = await make(...words);
    expect(code).toBe(2);
    expect(stderr).toContain(`code: ${errorCode}`);
    expect(existsSync(join(home, 'heddle-adapter-consul'))).toBe(false);
    expect(readFileSync(join(home, 'used/file'), 'utf8')).toBe('');
  });

  it('takes an empty folder, and the whole name of a package', async () => {
    mkdirSync(join(home, 'empty'));
    expect((await make('heddle-adapter-consul', 'empty')).code).toBe(0);
    expect(JSON.parse(readFileSync(join(home, 'empty/package.json'), 'utf8'))).toMatchObject({ name: 'heddle-adapter-consul' });
  });
});
