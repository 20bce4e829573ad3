import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inputError, type KubeObject, type MeshEnvironment } from '@heddle/core';
import { load, loadAll } from 'js-yaml';
import type { ObjectChange } from '../cases/change-spec.js';
import { distinct, inNamespace, parseClient, parseEnvironment, parseObjects, SHOP } from '../cases/parse-case.js';
import { objectChanges } from '../cases/parse-disturbance.js';
import { withValue } from '../cases/pointer.js';
import { bad, map, text } from '../cases/shape.js';
import { kitFile } from './kit-files.js';
import { DEFAULT_STAGE, type Stage, type World } from './stage.js';

const ENVIRONMENT = 'environment.yaml';

/**
 * The environments of a package: its folder `conformance`, and each folder in it, that holds an `environment.yaml`.
 * Throws usage errors: `no-conformance` when there is none, `bad-case` (path, expected, received) for a file that is not in order.
 */
export async function loadStages(packageDir: string, known: readonly string[]): Promise<readonly Stage[]> {
  const top = join(packageDir, 'conformance');
  const folders = (await entries(top)).filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const candidates = [{ name: DEFAULT_STAGE, folder: top }, ...folders.sort().map((name) => ({ name, folder: join(top, name) }))];
  const found = await Promise.all(
    candidates.map(async (one) => ((await entries(one.folder)).some(({ name }) => name === ENVIRONMENT) ? [one] : [])),
  );
  const stages = await Promise.all(found.flat().map(({ name, folder }) => loadStage(name, folder, known)));
  if (stages.length > 0) return stages;
  throw inputError('no-conformance', { path: join(top, ENVIRONMENT), expected: 'a description of the mesh', received: 'no such file' }, [
    "Write it and the worlds: see the README of @heddle/conformance, 'What you supply'",
  ]);
}

async function loadStage(name: string, folder: string, known: readonly string[]): Promise<Stage> {
  const file = name === DEFAULT_STAGE ? ENVIRONMENT : `${name}/${ENVIRONMENT}`;
  const raw = map(load(await readFile(join(folder, ENVIRONMENT), 'utf8')), file, [
    'title',
    'environment',
    'every',
    'client',
    'objects',
    'without',
  ]);
  const environment: MeshEnvironment = { served: {}, settings: {}, ...parseEnvironment(raw.environment ?? {}, `${file}: environment`) };
  const shop = loadAll(await readFile(kitFile('shop.yaml'), 'utf8')) as KubeObject[];
  const every = Object.entries(raw.every === undefined ? {} : map(raw.every, `${file}: every`)).map(
    ([kind, values]) => [kind, map(values, `${file}: every.${kind}`)] as const,
  );
  const added = shop.map((object) =>
    every.filter(([kind]) => kind === object.kind).reduce((now, [, values]) => withValues(now, values), object),
  );
  const worlds = await loadWorlds(join(folder, 'worlds'), known, file.replace(ENVIRONMENT, 'worlds'));
  return {
    name,
    title: text(raw.title, `${file}: title`),
    environment,
    client:
      raw.client === undefined
        ? { kind: 'sidecar', namespace: SHOP.namespace, labels: {} }
        : parseClient(raw.client, `${file}: client`, SHOP.namespace),
    objects: distinct([
      ...added.map((object) => inNamespace(object, SHOP.namespace)),
      ...parseObjects(raw.objects, `${file}: objects`, SHOP.namespace),
    ]),
    worlds: new Map(worlds.map((world) => [world.name, world])),
    without: reasons(raw.without, `${file}: without`),
    ...((await entries(join(folder, 'cases'))).length > 0 ? { cases: join(folder, 'cases') } : {}),
  };
}

async function loadWorlds(folder: string, known: readonly string[], shown: string): Promise<readonly World[]> {
  const names = (await entries(folder)).map(({ name }) => name).filter((name) => name.endsWith('.yaml'));
  return Promise.all(
    names.sort().map(async (file): Promise<World> => {
      const [path, name] = [`${shown}/${file}`, file.replace(/\.yaml$/, '')];
      if (!known.includes(name)) throw bad(path, `a world of the kit: ${known.join(', ')}`, name);
      const raw = map(load(await readFile(join(folder, file), 'utf8')), path, ['title', 'objects', 'mutations']);
      const mutations = Object.entries(raw.mutations === undefined ? {} : map(raw.mutations, `${path}: mutations`)).map(
        ([mutation, edits]): [string, readonly ObjectChange[]] => [mutation, objectChanges(edits, `${path}: mutations.${mutation}`)],
      );
      return {
        name,
        objects: parseObjects(raw.objects, `${path}: objects`, SHOP.namespace),
        mutations: Object.fromEntries(mutations),
      };
    }),
  );
}

/** Texts by name: reasons why something is not there. */
export function reasons(value: unknown, path: string): Readonly<Record<string, string>> {
  const given = Object.entries(value === undefined ? {} : map(value, path));
  return Object.fromEntries(given.map(([name, reason]) => [name, text(reason, `${path}.${name}`)]));
}

const withValues = (object: KubeObject, values: Readonly<Record<string, unknown>>): KubeObject =>
  Object.entries(values).reduce((now: unknown, [pointer, value]) => withValue(now, pointer, value), object) as KubeObject;

async function entries(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return [];
    throw error;
  }
}
