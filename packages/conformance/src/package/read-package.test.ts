import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isUserError } from '@heddle/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadAdapterOf } from './read-package.js';

const MEMBERS = ['detect', 'capabilities', 'reads', 'affects', 'versions', 'inMesh', 'decode', 'owned', 'shadow', 'encode', 'accepted'];
const WHOLE = `{ $$type: '@heddle/MeshAdapter', apiVersion: 1, id: 'x', title: 'X', kinds: [], facts: [], ${MEMBERS.map((name) => `${name}: () => undefined`)} }`;

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'heddle-verify-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const declare = (heddle: unknown) =>
  writeFileSync(join(dir, 'package.json'), JSON.stringify({ name: 'x', version: '1.0.0', type: 'module', heddle }));
const one = (more: object = {}) => ({ adapters: [{ id: 'x', apiVersion: 1, module: './dist/index.js', ...more }] });
const build = (source: string) => {
  mkdirSync(join(dir, 'dist'), { recursive: true });
  writeFileSync(join(dir, 'dist/index.js'), source);
};

async function refusal(id?: string) {
  const error: unknown = await loadAdapterOf(dir, id).catch((thrown: unknown) => thrown);
  return isUserError(error) ? { code: error.code, exit: error.exit, message: error.message, next: error.next.join('; ') } : error;
}

describe('loadAdapterOf', () => {
  it.each(['export const adapter =', 'export default'])('takes what a module exports by: %s', async (start) => {
    declare(one());
    build(`${start} ${WHOLE};`);
    expect(await loadAdapterOf(dir)).toMatchObject({ id: 'x', title: 'X' });
  });

  it('says that there is no package', async () => {
    expect(await refusal()).toMatchObject({ code: 'package-unreadable', exit: 'usage', message: expect.stringContaining(dir) });
  });

  it('says that the package is not built, and how to build it', async () => {
    declare(one());
    expect(await refusal()).toMatchObject({ code: 'package-not-built', exit: 'usage', next: expect.stringContaining('npm run build') });
  });

  it.each<[unknown, string]>([
    [undefined, 'heddle: expected a map, received nothing'],
    [{}, 'heddle.adapters: expected at least one adapter, received nothing'],
    [{ adapters: 'x' }, 'heddle.adapters: expected a list, received "x"'],
    [one({ id: 'X!' }), 'heddle.adapters[0].id: expected lower-case letters, digits and dashes, received "X!"'],
    [one({ apiVersion: 2 }), 'heddle.adapters[0].apiVersion: expected 1, received 2'],
    [one({ module: undefined }), 'heddle.adapters[0].module: expected a text, received nothing'],
  ])('names the place, what was expected and what was there: %j', async (heddle, message) => {
    declare(heddle);
    expect(await refusal()).toMatchObject({ code: 'package-invalid', exit: 'usage', message: expect.stringContaining(message) });
  });

  it('wants to know which of several adapters', async () => {
    declare({ adapters: [...one().adapters, { id: 'y', apiVersion: 1, module: './dist/y.js' }] });
    expect(await refusal()).toMatchObject({ code: 'unknown-adapter', message: expect.stringContaining('x, y') });
    expect(await refusal('z')).toMatchObject({ code: 'unknown-adapter', message: expect.stringContaining('no adapter z') });
    expect(await refusal('y')).toMatchObject({ code: 'package-not-built' });
  });

  it('names the member of the contract that is missing', async () => {
    declare(one());
    build(`export default ${WHOLE.replace('encode: () => undefined', 'encode: true')};`);
    expect(await refusal()).toMatchObject({
      code: 'bad-case',
      message: expect.stringContaining('adapter.encode: expected a function, received true'),
    });
  });

  it.each([
    ["throw new Error('no licence');", 'no licence'],
    ['export const other = 1;', "expected an adapter as its default export, or named 'adapter'"],
    ["export default { $$type: '@heddle/MeshAdapter', apiVersion: 1, id: 'y' };", 'id: expected x, received y'],
  ])('says why a module is of no use: %s', async (source, message) => {
    declare(one());
    build(source);
    expect(await refusal()).toMatchObject({ code: 'adapter-not-loaded', message: expect.stringContaining(message) });
  });
});
