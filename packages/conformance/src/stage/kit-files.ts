import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** A file or folder that the kit is published with, wherever this module was compiled or bundled to. */
export function kitFile(path: string): string {
  return join(dirname(createRequire(import.meta.url).resolve('@heddle/conformance/package.json')), path);
}
