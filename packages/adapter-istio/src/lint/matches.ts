import { type Finding, lintCondition, type ObjectRef, pointerTo, type Regexes } from '@heddle/core';
import { type Raw, record } from '../decode/raw.js';

/** The single conditions of an HTTPMatchRequest. */
export function lintMatches(ref: ObjectRef, match: Raw, pointer: string, regexes: Regexes): readonly Finding[] {
  const of = (value: unknown, at: string, what: string) =>
    conditions(record(value), at).flatMap((one) => lintCondition({ ref, of: what, ...one }, regexes));
  return [
    ...of(match.uri, `${pointer}/uri`, 'path'),
    ...['scheme', 'method', 'authority'].flatMap((key) => of(match[key], `${pointer}/${key}`, key)),
    ...Object.entries(record(match.headers)).flatMap(([name, value]) => of(value, pointerTo(`${pointer}/headers`, name), `header ${name}`)),
    ...Object.entries(record(match.withoutHeaders)).flatMap(([name, value]) =>
      // `*` asks for presence there.
      record(value).regex === '*' ? [] : of(value, pointerTo(`${pointer}/withoutHeaders`, name), `header ${name}`),
    ),
    ...Object.entries(record(match.queryParams)).flatMap(([name, value]) =>
      of(value, pointerTo(`${pointer}/queryParams`, name), `query parameter ${name}`),
    ),
  ];
}

function conditions(raw: Raw, pointer: string) {
  if (typeof raw.regex === 'string') return [{ kind: 'regex' as const, value: raw.regex, pointer: `${pointer}/regex` }];
  if (typeof raw.prefix === 'string') return [{ kind: 'rawPrefix' as const, value: raw.prefix, pointer: `${pointer}/prefix` }];
  return [];
}
