import { readFileSync } from 'node:fs';
import { packageFile } from '../../package-file.js';

/** The files of the project that a new adapter starts as, by path. */
export type TemplateFiles = Readonly<Record<string, string>>;

/**
 * `examples/adapter-template` as one file of data (`npm run generate`): npm leaves files such as .gitignore and package-lock.json out of
 * packages, and takes a package.json inside of one for more than data.
 */
const TEMPLATE = 'adapter-template.json';

export function readTemplate(): TemplateFiles {
  return JSON.parse(readFileSync(packageFile(TEMPLATE), 'utf8')) as TemplateFiles;
}
