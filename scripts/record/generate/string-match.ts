import { type Pattern, patternOf } from './patterns.ts';
import type { Random } from './random.ts';

/** Istio's StringMatch as it is written; `{}` asks for presence. */
export type StringMatch = { readonly exact?: string; readonly prefix?: string; readonly regex?: string };

export function stringMatch(random: Random, values: readonly string[], patterns: readonly Pattern[]): StringMatch {
  const value = random.pick(values);
  return random.weighted<() => StringMatch>([
    [5, () => ({ exact: value })],
    [3, () => ({ prefix: value.slice(0, Math.max(1, random.below(value.length + 1))) || 'x' })],
    [3, () => ({ regex: random.pick(patterns).regex })],
  ])();
}

/** A value that satisfies the condition, if one is known. */
export function satisfying(is: StringMatch, random: Random): string | undefined {
  if (is.exact !== undefined) return is.exact;
  if (is.prefix !== undefined) return random.pick([is.prefix, `${is.prefix}x`, `${is.prefix}/y`]);
  if (is.regex !== undefined) {
    const { yes } = patternOf(is.regex);
    return yes.length === 0 ? undefined : random.pick(yes);
  }
  return random.pick(['', '1', 'any']);
}

/** A value just beside the condition: one letter more or less, another case, empty, an example that the pattern does not match. */
export function beside(is: StringMatch, random: Random): string {
  const base = is.exact ?? is.prefix ?? random.pick([...patternOf(is.regex ?? '').no, ...patternOf(is.regex ?? '').yes, '']);
  return random.pick([base, `${base}x`, `x${base}`, base.slice(0, -1), base.toUpperCase(), base.toLowerCase(), `${base},${base}`, '']);
}
