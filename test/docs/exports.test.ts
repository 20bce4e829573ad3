import * as conformance from '@heddle/conformance';
import * as core from '@heddle/core';
import { expect, it } from 'vitest';
import { read } from '../repository/sources.js';

/** The names in the first column of a page's table of exports. */
function namesIn(page: string): readonly string[] {
  const [, table = ''] = /\| export of `@heddle\/core` \|.*\n\|[-|]+\n((?:\|.*\n)+)/.exec(read(page)) ?? [];
  return [...table.matchAll(/^\| (.*?) \|/gm)].flatMap(([, cell = '']) => [...cell.matchAll(/`(\w+)`/g)].map(([, name = '']) => name));
}

it.each([
  ['docs/writing-an-adapter.md', 10],
  ['docs/writing-a-tunnel.md', 6],
])('what %s says that core exports is there', (page, least) => {
  const names = namesIn(page);
  expect(names.length).toBeGreaterThanOrEqual(least);
  expect(names.filter((name) => !(name in core))).toEqual([]);
});

it.each([
  ['core/src/adapters', 'docs/writing-an-adapter.md'],
  ['core/src/tunnels', 'docs/writing-a-tunnel.md'],
])('all that packages/%s exports is in %s', (folder, page) => {
  const values = [...read(`packages/${folder}/index.ts`).matchAll(/export \{(.*?)\}/g)].flatMap(([, list = '']) =>
    list.split(',').flatMap((name) => (name.trim().startsWith('type ') ? [] : [name.trim()])),
  );
  expect(values.length).toBeGreaterThan(4);
  expect(values.filter((name) => !namesIn(page).includes(name))).toEqual([]);
});

it('the pages count the cases of a tunnel as they are', () => {
  const count = conformance.TUNNEL_CASES.length;
  for (const page of ['docs/writing-a-tunnel.md', 'packages/conformance/README.md']) expect(read(page)).toContain(`${count} cases`);
});
