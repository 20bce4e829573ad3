import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSources } from './sources.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'heddle-sources-'));
  for (const name of ['deep/er', '.hidden', 'node_modules', 'empty']) mkdirSync(join(folder, name), { recursive: true });
  for (const name of ['b.yaml', 'a.json', 'c.YML', 'notes.md', 'deep/er/d.yml', '.hidden/x.yaml', '.y.yaml', 'node_modules/z.yaml']) {
    writeFileSync(join(folder, name), name);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

const never = () => {
  throw new Error('standard input is not read');
};

describe('what -f names', () => {
  it('a folder: its YAML and JSON files at any depth, in order, hidden ones not', () => {
    const found = readSources([folder], never);
    expect(found.map(({ text }) => text)).toEqual(['a.json', 'b.yaml', 'c.YML', 'deep/er/d.yml']);
    expect(found.every((one) => one.found)).toBe(true);
    expect(found[0]?.name).toBe(join(folder, 'a.json'));
  });

  it('a file, whatever it is called, and standard input', () => {
    const file = join(folder, 'notes.md');
    expect(readSources([file, '-'], () => 'from stdin')).toEqual([
      { name: file, text: 'notes.md', found: false },
      { name: 'stdin', text: 'from stdin', found: false },
    ]);
  });

  it.each([
    ['empty', 'holds no .yaml, .yml or .json file.'],
    ['nothing', 'cannot be read: there is no such file or folder.'],
  ])('%s is refused', (name, message) => {
    expect(() => readSources([join(folder, name)], never)).toThrow(
      expect.objectContaining({ code: 'file-unreadable', message: expect.stringContaining(message) }),
    );
  });
});
