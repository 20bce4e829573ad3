import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import type { KubeObject } from '@heddle/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeObjects } from '../src/services/write-objects/write-objects.js';
import { type TextFiles, textFiles } from './support/text-files.js';

let files: TextFiles;
beforeEach(() => {
  files = textFiles();
});
afterEach(() => files.remove());

const route = (name: string, spec: object = {}): KubeObject => ({
  apiVersion: 'a.example.test/v1',
  kind: 'Route',
  metadata: { name, namespace: 'shop' },
  spec,
});
const write = (objects: readonly KubeObject[], { force = false, inputs = [] as readonly string[], folder = files.file('out') } = {}) =>
  writeObjects({ folder, force, inputs }, { objects, foundations: 0 });
const states = (written: ReturnType<typeof write>) => written.files.map(({ was }) => was);

it('writes a file for each object, and a second time nothing', () => {
  const first = write([route('a'), route('b')]);
  expect(first).toEqual({
    folder: files.file('out'),
    files: ['a', 'b'].map((name) => ({ file: files.file(`out/2-route.shop.${name}.yaml`), was: 'absent' })),
    others: [],
  });
  expect(files.read('out/2-route.shop.a.yaml')).toContain('kind: Route\n');
  expect(states(write([route('a'), route('b')]))).toEqual(['same', 'same']);
});

it('writes nothing at all where one file says something else, but by force', () => {
  files.write('out/2-route.shop.a.yaml', 'mine: true\n');
  expect(() => write([route('a'), route('b')])).toThrow(
    '2-route.shop.a.yaml is there already and says something else; nothing is written.',
  );
  expect(readdirSync(files.file('out'))).toEqual(['2-route.shop.a.yaml']);
  expect(files.read('out/2-route.shop.a.yaml')).toBe('mine: true\n');
  expect(states(write([route('a'), route('b')], { force: true }))).toEqual(['other', 'absent']);
  expect(files.read('out/2-route.shop.a.yaml')).toContain('kind: Route\n');
});

it('tells what else lies there that kubectl would apply', () => {
  write([route('a'), route('gone')]);
  files.write('out/README.md', 'not an object');
  files.write('out/mine.yml', 'kind: Mine\n');
  expect(write([route('a')]).others).toEqual([files.file('out/2-route.shop.gone.yaml'), files.file('out/mine.yml')]);
});

it.each(['in', 'in/out', 'link/out'])('writes nothing into a folder that is read (%s)', (folder) => {
  mkdirSync(files.file('in/out'), { recursive: true });
  symlinkSync(files.file('in'), files.file('link'));
  expect(() => write([route('a')], { folder: files.file(folder), inputs: ['-', files.file('in')], force: true })).toThrow('which -f reads');
});

it('takes a folder beside what is read, and no file for a folder', () => {
  files.write('in/a.yaml', 'kind: Route\n');
  expect(states(write([route('a')], { folder: files.file('in-out'), inputs: [files.file('in'), files.file('in/a.yaml')] }))).toEqual([
    'absent',
  ]);
  expect(() => write([route('a')], { folder: files.file('in/a.yaml') })).toThrow('it is no folder');
});
