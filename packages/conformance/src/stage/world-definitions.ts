import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { FEATURES } from '@heddle/core';
import { load } from 'js-yaml';
import { SHOP } from '../cases/parse-case.js';
import { requestSpecs } from '../cases/parse-request.js';
import { map, maybe, oneOf, text, texts } from '../cases/shape.js';
import { kitFile } from './kit-files.js';
import type { WorldDefinition } from './stage.js';

/** In the order of the README's table. */
const ORDER = ['plain', 'catch-all', 'two-rules', 'header-rule', 'longer-path', 'other-service', 'unknown-fields'];

/** The kit's worlds, those first that every adapter must have. Throws a usage error `bad-case` for a file that is not in order. */
export async function loadWorldDefinitions(folder: string = kitFile('worlds')): Promise<readonly WorldDefinition[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).sort();
  const rank = (name: string) => (ORDER.indexOf(name) + ORDER.length + 1) % (ORDER.length + 1);
  const all = await Promise.all(names.map(async (name) => parseWorld(load(await readFile(join(folder, name), 'utf8')), name)));
  return all.sort((a, b) => rank(a.name) - rank(b.name));
}

function parseWorld(value: unknown, file: string): WorldDefinition {
  const raw = map(value, file, ['title', 'optional', 'feature', 'says', 'holds', 'mutations']);
  const says = (one: unknown, path: string) => requestSpecs(one, path, SHOP);
  const mutations = Object.entries(raw.mutations === undefined ? {} : map(raw.mutations, `${file}: mutations`)).map(([name, one]) => {
    const path = `${file}: mutations.${name}`;
    const given = map(one, path, ['title', 'optional', 'says']);
    return [name, { title: text(given.title, `${path}.title`), optional: given.optional === true, says: says(given.says, `${path}.says`) }];
  });
  return {
    name: basename(file, '.yaml'),
    title: text(raw.title, `${file}: title`),
    optional: raw.optional === true,
    ...maybe(raw, 'feature', (one, path) => oneOf(one, FEATURES, path), `${file}:`),
    says: says(raw.says, `${file}: says`),
    holds: texts(raw.holds, `${file}: holds`),
    mutations: Object.fromEntries(mutations),
  };
}
