import { expect, test } from 'vitest';
import type { RouteEntry } from '../routes/entry.js';
import type { StandingRoutes } from '../routes/types.js';
import { fileEdit, fileGroups, leftFiles, withoutFiles } from './file-edits.js';
import { parseRoutesFile } from './parse-routes-file.js';

const placed = (name: string, routes: readonly unknown[], namespace = 'shop') => {
  const { file, problems } = parseRoutesFile({ apiVersion: 'heddle.dev/v1', kind: 'Routes', metadata: { name }, routes });
  if (file === undefined) throw new Error(JSON.stringify(problems));
  return { file, namespace };
};
const by = { user: 'alice', host: 'laptop' };
const entry = (name: string, file?: string): RouteEntry => ({
  name,
  match: [],
  mirror: { version: 'v1', percent: 100 },
  by,
  since: '2026-01-01T00:00:00.000Z',
  ...(file === undefined ? {} : { file }),
});
const names = (edited: ReturnType<ReturnType<typeof fileEdit>>) =>
  'refused' in edited ? edited.refused : edited.map(({ name, file = '-' }) => `${name} ${file}`);

test('routes are planned together by namespace, service and port as it is written', () => {
  const files = [
    placed('a', [
      { service: 'web', to: 'v1' },
      { service: 'web:80', mirror: { to: 'v2' } },
    ]),
    placed('b', [{ service: 'web', mirror: { to: 'v2' } }]),
    placed('a', [{ service: 'web', to: 'v1' }], 'other'),
  ];
  expect(
    fileGroups(files).map(({ namespace, service, port, routes }) => [namespace, service, port, routes.map(({ route }) => route.name)]),
  ).toEqual([
    ['shop', 'web', undefined, ['split', 'mirror']],
    ['shop', 'web', '80', ['mirror']],
    ['other', 'web', undefined, ['split']],
  ]);
});

test('a file has just its routes; those of others stay as they are', () => {
  const file = placed('a', [{ service: 'web', to: 'v1' }]);
  const [group] = fileGroups([file]);
  if (group === undefined) throw new Error('no group');
  const others = [entry('mine'), entry('theirs', 'b')];
  const edited = fileEdit([file], group, { force: false })([...others, entry('old', 'a')]);
  expect(names(edited)).toEqual(['mine -', 'theirs b', 'split a']);
  expect(!('refused' in edited) && edited.slice(0, 2)).toEqual(others);
});

test("a name of somebody else's is refused, naming the keeper, or taken over", () => {
  const file = placed('a', [{ service: 'web', to: 'v1' }]);
  const [group] = fileGroups([file]);
  if (group === undefined) throw new Error('no group');
  const refused = (one: RouteEntry) => names(fileEdit([file], group, { force: false })([one]));
  expect(refused(entry('split'))).toMatchObject([{ code: 'route-kept', message: expect.stringContaining('is of alice@laptop') }]);
  expect(refused(entry('split', 'b'))).toMatchObject([{ code: 'route-kept', message: expect.stringContaining('is of the routes file b') }]);
  expect(names(fileEdit([file], group, { force: true })([entry('split', 'b'), entry('other', 'b')]))).toEqual(['other b', 'split a']);
});

test('so is a route of another name that wants the same of the same requests; one that wants something else stays', () => {
  const file = placed('a', [{ service: 'web', to: 'v1' }]);
  const [group] = fileGroups([file]);
  if (group === undefined) throw new Error('no group');
  const canary: RouteEntry = { name: 'canary', match: [], to: [{ version: 'v2', weight: 100 }], by, since: entry('x').since };
  const standing = [canary, entry('copies')];
  expect(names(fileEdit([file], group, { force: false })(standing))).toMatchObject([
    { code: 'route-kept', message: expect.stringContaining('beside it split would never count') },
  ]);
  expect(names(fileEdit([file], group, { force: true })(standing))).toEqual(['copies -', 'split a']);
});

test('what has left a file is found by its mark, in the namespace of the file alone', () => {
  const files = [placed('a', [])];
  const standing = (namespace: string, id: string, ...entries: readonly RouteEntry[]): StandingRoutes => {
    return { id, namespace, service: 'web', ports: [80], allPorts: true, adapter: 'x', entries, versions: [], rules: [], state: 'stands' };
  };
  const all = [
    standing('shop', 'web.80', entry('x', 'a')),
    standing('shop', 'db.80', entry('x')),
    standing('other', 'web.80', entry('x', 'a')),
  ];
  expect(leftFiles(files, all, new Set()).map(({ namespace, id }) => `${namespace}/${id}`)).toEqual(['shop/web.80']);
  expect(leftFiles(files, all, new Set(['shop/web.80']))).toEqual([]);
  expect(names(withoutFiles(files, 'shop')([entry('x', 'a'), entry('y', 'b'), entry('z')]))).toEqual(['y b', 'z -']);
});
