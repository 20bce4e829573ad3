import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Source } from './errors-page.ts';

/** The sources of all packages, tests left out, in a stable order. */
export function sourceFiles(root: string): Source[] {
  const packages = readdirSync(join(root, 'packages')).sort();
  return packages.flatMap((name) =>
    readdirSync(join(root, 'packages', name, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
      .sort()
      .map((path) => ({ package: name, path, text: readFileSync(join(root, 'packages', name, 'src', path), 'utf8') })),
  );
}
