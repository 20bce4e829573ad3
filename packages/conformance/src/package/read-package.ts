import { access, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inputError, isRecord, MESH_ADAPTER_API, MESH_ADAPTER_TYPE, type MeshAdapter, messageOf, UserError } from '@heddle/core';
import { bad, list, map, number, text } from '../cases/shape.js';
import { checkContract } from './contract.js';

interface Declared {
  readonly id: string;
  readonly module: string;
}

/**
 * The adapter of a package's folder, as its package.json declares it: `"heddle": {"adapters": [{"id", "apiVersion", "module"}]}`. `id`
 * chooses where there are several. Throws usage errors that say what is wrong: `package-unreadable`, `package-invalid` (path, expected,
 * received), `package-not-built`, `adapter-not-loaded`, `unknown-adapter`.
 */
export async function loadAdapterOf(dir: string, id?: string): Promise<MeshAdapter> {
  const declared = choose(await readDeclared(dir), id);
  const file = resolve(dir, declared.module);
  const built = await access(file).then(
    () => true,
    () => false,
  );
  if (!built) {
    const message = `The module of the adapter ${declared.id} is not there: ${file}`;
    throw new UserError({ code: 'package-not-built', exit: 'usage', message, next: ['Build the package: npm run build'] });
  }
  const module: unknown = await import(pathToFileURL(file).href).catch((error: unknown) => {
    const message = `${file} cannot be loaded: ${messageOf(error)}`;
    const next = ['Install what it imports: npm ci', 'Build it anew: npm run build'];
    throw new UserError({ code: 'adapter-not-loaded', exit: 'usage', message, next, cause: error });
  });
  return adapterIn(module, declared, file);
}

async function readDeclared(dir: string): Promise<readonly Declared[]> {
  const file = join(dir, 'package.json');
  const content = await readFile(file, 'utf8').catch((error: unknown) => {
    const message = `There is no package to verify in ${resolve(dir)}: ${messageOf(error)}`;
    const next = ['Name the folder that holds the package.json of an adapter: heddle adapter verify ./heddle-adapter-x'];
    throw new UserError({ code: 'package-unreadable', exit: 'usage', message, next, cause: error });
  });
  try {
    return declaredIn(JSON.parse(content));
  } catch (error) {
    const message = `${file}: ${messageOf(error)}`;
    const next = ['Declare the adapter: "heddle": {"adapters": [{"id": "x", "apiVersion": 1, "module": "./dist/index.js"}]}'];
    throw new UserError({ code: 'package-invalid', exit: 'usage', message, next, cause: error });
  }
}

function declaredIn(manifest: unknown): readonly Declared[] {
  const heddle = map(isRecord(manifest) ? manifest.heddle : undefined, 'heddle');
  const entries = list(heddle.adapters, 'heddle.adapters');
  if (entries.length === 0) throw bad('heddle.adapters', 'at least one adapter', heddle.adapters);
  return entries.map((entry, index) => {
    const path = `heddle.adapters[${index}]`;
    const raw = map(entry, path);
    const id = text(raw.id, `${path}.id`);
    if (!/^[a-z][a-z0-9-]*$/.test(id)) throw bad(`${path}.id`, 'lower-case letters, digits and dashes', id);
    const apiVersion = number(raw.apiVersion, `${path}.apiVersion`);
    if (apiVersion !== MESH_ADAPTER_API) throw bad(`${path}.apiVersion`, String(MESH_ADAPTER_API), apiVersion);
    return { id, module: text(raw.module, `${path}.module`) };
  });
}

function choose(declared: readonly Declared[], id: string | undefined): Declared {
  const ids = declared.map((one) => one.id).join(', ');
  const found = id === undefined ? declared : declared.filter((one) => one.id === id);
  const [one, second] = found;
  if (one !== undefined && second === undefined) return one;
  const message =
    id === undefined ? `The package brings several adapters: ${ids}` : `The package brings no adapter ${id}; it brings: ${ids}`;
  throw new UserError({ code: 'unknown-adapter', exit: 'usage', message, next: ['Say which one: --adapter ID'] });
}

function adapterIn(module: unknown, { id }: Declared, file: string): MeshAdapter {
  const exported = isRecord(module) ? module : {};
  // A CommonJS module's exports arrive as the default export.
  const inner = isRecord(exported.default) ? exported.default : {};
  const found = [exported.default, exported.adapter, inner.adapter, inner.default].find(
    (one) => isRecord(one) && one.$$type === MESH_ADAPTER_TYPE,
  );
  const at = { path: file, expected: `an adapter as its default export, or named 'adapter': what defineMeshAdapter returns` };
  if (!isRecord(found)) throw inputError('adapter-not-loaded', { ...at, received: Object.keys(exported).join(', ') || 'no export' });
  if (found.id !== id) throw inputError('adapter-not-loaded', { path: `${file}: id`, expected: id, received: String(found.id) });
  checkContract(found, `${file}: adapter`);
  return found as unknown as MeshAdapter;
}
