import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installArguments } from './install-arguments.js';

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'heddle-arguments-'));
  writeFileSync(join(cwd, 'x-1.0.0.tgz'), '');
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const words = (...line: string[]) => installArguments('plugins:install', line, { cwd, bundled: ['@heddle/cli', '@heddle/sandbox'] });

describe('installArguments', () => {
  it.each(['./x-1.0.0.tgz', 'x-1.0.0.tgz', 'file:x-1.0.0.tgz', 'file:./x-1.0.0.tgz', '../$/x-1.0.0.tgz'])('names %s in full', (word) => {
    const name = cwd.split('/').at(-1) ?? '';
    expect(words(word.replace('$', name), '--force')).toEqual([`file:${join(cwd, 'x-1.0.0.tgz')}`, '--force']);
  });

  it.each([
    'heddle-adapter-x',
    '@acme/x@^1.2.0',
    'acme/x',
    'https://git.example/acme/x.git',
    'https://x.example/x.tgz',
    'git+ssh://git.example/x.git',
  ])('leaves %s as it is', (word) => {
    expect(words(word)).toEqual([word]);
  });

  it.each(['@heddle/sandbox', '@heddle/sandbox@0.0.1', '@heddle/cli@latest'])('refuses %s, which comes with heddle', (word) => {
    expect(() => words(word)).toThrow(expect.objectContaining({ code: 'plugin-bundled' }));
  });

  it('refuses a file that is not there', () => {
    expect(() => words('./y.tgz')).toThrow(
      expect.objectContaining({ code: 'plugin-missing', message: expect.stringContaining(join(cwd, 'y.tgz')) }),
    );
  });

  it('has nothing to say of other commands', () => {
    expect(installArguments('plugins:link', ['./nowhere'], { cwd, bundled: [] })).toEqual(['./nowhere']);
  });
});
