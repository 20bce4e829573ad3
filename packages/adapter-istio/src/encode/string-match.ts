import { compileRe2, ok, type Result, refuse, type Str } from '@heddle/core';
import { LONGEST_REGEX } from '../validate/values/regex.js';

/** Istio's StringMatch. The empty object means present (istio/istio `route.go`, canBeConvertedToPresentMatch). */
export type StringMatch = { readonly exact: string } | { readonly prefix: string } | { readonly regex: string } | Record<string, never>;

/** A plain condition as a StringMatch, checked as Istio's webhook would. `what` names it in a refusal: `header x-dev`. */
export function stringMatch(is: Exclude<Str, { absent: true } | { not: Str }>, what: string): Result<StringMatch> {
  if ('exact' in is) return ok({ exact: is.exact });
  if ('present' in is) return ok({});
  if ('prefix' in is) {
    if (is.prefix === '') return refuse('empty-prefix', `${what}: Istio takes no empty prefix`, `ask for the presence of ${what}`);
    return ok({ prefix: is.prefix });
  }
  const refused = refuseRegex(is.regex, what);
  return refused ?? ok({ regex: is.regex });
}

export function refuseRegex(regex: string, what: string): ReturnType<typeof refuse> | undefined {
  if (regex === '') return refuse('invalid-regex', `${what}: Istio takes no empty regular expression`, `match the exact empty string`);
  const bytes = Buffer.byteLength(regex);
  if (bytes > LONGEST_REGEX) {
    return refuse(
      'regex-too-long',
      `${what}: the regular expression has ${bytes} bytes; Istio takes at most ${LONGEST_REGEX}`,
      'shorten it',
    );
  }
  const compiled = compileRe2(regex);
  if (!('invalid' in compiled)) return undefined;
  return refuse(
    'invalid-regex',
    `${what}: ${quote(regex)} is no RE2 expression: ${compiled.invalid}`,
    'RE2 has no lookaround and no back-references',
  );
}

export const quote = (value: string): string => JSON.stringify(value);

export function sameStringMatch(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
