import { closest } from '@heddle/core';
import { cliError } from '../errors/cli-error.js';
import { readSchema, type Schema } from './schema.js';

/** `clusters.staging.mesh`; a name with a dot in it stands in quotes: `clusters."eu.west".mesh`. Throws `config-key`. */
export function parseKey(text: string): readonly string[] {
  const path: string[] = [];
  const part = /(?:^|\.)(?:"([^"]*)"|([^."]+))/y;
  while (part.lastIndex < text.length) {
    const match = part.exec(text);
    if (match === null) break;
    path.push(match[1] ?? match[2] ?? '');
    if (part.lastIndex === text.length) return path;
  }
  throw cliError('config-key', `'${text}' is not a key of the configuration: expected names with dots between them.`, [
    'Write clusters.staging.mesh, and a name with a dot in it in quotes: clusters."eu.west".mesh',
  ]);
}

export function keyText(path: readonly string[]): string {
  return path.map((part) => (/^[^."]+$/.test(part) ? part : `"${part}"`)).join('.');
}

/** The key as a word of a command line, to be copied: a shell would take away quotes, and read `*` as a pattern. */
export function keyWord(path: readonly string[]): string {
  const key = keyText(path);
  return /^[\w.:@/-]+$/.test(key) ? key : `'${key}'`;
}

/** The schema of what stands at a path. Throws `config-key`, naming what there is and what was likely meant. */
export function schemaAt(path: readonly string[]): Schema {
  let schema = readSchema('config');
  for (const [depth, key] of path.entries()) {
    const { properties = {}, additionalProperties } = schema;
    const next = Object.hasOwn(properties, key)
      ? properties[key]
      : typeof additionalProperties === 'object'
        ? additionalProperties
        : undefined;
    if (next === undefined) throw unknownKey(path.slice(0, depth), key, Object.keys(properties), path.slice(depth + 1));
    schema = next;
  }
  return schema;
}

function unknownKey(parent: readonly string[], key: string, known: readonly string[], rest: readonly string[]) {
  const place = parent.length === 0 ? 'the configuration' : keyText(parent);
  const guess = closest(key, known);
  const meant = guess === undefined ? undefined : [...parent, guess, ...rest];
  const [section, name] = parent;
  const dotted = section === 'clusters' && parent.length === 2 ? [section, `${name}.${key}`, ...rest] : undefined;
  const has = known.length === 0 ? `; that is a value without keys` : `; there are ${known.join(', ')}`;
  return cliError('config-key', `There is no key ${key} in ${place}${has}.`, [
    ...(meant !== undefined && isKey(meant) ? [`Did you mean ${keyText(meant)}?`] : []),
    ...(dotted !== undefined && isKey(dotted) ? [`Put a name with a dot in it in quotes: ${keyWord(dotted)}`] : []),
    'See what is set: heddle config show',
  ]);
}

function isKey(path: readonly string[]): boolean {
  try {
    schemaAt(path);
    return true;
  } catch {
    return false;
  }
}
