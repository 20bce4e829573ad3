import { join } from 'node:path';
import { closest, isRecord } from '@heddle/core';
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

/** The origin of a package that heddle brings. */
const BUNDLED = 'core';

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
  /** Of a tunnel: the name of its agent's image, to which the package's version is the tag. */
  readonly image?: string;
  /** Why it is not used, whoever asks for it. */
  readonly refused?: string;
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

const LISTS = [
  ['adapters', 'adapter'],
  ['tunnels', 'tunnel'],
] as const;

/** Reads what the packages declare: `"heddle": {"adapters": [{"id", "apiVersion", "module"}], "tunnels": [{…, "image"}]}`. */
export function readCatalogue(packages: readonly InstalledPackage[], known: readonly CatalogueProblem[] = []): Catalogue {
  const parts: Part[] = [];
  const problems: CatalogueProblem[] = [...known];
  for (const installed of packages) {
    const field = installed.pjson.heddle;
    if (field === undefined) continue;
    if (!isRecord(field)) {
      problems.push({ package: installed.name, message: `package.json: heddle: expected an object, received ${typeName(field)}` });
      continue;
    }
    const unknown = Object.keys(field).filter((key) => !LISTS.some(([name]) => name === key));
    for (const key of unknown) {
      const expected = LISTS.map(([name]) => name).join(' and ');
      problems.push({ package: installed.name, message: `package.json: heddle: expected only ${expected}, received ${shown(key)}` });
    }
    for (const [key, kind] of LISTS) {
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
  return withoutDuplicates(parts, problems);
}

/** The one part of that id. Throws `unknown-adapter` or `unknown-tunnel`, or `plugin-duplicate` naming both packages. */
export function findPart(catalogue: Catalogue, kind: PartKind, id: string, instead: readonly string[] = []): Part {
  const named = catalogue.parts.filter((part) => part.kind === kind && part.id === id);
  const part = named.find(({ refused }) => refused === undefined);
  if (part !== undefined) return part;
  const refused = named.find((each) => each.refused !== undefined)?.refused;
  if (refused !== undefined)
    throw cliError('plugin-duplicate', refused, ['Uninstall one of the two.', 'See what is installed: heddle adapters']);
  const ids = [...new Set(catalogue.parts.filter((each) => each.kind === kind).map((each) => each.id))];
  const guess = closest(id, ids);
  const code = kind === 'adapter' ? 'unknown-adapter' : 'unknown-tunnel';
  throw cliError(code, `There is no ${kind} ${id}; installed: ${ids.length === 0 ? 'none' : ids.join(', ')}.`, [
    ...(guess === undefined ? [] : [`Did you mean ${guess}?`]),
    'See what is installed: heddle adapters',
    ...instead,
  ]);
}

/** Those that may be used. */
export function partsOf(catalogue: Catalogue, kind: PartKind): readonly Part[] {
  return catalogue.parts.filter((part) => part.kind === kind && part.refused === undefined);
}

function readPart(kind: PartKind, entry: unknown, installed: InstalledPackage): Part | string {
  if (!isRecord(entry)) return `: expected an object, received ${typeName(entry)}`;
  const { id, apiVersion, module, image } = entry;
  if (typeof id !== 'string' || !/^[a-z][a-z0-9-]*$/.test(id))
    return `.id: expected a name of lower-case letters, digits and dashes, received ${shown(id)}`;
  if (typeof apiVersion !== 'number') return `.apiVersion: expected a number, received ${shown(apiVersion)}`;
  if (typeof module !== 'string' || module === '') return `.module: expected a path, received ${shown(module)}`;
  if (image !== undefined && (typeof image !== 'string' || image === ''))
    return `.image: expected an image's name, received ${shown(image)}`;
  const { name, version, origin, root } = installed;
  return { kind, id, apiVersion, module: join(root, module), package: name, version, origin, ...(image === undefined ? {} : { image }) };
}

/**
 * One id is one package's. What heddle brings stands, and a plugin that declares the same id is refused; of two plugins neither is used,
 * since nothing says which one is meant.
 */
function withoutDuplicates(parts: readonly Part[], problems: readonly CatalogueProblem[]): Catalogue {
  const refusals: CatalogueProblem[] = [];
  const judged = parts.map((part) => {
    const rivals = parts.filter((other) => other !== part && other.kind === part.kind && other.id === part.id);
    const bundled = rivals.find(({ origin }) => origin === BUNDLED);
    const [rival] = rivals;
    if (rival === undefined || (part.origin === BUNDLED && bundled === undefined)) return part;
    const first = parts.indexOf(rival) < parts.indexOf(part);
    const message = bundled === undefined ? duplicateMessage(first ? rival : part, first ? part : rival) : ownIdMessage(part, bundled);
    if (bundled !== undefined || first) refusals.push({ package: part.package, message });
    return { ...part, refused: message };
  });
  return { parts: judged, problems: [...problems, ...refusals] };
}

function ownIdMessage({ kind, id, package: name, version }: Part, bundled: Part): string {
  return `The ${kind} ${id} comes from two packages, ${bundled.package} ${bundled.version}, which heddle brings, and ${name} ${version}; that of ${name} is not used.`;
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
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
