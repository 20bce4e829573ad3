import { describe, expect, it } from 'vitest';
import { adapterTemplate } from '../../scripts/adapter-template.ts';
import { filesBelow, importsOf, isTest, ROOT, read } from './sources.js';

const FOLDER = 'examples/adapter-template';
const MOST_LINES = 150;

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly engines?: unknown;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}
const manifest = (path: string) => JSON.parse(read(`${path}/package.json`)) as Manifest;
const sources = filesBelow(`${FOLDER}/src`, (path) => path.endsWith('.ts') && !isTest(path));

describe('the template of a new adapter', () => {
  it('is what the command line ships (when not: npm run generate)', () => {
    expect(read('packages/cli/adapter-template.json')).toBe(adapterTemplate(ROOT));
    expect((JSON.parse(read('packages/cli/package.json')) as { files: string[] }).files).toContain('adapter-template.json');
  });

  it(`is exemplary: short files that import core only, none over ${MOST_LINES} lines`, () => {
    expect(sources.length).toBeGreaterThan(20);
    expect(sources.filter((path) => read(path).split('\n').length > MOST_LINES)).toEqual([]);
    const imported = new Set(sources.flatMap((path) => importsOf(read(path))).filter((module) => !module.startsWith('.')));
    expect([...imported]).toEqual(['@heddle/core']);
  });

  it('names itself by the words that are replaced, and by them alone', () => {
    const files = Object.entries(JSON.parse(adapterTemplate(ROOT)) as Record<string, string>);
    const naming = (word: string) => files.filter(([, content]) => content.includes(word)).map(([path]) => path);
    expect(naming('heddle-adapter-template')).toEqual(['README.md', 'package-lock.json', 'package.json']);
    expect(naming("title: 'Gateway API'")).toEqual(['src/index.ts']);
    expect(naming('gateway-api')).toEqual(expect.arrayContaining(['package.json', 'src/index.ts']));
    expect(naming('gateway-api').filter((path) => path.startsWith('test/goldens'))).toEqual([]);
  });

  // When this fails: node scripts/lock-template.ts
  it('is locked as its package.json and heddle’s own packages say', () => {
    const lock = JSON.parse(read(`${FOLDER}/package-lock.json`)) as { packages: Record<string, Manifest & { resolved?: string }> };
    const { dependencies, devDependencies, version, engines } = manifest(FOLDER);
    expect(lock.packages['']).toMatchObject({ dependencies, devDependencies, version, engines });
    for (const name of ['core', 'conformance']) {
      const { version: own, dependencies: needed = {}, peerDependencies: peers = {} } = manifest(`packages/${name}`);
      const locked = lock.packages[`node_modules/@heddle/${name}`];
      expect({ version: locked?.version, ...locked?.dependencies, ...locked?.peerDependencies }).toEqual({
        version: own,
        ...needed,
        ...peers,
      });
    }
    expect(Object.values(lock.packages).filter(({ resolved }) => resolved !== undefined)).toEqual([]);
  });
});
