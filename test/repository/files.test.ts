import { describe, expect, it } from 'vitest';
import { filesBelow, isTest, read } from './sources.js';

const HARD_LIMIT = 300;
const COMMAND_LIMIT = 100;
const lines = (path: string) => read(path).replace(/\n$/, '').split('\n').length;
const code = () =>
  [...filesBelow('packages'), ...filesBelow('test'), ...filesBelow('bench'), ...filesBelow('demo')].filter((path) =>
    /\.(ts|js|sh)$/.test(path),
  );

describe('files', () => {
  it(`no source or test is longer than ${HARD_LIMIT} lines`, () => {
    expect(
      code()
        .map((path) => ({ path, lines: lines(path) }))
        .filter((file) => file.lines > HARD_LIMIT),
    ).toEqual([]);
  });

  it('the sources are short as a rule: the median is below 150 lines', () => {
    const sizes = code()
      .filter((path) => !isTest(path))
      .map(lines)
      .sort((a, b) => a - b);
    expect(sizes.length).toBeGreaterThan(50);
    expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThanOrEqual(150);
  });

  it(`no command is longer than ${COMMAND_LIMIT} lines`, () => {
    const commands = filesBelow('packages', (path) => /^packages\/[^/]+\/src\/commands\/.*\.ts$/.test(path) && !isTest(path));
    expect(commands.length).toBeGreaterThan(8);
    expect(commands.map((path) => ({ path, lines: lines(path) })).filter((file) => file.lines > COMMAND_LIMIT)).toEqual([]);
  });

  it('names are kebab case, and none is a drawer for everything', () => {
    const names = code().map((path) => path.split('/').at(-1) ?? '');
    expect(names.filter((name) => !/^[a-z0-9]+([-.][a-z0-9]+)*$/.test(name))).toEqual([]);
    expect(names.filter((name) => /^(utils?|helpers?|misc|common)\b/.test(name))).toEqual([]);
  });

  it('the sandbox stays a small cluster: at most 2,000 lines of code, its command line aside', () => {
    const hull = /^packages\/sandbox\/src\/(commands|running)\//;
    const sources = filesBelow('packages/sandbox/src', (path) => path.endsWith('.ts') && !isTest(path) && !hull.test(path));
    const ofCode = (path: string) =>
      read(path)
        .replace(/\/\*[\s\S]*?\*\//g, '')
        .split('\n')
        .filter((line) => line.trim() !== '' && !line.trim().startsWith('//')).length;
    expect(sources.map(ofCode).reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(2000);
  });

  it('no file names a machine: no absolute path of a home or work folder, no private address outside the test network', () => {
    const text = [...code(), ...filesBelow('docs'), 'README.md', 'CONTRIBUTING.md', 'package.json'];
    const wrong = text.filter((path) => /(?<![\w.])\/(home|root|work|Users)\/[\w.-]+\/[\w.-]/.test(read(path)));
    expect(wrong).toEqual([]);
  });

  it('versions are exact everywhere', () => {
    const manifests = ['package.json', ...filesBelow('packages', (path) => /^packages\/[^/]+\/package\.json$/.test(path))];
    const loose = manifests.flatMap((path) => {
      const manifest = JSON.parse(read(path)) as { dependencies?: Record<string, string>; devDependencies?: Record<string, string> };
      const all = { ...manifest.dependencies, ...manifest.devDependencies };
      return Object.entries(all)
        .filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))
        .map(([name, version]) => `${path}: ${name} ${version}`);
    });
    expect(loose).toEqual([]);
  });
});
