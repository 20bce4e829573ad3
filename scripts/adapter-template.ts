import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const FOLDER = 'examples/adapter-template';
/** Folders that are made, and what only heddle's own build needs. */
const LEFT_OUT = [
  'node_modules',
  'dist',
  'tsconfig.workspace.json',
  'tsconfig.workspace.tsbuildinfo',
  'heddle-conformance.json',
  'heddle-conformance.md',
];

/** The template of `heddle adapter new`, as the command line ships it: one JSON file, from path to content. */
export function adapterTemplate(root: string): string {
  const files = new Map<string, string>();
  const walk = (folder: string) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (LEFT_OUT.includes(entry.name)) continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) walk(path);
      else files.set(relative(join(root, FOLDER), path).replaceAll('\\', '/'), readFileSync(path, 'utf8'));
    }
  };
  walk(join(root, FOLDER));
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  return `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`;
}
