import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const SKIPPED = new Set(['node_modules', 'dist', 'bundle', '.git', '.vitest', 'coverage']);

/** All files below a folder, as paths relative to the root with forward slashes. */
export function filesBelow(folder: string, keep: (path: string) => boolean = () => true): string[] {
  const found: string[] = [];
  const walk = (directory: string) => {
    for (const name of readdirSync(directory)) {
      if (SKIPPED.has(name)) continue;
      const path = join(directory, name);
      if (statSync(path).isDirectory()) walk(path);
      else found.push(relative(ROOT, path).replaceAll('\\', '/'));
    }
  };
  walk(join(ROOT, folder));
  return found.filter(keep).sort();
}

export function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

export const isTest = (path: string) => /\.test\.ts$/.test(path) || /^packages\/[^/]+\/test\//.test(path) || path.startsWith('test/');

/** The modules that a TypeScript source names: static, re-exported and dynamic imports. */
export function importsOf(source: string): string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const patterns = [
    /^\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/gm,
    /^\s*import\s*['"]([^'"]+)['"]/gm,
    /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g,
  ];
  return patterns.flatMap((pattern) => [...code.matchAll(pattern)].map((found) => found[1] ?? ''));
}
