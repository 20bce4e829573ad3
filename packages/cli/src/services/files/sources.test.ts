import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPath, readSources } from './sources.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'heddle-sources-'));
  for (const name of ['deep/er', '.hidden', 'node_modules', 'empty']) mkdirSync(join(folder, name), { recursive: true });
  for (const name of ['b.yaml', 'a.json', 'c.YML', 'notes.md', 'deep/er/d.yml', '.hidden/x.yaml', '.y.yaml', 'node_modules/z.yaml']) {
    writeFileSync(join(folder, name), name);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('what -f names', () => {
  it('a folder: its YAML and JSON files at any depth, in order, hidden ones not', () => {
    const found = readPath(folder);
    expect(found.map(({ text }) => text)).toEqual(['a.json', 'b.yaml', 'c.YML', 'deep/er/d.yml']);
    expect(found.every((one) => one.found)).toBe(true);
    expect(found[0]?.name).toBe(join(folder, 'a.json'));
  });

  it('a file, whatever it is called, and standard input, each once', async () => {
    const file = join(folder, 'notes.md');
    let reads = 0;
    const stdin = async () => {
      reads += 1;
      return 'from stdin';
    };
    expect(await readSources([file, '-', file, '-'], stdin)).toEqual([
      { name: file, text: 'notes.md', found: false },
      { name: 'stdin', text: 'from stdin', found: false },
    ]);
    expect(reads).toBe(1);
  });

  it.each([
    ['empty', 'There is no .yaml, .yml or .json file in '],
    ['nothing', 'There is no file or folder '],
  ])('%s is refused', (name, message) => {
    expect(() => readPath(join(folder, name))).toThrow(
      expect.objectContaining({ code: 'file-unreadable', message: `${message}${join(folder, name)}.` }),
    );
  });

  it('text of Windows, with the mark that says so', () => {
    const file = join(folder, 'notes.md');
    for (const bytes of [
      Buffer.from('\ufeffkind: é', 'utf16le'),
      Buffer.from('\ufeffkind: é', 'utf16le').swap16(),
      Buffer.from('\ufeffkind: é'),
    ]) {
      writeFileSync(file, bytes);
      expect(readPath(file)[0]?.text).toBe('\ufeffkind: é');
    }
  });

  it('no templates of a chart within a folder, unless it is named itself, and no linked folders', () => {
    mkdirSync(join(folder, 'deep/chart/templates'), { recursive: true });
    for (const name of ['Chart.yaml', 'templates/a.yaml']) writeFileSync(join(folder, 'deep/chart', name), name);
    symlinkSync('er', join(folder, 'deep/link.yaml'));
    symlinkSync('d.yml', join(folder, 'deep/er/e.yaml'));
    expect(readPath(join(folder, 'deep')).map(({ text }) => text)).toEqual(['Chart.yaml', 'deep/er/d.yml', 'deep/er/d.yml']);
    expect(readPath(join(folder, 'deep/chart')).map(({ text }) => text)).toEqual(['Chart.yaml', 'templates/a.yaml']);
    rmSync(join(folder, 'deep/er/e.yaml'));
    rmSync(join(folder, 'deep/chart'), { recursive: true });
  });

  it.skipIf(process.getuid?.() === 0)('no folder that may not be read', () => {
    const path = join(folder, 'locked');
    mkdirSync(path, { mode: 0 });
    expect(() => readPath(path)).toThrow(
      expect.objectContaining({ code: 'file-unreadable', message: `Cannot read ${path}: you may not.` }),
    );
    rmdirSync(path);
  });

  it('no pipes of a folder, which nobody may ever write to', () => {
    execFileSync('mkfifo', [join(folder, 'deep/pipe.yaml')]);
    expect(readPath(join(folder, 'deep')).map(({ text }) => text)).toEqual(['deep/er/d.yml']);
  });
});
