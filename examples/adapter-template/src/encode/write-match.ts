import { compileRe2, type Match, type NamedMatch, type PathMatch, type Str } from '@heddle/core';
import { quoted } from '../quoted.js';
import type { Raw } from '../raw.js';

/** A match as a route has it, with every default written out: the API server would add it, and nothing may differ then. */
export function writeMatch({ path, method, headers, query }: Match): Raw {
  return {
    path: writePath(path ?? { kind: 'segmentPrefix', value: '/' }),
    ...(method !== undefined && 'exact' in method ? { method: method.exact } : {}),
    ...(headers === undefined ? {} : { headers: headers.map(writeNamed) }),
    ...(query === undefined ? {} : { queryParams: query.map(writeNamed) }),
  };
}

const PATH_TYPES = { exact: 'Exact', segmentPrefix: 'PathPrefix', regex: 'RegularExpression', rawPrefix: undefined } as const;

const writePath = ({ kind, value }: PathMatch): Raw => ({ type: PATH_TYPES[kind], value });

function writeNamed({ name, is }: NamedMatch): Raw {
  if ('exact' in is) return { type: 'Exact', name, value: is.exact };
  return { type: 'RegularExpression', name, value: pattern(is) };
}

/** A regular expression must match the whole value (RE2). */
function pattern(is: Str): string {
  if ('regex' in is) return is.regex;
  return 'prefix' in is ? `${quoted(is.prefix)}.*` : '.*';
}

/** What of a match cannot be written, as the name of the capability for it; `undefined` when all can. */
export function unwritable({ path, method, scheme, authority, headers, query }: Match): string | undefined {
  if (path?.ignoreCase === true) return 'match.path.ignoreCase';
  if (path?.kind === 'rawPrefix' || path?.kind === 'regex') return `match.path.${path.kind}`;
  if (method !== undefined && !('exact' in method)) return 'match.method';
  if (scheme !== undefined) return 'match.scheme';
  if (authority !== undefined) return 'match.authority';
  if (headers?.some(({ is }) => 'not' in is) === true) return 'match.header.not';
  if (headers?.some(({ is }) => 'absent' in is) === true) return 'match.header.absent';
  return query?.some(({ is }) => !('exact' in is || 'regex' in is)) === true ? 'match.query' : undefined;
}

/** What of a match the API server or the proxy would not take, in words; `undefined` when both do. */
export function invalid({ headers = [], query = [] }: Match): string | undefined {
  for (const { name, is } of [...headers, ...query]) {
    if ('exact' in is && is.exact === '') return `the value for ${name} is empty, and a route cannot ask for that`;
    const compiled = 'regex' in is ? compileRe2(is.regex) : {};
    if ('invalid' in compiled) return `RE2 does not take the pattern for ${name}: ${compiled.invalid}`;
  }
  return undefined;
}
