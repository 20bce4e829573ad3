import { compileRe2 } from '@heddle/core';

/** Istio's webhook counts bytes (istio/istio `pkg/config/validation`, validateStringRegexp, 1.31). */
export const LONGEST_REGEX = 1024;

const ATOM = String.raw`(?:[\w/ :@,;=&%-]|\.|\\[.dDwWsS/+*?()|[\]{}^$-]|\[\^?(?:a-z|A-Z|0-9|[\w./])+\])[*+?]?`;
const SEQUENCE = `(?:${ATOM}|[$^])*`;
/** What most patterns are: RE2 takes it, and it costs much less to see that than to ask. */
const PLAIN = new RegExp(`^(?:${ATOM}|[$^|]|\\((?:\\?:)?${SEQUENCE}(?:\\|${SEQUENCE})*\\)[*+?]?)*$`);

/** Go takes the name of a group twice and RE2 does not, so names are left out when RE2 is asked. */
const GROUP_NAME = /\(\?P?<\w+>/g;

export function regexFault(regex: string): string | undefined {
  if (regex === '') return 'must not be empty';
  const bytes = Buffer.byteLength(regex);
  if (bytes > LONGEST_REGEX) return `must be ${LONGEST_REGEX} bytes at most, not ${bytes}`;
  const compiled = PLAIN.test(regex) ? {} : compileRe2(regex.replace(GROUP_NAME, '('));
  return 'invalid' in compiled ? `${JSON.stringify(regex)} is no RE2 expression: ${compiled.invalid}` : undefined;
}
