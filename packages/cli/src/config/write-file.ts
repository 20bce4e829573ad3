import { mkdirSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { cliError } from '../errors/cli-error.js';
import { errorCode } from './read-file.js';

/**
 * Puts a text in a file's place at once: whoever reads it, or dies meanwhile, finds the old one or the new one. Makes the folder; follows
 * a link, and keeps the file's mode. Throws `config-unwritable`.
 */
export function replaceFile(file: string, text: string): void {
  let temporary: string | undefined;
  try {
    const { target, mode } = existing(file);
    mkdirSync(dirname(target), { recursive: true });
    temporary = join(dirname(target), `.${basename(target)}.${process.pid}.new`);
    writeFileSync(temporary, text, { flag: 'wx', mode, flush: true });
    renameSync(temporary, target);
  } catch (error) {
    if (temporary !== undefined && errorCode(error) !== 'EEXIST') rmSync(temporary, { force: true });
    throw cliError(
      'config-unwritable',
      `${file} cannot be written: ${errorCode(error) ?? String(error)}`,
      ['Make the file and its folder writable.'],
      error,
    );
  }
}

function existing(file: string): { readonly target: string; readonly mode: number } {
  try {
    const target = realpathSync(file);
    return { target, mode: statSync(target).mode & 0o777 };
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    return { target: file, mode: 0o644 };
  }
}
