import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KubeObject } from '@heddle/core';
import { load, loadAll } from 'js-yaml';
import type { Case } from './case.js';
import { type Place, parseCase } from './parse-case.js';
import { bad, map, texts } from './shape.js';

/** Where the case of a file plays in a world, by the world's name. */
export type PlaceOf = (world: string) => Place;

/**
 * Reads all `*.yaml` files of a folder, in order of name; what a case lists under `parts` is taken from `parts/<name>.yaml` there, and
 * a case with several `worlds` becomes as many. Throws a usage error `bad-case` that names the place and what was expected.
 */
export async function loadCases(folder: string, placeOf?: PlaceOf): Promise<readonly Case[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).sort();
  return (await Promise.all(names.map((name) => loadCase(folder, name, placeOf)))).flat();
}

async function loadCase(folder: string, name: string, placeOf: PlaceOf | undefined): Promise<readonly Case[]> {
  const value = load(await readFile(join(folder, name), 'utf8'));
  const raw = map(value, name);
  const shared = await Promise.all(
    texts(raw.parts, `${name}: parts`).map((part) => readFile(join(folder, 'parts', `${part}.yaml`), 'utf8')),
  );
  const parts = shared.flatMap((part) => loadAll(part)) as KubeObject[];
  const worlds = raw.world === undefined ? texts(raw.worlds, `${name}: worlds`) : texts([raw.world], `${name}: world`);
  if (worlds.length === 0) return [parseCase(value, name, { parts })];
  if (placeOf === undefined) throw bad(`${name}: world`, 'no world here, since there is no environment', worlds[0]);
  return worlds.map((world) => {
    return parseCase(value, name, { ...placeOf(world), parts, ...(worlds.length > 1 ? { suffix: `.${world}` } : {}) });
  });
}
