import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** A file that the package is published with, wherever this module was compiled or bundled to. */
export function packageFile(path: string): string {
  return join(dirname(createRequire(import.meta.url).resolve('@heddle/cli/package.json')), path);
}
