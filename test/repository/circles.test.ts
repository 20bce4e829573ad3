import { dirname, join } from 'node:path/posix';
import { expect, it } from 'vitest';
import { filesBelow, importsOf, read } from './sources.js';

/** By file, the files that it names; types count, since two files that need each other's are one. */
function importGraph(): ReadonlyMap<string, readonly string[]> {
  const files = ['packages', 'examples', 'test', 'scripts', 'demo', 'bench'].flatMap((folder) =>
    filesBelow(folder, (path) => path.endsWith('.ts')),
  );
  const known = new Set(files);
  return new Map(
    files.map((file) => {
      const named = importsOf(read(file)).filter((module) => module.startsWith('.'));
      return [file, named.map((module) => join(dirname(file), module).replace(/\.js$/, '.ts')).filter((path) => known.has(path))];
    }),
  );
}

/** Each circle once, as the files that it goes through. */
function circlesIn(graph: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const done = new Set<string>();
  const way: string[] = [];
  const circles: string[] = [];
  const visit = (file: string) => {
    const at = way.indexOf(file);
    if (at >= 0) circles.push([...way.slice(at), file].join(' → '));
    if (at >= 0 || done.has(file)) return;
    way.push(file);
    for (const next of graph.get(file) ?? []) visit(next);
    way.pop();
    done.add(file);
  };
  for (const file of graph.keys()) visit(file);
  return circles;
}

it('a circle is found, and a file that several import is none', () => {
  const graph = new Map([
    ['a', ['b', 'c']],
    ['b', ['c', 'd']],
    ['c', []],
    ['d', ['a']],
  ]);
  expect(circlesIn(graph)).toEqual(['a → b → d → a']);
});

it('no files import each other in a circle', () => {
  const graph = importGraph();
  expect(graph.size).toBeGreaterThan(1000);
  expect(circlesIn(graph)).toEqual([]);
});
