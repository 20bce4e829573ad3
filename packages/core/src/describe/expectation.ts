import type { PathMatch, Str } from '../model/match.js';

/** What a trace says was expected: `exact jason`, `not prefix a`, `absent`. */
export function expectStr(is: Str): string {
  if ('exact' in is) return `exact ${shown(is.exact)}`;
  if ('prefix' in is) return `prefix ${shown(is.prefix)}`;
  if ('regex' in is) return `regex ${shown(is.regex)}`;
  if ('present' in is) return 'present';
  if ('absent' in is) return 'absent';
  return `not ${expectStr(is.not)}`;
}

export function expectPath(path: PathMatch): string {
  const kind = { exact: 'exact', segmentPrefix: 'prefix by segments', rawPrefix: 'prefix', regex: 'regex' }[path.kind];
  const fold = path.ignoreCase === true && path.kind !== 'regex' ? ' (any case)' : '';
  return `${kind} ${shown(path.value)}${fold}`;
}

/** What was there instead: `absent`, `jason`, `"a" and "b"`. */
export function quoteValues(values: readonly string[]): string {
  if (values.length === 0) return 'absent';
  const [only = ''] = values;
  return values.length === 1 ? shown(only) : values.map((value) => JSON.stringify(value)).join(' and ');
}

/** A value as it stands, quoted only where it would be misread. */
export function shown(value: string): string {
  return value === '' || /^\s|\s$|["\r\n\t]/.test(value) ? JSON.stringify(value) : value;
}
