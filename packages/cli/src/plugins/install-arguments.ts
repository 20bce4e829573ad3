import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { cliError } from '../errors/cli-error.js';

const INSTALL = ['plugins:install', 'plugins:add'];

/**
 * The words after `heddle plugins install` as its command understands them: it takes `./x.tgz` for an account of a code host, and npm
 * runs in another folder, so files are named in full. Throws `plugin-bundled` for a package that heddle brings.
 */
export function installArguments(
  id: string,
  words: readonly string[],
  at: { readonly cwd: string; readonly bundled: readonly string[] },
): string[] {
  if (!INSTALL.includes(id)) return [...words];
  return words.map((word) => {
    if (word.startsWith('-')) return word;
    const name = word.replace(/(?<!^)@[^/]*$/, '');
    if (at.bundled.includes(name)) {
      throw cliError('plugin-bundled', `${name} comes with heddle, in the version that fits it; it is not installed as a plugin.`, [
        'See what is installed: heddle adapters',
      ]);
    }
    const path = pathOf(word, at.cwd);
    if (path === undefined) return word;
    if (existsSync(path)) return `file:${path}`;
    throw cliError('plugin-missing', `There is no file or folder ${path}.`, [
      'Name the tarball that npm pack made, or a package: heddle plugins install NAME',
    ]);
  });
}

/** A word that means a file or folder here: by how it begins, or a tarball's name. */
function pathOf(word: string, cwd: string): string | undefined {
  if (/^file:\/\//.test(word)) return undefined;
  const named = word.startsWith('file:') ? word.slice('file:'.length) : word;
  if (named.startsWith('~/')) return resolve(homedir(), named.slice(2));
  if (named !== word || /^(\.{1,2}(\/|\\|$)|\/|[A-Za-z]:\\)/.test(named)) return resolve(cwd, named);
  return /\.(tgz|tar\.gz)$/.test(named) && !/^[a-z+]+:/.test(named) ? resolve(cwd, named) : undefined;
}
