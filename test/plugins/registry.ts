import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const require = createRequire(import.meta.url);
/** The npm that comes with oclif's plugin manager, so that the tests do not depend on the machine's. */
const NPM = join(dirname(createRequire(require.resolve('@oclif/plugin-plugins')).resolve('npm/package.json')), 'bin/npm-cli.js');

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** A package as a registry has it. */
export interface Tarball {
  readonly manifest: Manifest;
  readonly file: string;
  readonly integrity: string;
  readonly shasum: string;
}

/** A registry on loopback with some packages and nothing behind it. */
export interface Registry extends AsyncDisposable {
  readonly url: string;
  /** What was asked for, as `GET /path`; of packages that it does not have too. */
  readonly requests: readonly string[];
  /** Adds a version of a package, or puts another tarball in its place. */
  publish(tarball: Tarball): void;
}

/** Runs npm without the user's settings, registry and cache. */
export async function npm(args: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [NPM, ...args], {
    cwd,
    env: { PATH: process.env.PATH ?? '', HOME: cwd, npm_config_update_notifier: 'false', ...env },
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}

/** `npm pack` of a built folder. Runs no scripts and asks no registry. */
export async function pack(folder: string, into: string): Promise<Tarball> {
  const args = ['pack', folder, '--json', '--ignore-scripts', '--pack-destination', into];
  const answer: unknown = JSON.parse(await npm(args, into, { npm_config_offline: 'true' }));
  // A list, or since npm 11 a record by name.
  const [entry] = Object.values(answer as Record<string, { filename: string; integrity: string; shasum: string }>);
  if (entry === undefined) throw new Error(`npm pack made nothing of ${folder}`);
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
  return { manifest, file: join(into, entry.filename), integrity: entry.integrity, shasum: entry.shasum };
}

/** The built folders of packages of this workspace, and of all that they depend on: what a registry needs to install them from. */
export async function withDependencies(names: readonly string[]): Promise<readonly string[]> {
  const folders = new Map<string, string>();
  const waiting = [...names];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (folders.has(name)) continue;
    const folder = join(ROOT, 'node_modules', name);
    folders.set(name, folder);
    const { dependencies = {} } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
    waiting.push(...Object.keys(dependencies));
  }
  return [...folders.values()];
}

/** Packs the folders and serves them: package documents and tarballs, as far as `npm install` and `npm view` read them. */
export async function startRegistry(folders: readonly string[]): Promise<Registry> {
  const store = await mkdtemp(join(tmpdir(), 'heddle-registry-'));
  const packages = new Map<string, Map<string, Tarball>>();
  const requests: string[] = [];
  const publish = (tarball: Tarball) => {
    const { name, version } = tarball.manifest;
    packages.set(name, new Map(packages.get(name)).set(version, tarball));
  };
  for (const folder of folders) publish(await pack(folder, store));

  let url = '';
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://registry').pathname).slice(1);
    requests.push(`${request.method} /${path}`);
    const [name = '', file] = path.split('/-/');
    const versions = packages.get(name);
    if (request.method !== 'GET' || versions === undefined) return answer(response, 404, { error: `${path} is not in this registry` });
    if (file === undefined) return answer(response, 200, packument(name, versions, url));
    const tarball = [...versions.values()].find(({ manifest }) => fileName(manifest) === file);
    if (tarball === undefined) return answer(response, 404, { error: `${path} is not in this registry` });
    readFile(tarball.file).then(
      (content) => response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(content),
      (error: Error) => answer(response, 500, { error: error.message }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    url,
    requests,
    publish,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(store, { recursive: true, force: true });
    },
  };
}

/** A clean home, and the environment of a `heddle` or npm that knows this registry only. */
export async function cleanHome(registry: Registry): Promise<{ readonly home: string; readonly env: Readonly<Record<string, string>> }> {
  const home = await mkdtemp(join(tmpdir(), 'heddle-home-'));
  return {
    home,
    env: {
      HOME: home,
      npm_config_registry: registry.url,
      npm_config_cache: join(home, 'npm-cache'),
      npm_config_update_notifier: 'false',
      npm_config_audit: 'false',
      npm_config_fetch_retries: '0',
    },
  };
}

function packument(name: string, versions: ReadonlyMap<string, Tarball>, url: string): unknown {
  const latest = [...versions.keys()].at(-1);
  const entries = [...versions].map(([version, { manifest, integrity, shasum }]) => [
    version,
    { ...manifest, dist: { tarball: `${url}${name}/-/${fileName(manifest)}`, integrity, shasum } },
  ]);
  return { name, 'dist-tags': { latest }, versions: Object.fromEntries(entries) };
}

const fileName = ({ name, version }: Manifest) => `${name.split('/').at(-1)}-${version}.tgz`;

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
