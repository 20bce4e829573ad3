import { RE2JS } from 're2js';
import { messageOf } from '../errors/message-of.js';

/** A pattern that RE2 takes, matched against whole values; or why RE2 refuses it. */
export type CompiledRe2 = { matches(value: string): boolean } | { readonly invalid: string };

/** Compiles an RE2 pattern for full matches. Never throws: a pattern that RE2 refuses is reported. */
export function compileRe2(pattern: string): CompiledRe2 {
  const compiled = compilePattern(pattern);
  return 'invalid' in compiled ? compiled : { matches: (value) => compiled.regex.testExact(value) };
}

export function compilePattern(pattern: string): { readonly regex: RE2JS } | { readonly invalid: string } {
  try {
    return { regex: RE2JS.compile(pattern) };
  } catch (error) {
    return { invalid: messageOf(error) };
  }
}

/** Compiles each pattern once, for one table's lifetime. */
export type Regexes = (pattern: string) => CompiledRe2;

export function regexCache(): Regexes {
  const known = new Map<string, CompiledRe2>();
  return (pattern) => {
    const found = known.get(pattern);
    if (found !== undefined) return found;
    const compiled = compileRe2(pattern);
    known.set(pattern, compiled);
    return compiled;
  };
}
