import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { filesBelow, isTest, ROOT, read } from './repository/sources.js';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly engines?: { readonly node?: string };
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports?: unknown;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly oclif?: { readonly commands?: string; readonly plugins?: readonly string[] };
  readonly heddle?: unknown;
}

interface Packed {
  readonly folder: string;
  readonly manifest: Manifest;
  /** What the tarball holds, with each file's mode. */
  readonly files: ReadonlyMap<string, number>;
}

const FOLDERS = readdirSync(join(ROOT, 'packages')).sort();
const packages = new Map<string, Packed>();

/** What `npm pack` would put into the tarball; it reads the built output and asks no registry. */
async function pack(folder: string): Promise<Packed> {
  const env = { ...process.env, npm_config_update_notifier: 'false', npm_config_offline: 'true' };
  const { stdout } = await promisify(execFile)('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: join(ROOT, 'packages', folder),
    env,
    shell: process.platform === 'win32',
  });
  // A list, or since npm 11 a record by name.
  const answer: unknown = JSON.parse(stdout);
  const [entry] = Object.values(answer as Record<string, { files: { path: string; mode: number }[] }>);
  const files = new Map(entry?.files.map(({ path, mode }) => [path, mode]));
  return { folder, files, manifest: JSON.parse(read(`packages/${folder}/package.json`)) as Manifest };
}

beforeAll(async () => {
  for (const folder of FOLDERS) packages.set(folder, await pack(folder));
}, 60_000);

const packed = (folder: string): Packed => {
  const found = packages.get(folder);
  if (found === undefined) throw new Error(`${folder} was not packed`);
  return found;
};
const missing = ({ files }: Packed, wanted: readonly string[]) => wanted.filter((path) => !files.has(path.replace(/^\.\//, '')));

/** Every path that a part of a manifest names, but for the condition that only this repository knows. */
function pathsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.startsWith('./') ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => (key === 'heddle-source' ? [] : pathsIn(item)));
}

describe.each(FOLDERS)('the tarball of packages/%s', (folder) => {
  it('holds everything that its package.json names, and the types of every source', () => {
    const one = packed(folder);
    const { bin, exports, heddle, oclif } = one.manifest;
    const sources = filesBelow(`packages/${folder}/src`, (path) => path.endsWith('.ts') && !isTest(path));
    const types = sources.map((path) => path.replace(`packages/${folder}/src`, 'dist').replace(/\.ts$/, '.d.ts'));
    expect(sources.length).toBeGreaterThan(0);
    expect(missing(one, [...pathsIn(bin), ...pathsIn(exports), ...pathsIn(heddle)])).toEqual([]);
    expect(
      missing(one, ['package.json', 'README.md', 'LICENSE', ...(oclif?.commands === undefined ? [] : ['oclif.manifest.json'])]),
    ).toEqual([]);
    expect(missing(one, types), 'npm run build').toEqual([]);
    // And nothing of a source that is gone.
    const there = (pattern: RegExp) => [...one.files.keys()].filter((path) => pattern.test(path)).sort();
    expect(there(/^dist\/.*\.d\.ts$/), 'npm run build').toEqual(types.toSorted());
    const commands = types.flatMap((path) =>
      path.startsWith('dist/commands/') ? [path.replace(/^dist/, 'bundle').replace(/d\.ts$/, 'js')] : [],
    );
    expect(there(/^bundle\/commands\//)).toEqual(commands.sort());
  });

  it('holds bundles that import only Node, each other and what the package depends on', () => {
    const { files, manifest } = packed(folder);
    const bundles = [...files.keys()].filter((path) => /^bundle\/.*\.js$/.test(path));
    const imported = bundles.flatMap((path) => {
      const text = read(`packages/${folder}/${path}`);
      const named = [...text.matchAll(/^(?:import|export) (?:[^'"]* from )?"([^"]+)";$|\bimport\("([^"]+)"\)/gm)];
      return named.map(([, first, second]) => first ?? second ?? '').map((to) => (to.startsWith('.') ? join(path, '..', to) : to));
    });
    expect(imported.length).toBeGreaterThan(0);
    const asked = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
    const isKnown = (to: string) => files.has(to) || /^node:/.test(to) || asked.some((name) => to === name || to.startsWith(`${name}/`));
    expect(imported.filter((to) => !isKnown(to))).toEqual([]);
  });

  it('holds no sources, no tests and nothing of the build itself', () => {
    const odd = /(^|\/)(test|src|node_modules)\/|\.test\.|tsbuildinfo|(^|\/)tsconfig|(^|\/)\.(?!npmignore)/;
    expect([...packed(folder).files.keys()].filter((path) => odd.test(path))).toEqual([]);
  });

  it('says which Node it needs, its licence, and the very versions of its siblings', () => {
    const { engines, license, dependencies = {}, oclif } = packed(folder).manifest;
    expect({ engines, license }).toEqual({ engines: { node: '>=22.19' }, license: 'Apache-2.0' });
    for (const { manifest } of packages.values()) {
      const asked = dependencies[manifest.name];
      if (asked !== undefined) expect(asked, manifest.name).toBe(manifest.version);
    }
    // A bundled plugin is found among the dependencies.
    expect((oclif?.plugins ?? []).filter((name) => dependencies[name] === undefined)).toEqual([]);
  });
});

it('the programs in the tarballs may be executed', () => {
  const modes = [...packages.values()].flatMap(({ manifest, files }) => [
    ...pathsIn(manifest.bin).map((path) => files.get(path.slice(2))),
    ...[...files].filter(([path]) => /^agent\/(ready|end-others)$/.test(path)).map(([, mode]) => mode),
  ]);
  expect(modes).toHaveLength(5);
  for (const mode of modes) expect((mode ?? 0) & 0o111).toBe(0o111);
});

it('the command line brings all its schemas, the tunnel its agent, the kit its cases and recorded answers', () => {
  const all = (folder: string, part: string) =>
    filesBelow(`packages/${folder}/${part}`).map((path) => path.slice(`packages/${folder}/`.length));
  for (const [folder, part] of [
    ['cli', 'schemas'],
    ['tunnel-ssh', 'agent'],
    ['conformance', 'cases'],
    ['conformance', 'goldens'],
    ['conformance', 'worlds'],
    ['adapter-istio', 'conformance'],
    ['adapter-kuma', 'conformance'],
  ] as const) {
    expect(all(folder, part).length).toBeGreaterThan(3);
    expect(missing(packed(folder), all(folder, part)), `${folder}/${part}`).toEqual([]);
  }
});

it.each(['tunnel-direct', 'tunnel-ssh'])('the tarball of %s has all that its image is built of', (folder) => {
  const copied = read(`packages/${folder}/agent/Containerfile`)
    .split('\n')
    .filter((line) => line.startsWith('COPY '))
    .flatMap((line) => line.split(' ').slice(1, -1))
    .filter((word) => !word.startsWith('--'));
  const paths = [...packed(folder).files.keys()];
  expect(copied.length).toBeGreaterThan(2);
  expect(copied.filter((source) => !paths.some((path) => path === source || path.startsWith(`${source}/`)))).toEqual([]);
});
