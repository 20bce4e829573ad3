import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Writes examples/adapter-template/package-lock.json, which every new adapter starts with. heddle's own packages are locked by version
 * alone: they are packed here to be resolved, and only what is published has a checksum. Needs the registry, for everything else.
 */
type Json = Record<string, unknown>;

const root = fileURLToPath(new URL('..', import.meta.url));
const template = join(root, 'examples/adapter-template');
const work = mkdtempSync(join(tmpdir(), 'heddle-lock-'));
const npm = (...args: string[]) => execFileSync('npm', args, { cwd: work, stdio: 'inherit', shell: process.platform === 'win32' });

try {
  const manifest = JSON.parse(readFileSync(join(template, 'package.json'), 'utf8')) as Json;
  const local = (list: unknown): Json =>
    Object.fromEntries(
      Object.entries(list as Record<string, string>).map(([name, version]) => {
        if (!name.startsWith('@heddle/')) return [name, version];
        npm('pack', join(root, 'node_modules', name), '--ignore-scripts', '--silent');
        return [name, `file:${name.slice(1).replace('/', '-')}-${version}.tgz`];
      }),
    );
  const { private: _private, dependencies, devDependencies, ...rest } = manifest;
  const packed = { ...rest, dependencies: local(dependencies), devDependencies: local(devDependencies) };
  writeFileSync(join(work, 'package.json'), JSON.stringify(packed, null, 2));
  npm('install', '--package-lock-only', '--omit-lockfile-registry-resolved', '--no-audit', '--no-fund');
  const lock = JSON.parse(readFileSync(join(work, 'package-lock.json'), 'utf8')) as { packages: Record<string, Json> };
  const packages = Object.entries(lock.packages).map(([path, entry]) => {
    if (path === '') return [path, { ...entry, dependencies, devDependencies }];
    if (!path.startsWith('node_modules/@heddle/')) return [path, entry];
    const { resolved: _resolved, integrity: _integrity, ...kept } = entry;
    return [path, kept];
  });
  writeFileSync(join(template, 'package-lock.json'), `${JSON.stringify({ ...lock, packages: Object.fromEntries(packages) }, null, 2)}\n`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
console.log('wrote examples/adapter-template/package-lock.json');
