import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { tunnel } from './index.js';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const { heddle } = JSON.parse(read('../package.json')) as { heddle: { tunnels: { id: string; image: string }[] } };

test('is the provider that the package declares', () => {
  expect(heddle.tunnels).toMatchObject([{ id: tunnel.id, image: 'heddle-agent-direct' }]);
});

test("the image's program needs nothing but Node", () => {
  const sources = ['agent', 'protocol'].flatMap((folder) =>
    readdirSync(new URL(folder, import.meta.url))
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => `./${folder}/${name}`),
  );
  expect(sources).toContain('./agent/main.ts');
  const imported = sources.flatMap((path) => [...read(path).matchAll(/\bfrom '([^']+)'/g)].map((found) => found[1] ?? ''));
  const foreign = imported.filter((module) => !/^(node:|\.\/|\.\.\/protocol\/|\.\.\/names\.js$)/.test(module));
  expect(foreign).toEqual([]);
  expect(read('../agent/Containerfile')).toContain('COPY dist/names.js');
});
