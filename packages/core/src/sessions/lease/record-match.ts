import type { Match, NamedMatch, PathMatch, Str } from '../../model/match.js';
import { isRecord } from '../../model/object.js';
import { bad, list, string } from './record-fields.js';

const PATH_KINDS: readonly PathMatch['kind'][] = ['exact', 'segmentPrefix', 'rawPrefix', 'regex'];

export function decodeMatch(value: unknown, path: string): Match {
  if (!isRecord(value)) throw bad(path, 'an object', value);
  return {
    ...(value.path === undefined ? {} : { path: pathMatch(value.path, `${path}.path`) }),
    ...(value.method === undefined ? {} : { method: str(value.method, `${path}.method`) }),
    ...(value.scheme === undefined ? {} : { scheme: str(value.scheme, `${path}.scheme`) }),
    ...(value.authority === undefined ? {} : { authority: str(value.authority, `${path}.authority`) }),
    ...(value.headers === undefined ? {} : { headers: named(value.headers, `${path}.headers`) }),
    ...(value.query === undefined ? {} : { query: named(value.query, `${path}.query`) }),
    ...(typeof value.name === 'string' ? { name: value.name } : {}),
  };
}

function pathMatch(value: unknown, path: string): PathMatch {
  if (!isRecord(value)) throw bad(path, 'an object', value);
  const kind = PATH_KINDS.find((one) => one === value.kind);
  if (kind === undefined) throw bad(`${path}.kind`, PATH_KINDS.join(' | '), value.kind);
  return {
    kind,
    value: string(value.value, `${path}.value`),
    ...(typeof value.ignoreCase === 'boolean' ? { ignoreCase: value.ignoreCase } : {}),
  };
}

function str(value: unknown, path: string): Str {
  if (!isRecord(value)) throw bad(path, 'an object', value);
  if (typeof value.exact === 'string') return { exact: value.exact };
  if (typeof value.prefix === 'string') return { prefix: value.prefix };
  if (typeof value.regex === 'string') return { regex: value.regex };
  if (value.present === true) return { present: true };
  if (value.absent === true) return { absent: true };
  if (value.not !== undefined) return { not: str(value.not, `${path}.not`) };
  throw bad(path, 'exact, prefix, regex, present, absent or not', value);
}

function named(value: unknown, path: string): readonly NamedMatch[] {
  return list(value, path).map((item, index) => {
    if (!isRecord(item)) throw bad(`${path}[${index}]`, 'an object', item);
    return { name: string(item.name, `${path}[${index}].name`), is: str(item.is, `${path}[${index}].is`) };
  });
}
