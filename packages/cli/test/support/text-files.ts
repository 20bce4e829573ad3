import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder of files that goes away. */
export interface TextFiles {
  readonly path: string;
  /** The path of a file. */
  file(name: string): string;
  /** Writes a file, with the folders that it is in, and returns its path. */
  write(name: string, text: string): string;
  read(name: string): string;
  remove(): void;
}

export function textFiles(): TextFiles {
  const path = mkdtempSync(join(tmpdir(), 'heddle-test-'));
  const file = (name: string) => join(path, name);
  return {
    path,
    file,
    write: (name, text) => {
      mkdirSync(dirname(file(name)), { recursive: true });
      writeFileSync(file(name), text);
      return file(name);
    },
    read: (name) => readFileSync(file(name), 'utf8'),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}
