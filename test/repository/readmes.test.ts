import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT, read } from './sources.js';

const foldersIn = (path: string): readonly string[] =>
  readdirSync(join(ROOT, path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

/** What stands in code in the first column of a page's table of folders; none where there is no such table. */
function tableOf(page: string): readonly string[] {
  const [, table = ''] = /^\| folder \|.*\n\|[-|]+\n((?:\|.*\n)+)/m.exec(read(page)) ?? [];
  return [...table.matchAll(/^\| (.*?) \|/gm)].flatMap(([, cell = '']) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name));
}

it.each(foldersIn('packages').filter((name) => tableOf(`packages/${name}/README.md`).length > 0))(
  'the README of %s says what is in each folder of its sources, and of no other',
  (name) => {
    const told = tableOf(`packages/${name}/README.md`);
    const folders = foldersIn(`packages/${name}/src`);
    expect(folders.filter((folder) => !told.includes(folder) && !told.includes(`src/${folder}`))).toEqual([]);
    const exists = (path: string) => ['', 'src'].some((below) => existsSync(join(ROOT, 'packages', name, below, path)));
    expect(told.filter((path) => !exists(path))).toEqual([]);
  },
);

it('CONTRIBUTING.md says what is in each folder', () => {
  const told = tableOf('CONTRIBUTING.md');
  const folders = ['packages', 'examples', 'test'].flatMap((parent) => foldersIn(parent).map((name) => `${parent}/${name}`));
  expect(folders.filter((folder) => !told.includes(folder))).toEqual([]);
  expect(told.filter((folder) => !existsSync(join(ROOT, folder)))).toEqual([]);
});
