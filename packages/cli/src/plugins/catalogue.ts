import { join } from 'node:path';
import { isRecord } from '@heddle/core';
import { cliError } from '../errors/cli-error.js';

/** An installed package as its package.json tells it. Nothing of it is imported. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  readonly root: string;
  /** How it came here: `core` (bundled), `user` (installed) or `link`. */
  readonly origin: string;
  readonly pjson: Readonly<Record<string, unknown>>;
}

export type PartKind = 'adapter' | 'tunnel';

/** An adapter or tunnel that a package declares in its `heddle` field. */
export interface Part {
  readonly kind: PartKind;
  readonly id: string;
  readonly apiVersion: number;
  /** The absolute path of its module. */
  readonly module: string;
  readonly package: string;
  readonly version: string;
  readonly origin: string;
}

/** Something wrong with a package's declaration; it does not keep other packages from working. */
export interface CatalogueProblem {
  readonly package: string;
  readonly message: string;
}

export interface Catalogue {
  readonly parts: readonly Part[];
  readonly problems: readonly CatalogueProblem[];
}

/** Reads what the packages declare: `"heddle": {"adapters": [{"id", "apiVersion", "module"}], "tunnels": […]}`. */
export function readCatalogue(packages: readonly InstalledPackage[]): Catalogue {
  const parts: Part[] = [];
  const problems: CatalogueProblem[] = [];
  for (const installed of packages) {
    const field = installed.pjson.heddle;
    if (field === undefined) continue;
    if (!isRecord(field)) {
      problems.push({ package: installed.name, message: `package.json: heddle: expected an object, received ${typeName(field)}` });
      continue;
    }
    for (const [key, kind] of [
      ['adapters', 'adapter'],
      ['tunnels', 'tunnel'],
    ] as const) {
      const list = field[key];
      if (list === undefined) continue;
      if (!Array.isArray(list)) {
        problems.push({ package: installed.name, message: `package.json: heddle.${key}: expected a list, received ${typeName(list)}` });
        continue;
      }
      for (const [index, entry] of list.entries()) {
        const part = readPart(kind, entry, installed);
        if (typeof part === 'string') problems.push({ package: installed.name, message: `package.json: heddle.${key}[${index}]${part}` });
        else parts.push(part);
      }
    }
  }
  return { parts, problems: [...problems, ...duplicateProblems(parts)] };
}

/** The one part of that id. Throws `unknown-adapter` or `unknown-tunnel`, or `plugin-duplicate` naming both packages. */
export function findPart(catalogue: Catalogue, kind: PartKind, id: string): Part {
  const named = catalogue.parts.filter((part) => part.kind === kind && part.id === id);
  const [part, second] = named;
  if (part !== undefined && second === undefined) return part;
  if (part !== undefined && second !== undefined) {
    throw cliError('plugin-duplicate', duplicateMessage(part, second), [
      'Uninstall one of the two.',
      'See what is installed: heddle adapters',
    ]);
  }
  const ids = [...new Set(catalogue.parts.filter((each) => each.kind === kind).map((each) => each.id))];
  const code = kind === 'adapter' ? 'unknown-adapter' : 'unknown-tunnel';
  throw cliError(code, `There is no ${kind} ${id}; installed: ${ids.length === 0 ? 'none' : ids.join(', ')}.`, [
    'See what is installed: heddle adapters',
    ...(kind === 'adapter' ? ['Let heddle look for the mesh: --mesh auto'] : []),
  ]);
}

export function partsOf(catalogue: Catalogue, kind: PartKind): readonly Part[] {
  return catalogue.parts.filter((part) => part.kind === kind);
}

function readPart(kind: PartKind, entry: unknown, installed: InstalledPackage): Part | string {
  if (!isRecord(entry)) return `: expected an object, received ${typeName(entry)}`;
  const { id, apiVersion, module } = entry;
  if (typeof id !== 'string' || !/^[a-z][a-z0-9-]*$/.test(id))
    return `.id: expected a name of lower-case letters, digits and dashes, received ${shown(id)}`;
  if (typeof apiVersion !== 'number') return `.apiVersion: expected a number, received ${shown(apiVersion)}`;
  if (typeof module !== 'string' || module === '') return `.module: expected a path, received ${shown(module)}`;
  const { name, version, origin, root } = installed;
  return { kind, id, apiVersion, module: join(root, module), package: name, version, origin };
}

function duplicateProblems(parts: readonly Part[]): readonly CatalogueProblem[] {
  return parts.flatMap((part, index) => {
    const first = parts.findIndex((other) => other.kind === part.kind && other.id === part.id);
    const other = parts[first];
    return first < index && other !== undefined ? [{ package: part.package, message: duplicateMessage(other, part) }] : [];
  });
}

function duplicateMessage(a: Part, b: Part): string {
  return `The ${a.kind} ${a.id} comes from two packages, ${a.package} ${a.version} and ${b.package} ${b.version}.`;
}

function shown(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : typeof value === 'number' ? String(value) : typeName(value);
}

function typeName(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
