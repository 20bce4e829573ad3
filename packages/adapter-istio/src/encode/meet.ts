import { compileRe2 } from '@heddle/core';
import type { Raw } from '../decode/raw.js';
import { type StringMatch, sameStringMatch } from './string-match.js';

/** What satisfies both of two conditions on one value: a condition, nothing at all, or not to be said in one condition. */
export type Meeting = { readonly is: StringMatch } | 'never' | 'undecided';

/** Where exactly one value is tested. (A header may be repeated: two exact values of one header can both be there.) */
export function meet(foreign: Raw, ours: StringMatch): Meeting {
  if (sameStringMatch(foreign, ours) || isPresent(ours)) return { is: asStringMatch(foreign) };
  if (isPresent(foreign)) return { is: ours };
  const theirs = asStringMatch(foreign);
  if ('exact' in ours) return holds(theirs, String(ours.exact)) ? { is: ours } : 'never';
  if ('exact' in theirs) return holds(ours, String(theirs.exact)) ? { is: theirs } : 'never';
  if ('prefix' in ours && 'prefix' in theirs) {
    const [a, b] = [String(ours.prefix), String(theirs.prefix)];
    if (a.startsWith(b)) return { is: ours };
    return b.startsWith(a) ? { is: theirs } : 'never';
  }
  return 'undecided';
}

function holds(is: StringMatch, value: string): boolean {
  if ('exact' in is) return is.exact === value;
  if ('prefix' in is) return value.startsWith(String(is.prefix));
  const regex = compileRe2(String(is.regex));
  return 'matches' in regex && regex.matches(value);
}

/** No condition inside: Istio reads it as "present". */
export const isPresent = (is: Raw): boolean => !('exact' in is) && !('prefix' in is) && !('regex' in is);

function asStringMatch(foreign: Raw): StringMatch {
  if (typeof foreign.exact === 'string') return { exact: foreign.exact };
  if (typeof foreign.prefix === 'string') return { prefix: foreign.prefix };
  return typeof foreign.regex === 'string' ? { regex: foreign.regex } : {};
}

const isEverything = (is: Raw): boolean => isPresent(is) || is.prefix === '/' || is.prefix === '' || is.regex === '.*';

/** The same for paths, where an exact value or prefix may ignore case, and one flag holds for the whole match. */
export function meetPaths(
  foreign: { readonly uri: Raw; readonly ignoreCase: boolean },
  ours: { readonly uri: StringMatch; readonly ignoreCase: boolean },
): { readonly uri: StringMatch; readonly ignoreCase: boolean } | 'never' | 'undecided' {
  if (isEverything(foreign.uri)) return ours;
  if (isEverything(ours.uri)) return { uri: asStringMatch(foreign.uri), ignoreCase: foreign.ignoreCase };
  const regex = 'regex' in foreign.uri || 'regex' in ours.uri;
  if (!regex && foreign.ignoreCase !== ours.ignoreCase) return 'undecided';
  // An exact path that ignores case stands for many paths, each of which a regex may take or not.
  if (regex && (foreign.ignoreCase || ours.ignoreCase)) return 'undecided';
  const fold = (uri: Raw): Raw =>
    Object.fromEntries(Object.entries(uri).map(([kind, value]) => [kind, typeof value === 'string' ? value.toLowerCase() : value]));
  const ignoreCase = ours.ignoreCase;
  const met = ignoreCase ? meet(fold(foreign.uri), fold(ours.uri) as StringMatch) : meet(foreign.uri, ours.uri);
  return typeof met === 'string' ? met : { uri: met.is, ignoreCase };
}
