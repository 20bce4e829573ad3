import { isRecord } from '@heddle/core';
import type { AdapterNames } from './adapter-names.js';

/** A packed package to depend on, in place of the registry's. */
export interface LocalPackage {
  readonly name: string;
  /** As in package.json: `file:../packages/heddle-core-1.0.0.tgz`, relative to the project. */
  readonly spec: string;
  readonly integrity: string;
}

type Json = Readonly<Record<string, unknown>>;

/** The new project's package.json: without what holds in heddle's own repository only. */
export function projectManifest(text: string, names: AdapterNames, local: readonly LocalPackage[]): string {
  const { private: _private, ...manifest } = JSON.parse(text) as Json;
  const exports = { '.': { types: './dist/index.d.ts', default: './dist/index.js' }, './package.json': './package.json' };
  return print({ ...withSpecs(manifest, local), description: `A heddle adapter for ${names.title}`, exports });
}

/** Its package-lock.json, so that `npm ci` works at once: what is in a tarball is taken from there, everything else from the registry. */
export function projectLock(text: string, local: readonly LocalPackage[]): string {
  const lock = JSON.parse(text) as { readonly packages: Readonly<Record<string, Json>> };
  const packages = Object.entries(lock.packages).map(([path, entry]) => {
    if (path === '') return [path, withSpecs(entry, local)];
    const found = local.find(({ name }) => path === `node_modules/${name}`);
    if (found === undefined) return [path, entry];
    const { version, ...rest } = entry;
    return [path, { version, resolved: found.spec, integrity: found.integrity, ...rest }];
  });
  return print({ ...lock, packages: Object.fromEntries(packages) });
}

function withSpecs(manifest: Json, local: readonly LocalPackage[]): Json {
  const pointed = (key: string) => {
    const list = manifest[key];
    if (!isRecord(list)) return {};
    const specs = Object.entries(list).map(([name, version]) => [name, local.find((one) => one.name === name)?.spec ?? version]);
    return { [key]: Object.fromEntries(specs) };
  };
  return { ...manifest, ...pointed('dependencies'), ...pointed('devDependencies') };
}

const print = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
