import type { Str } from '../model/match.js';
import type { Regexes } from './re2.js';

/**
 * Whether a condition holds for all values of one name; no values: absent. Any value may satisfy exact, prefix and regex, so an
 * inverted condition needs that none does (envoy `source/common/http/header_utility.cc`).
 */
export function strHolds(is: Str, values: readonly string[], regexes: Regexes): boolean {
  if ('present' in is) return values.length > 0;
  if ('absent' in is) return values.length === 0;
  if ('not' in is) {
    if ('present' in is.not || 'absent' in is.not || 'not' in is.not) return !strHolds(is.not, values, regexes);
    return !strHolds(is.not, values.length === 0 ? [''] : values, regexes);
  }
  if ('exact' in is) return values.includes(is.exact);
  if ('prefix' in is) return values.some((value) => value.startsWith(is.prefix));
  const regex = regexes(is.regex);
  return 'matches' in regex && values.some((value) => regex.matches(value));
}
