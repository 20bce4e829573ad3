import { compileRe2 } from '../evaluate/re2.js';
import { strHolds } from '../evaluate/str-condition.js';
import type { Str } from '../model/match.js';
import { canonicalJson } from './content-hash.js';
import { type RegexShape, regexShape } from './regex-shape.js';

/** A condition with its regex understood as far as possible: a literal pattern is exact, `p.*` a prefix. */
type Known = Exclude<Str, { regex: string }> | { readonly regex: string; readonly shape?: RegexShape };

/**
 * Whether every value (or absence) that satisfies `narrow` satisfies `wide`. Sound, not complete: `false` may mean "not known".
 * Each name is taken to occur once, which conditions under `not` need: see `overlapping`.
 */
export function strImplies(narrow: Str, wide: Str): boolean {
  if (canonicalJson(narrow) === canonicalJson(wide)) return true;
  const [a, b] = [known(narrow), known(wide)];
  if ('not' in b) return impliesNot(a, b.not);
  if ('absent' in b) return 'absent' in a;
  if (!isPositive(a)) return false;
  if (isEveryValue(b)) return true;
  if ('present' in a) return false;
  if ('exact' in a) return strHolds(wide, [a.exact], compileRe2);
  if ('exact' in b || 'present' in b) return false;
  const [head, inside] = [headOf(a), insideOf(a)];
  if ('prefix' in b) return head.startsWith(b.prefix);
  return b.shape?.kind === 'contains' && (head.includes(b.shape.text) || inside.includes(b.shape.text));
}

/** Whether no value (or absence) can satisfy both. Sound, not complete; each name is taken to occur once. */
export function strExcludes(x: Str, y: Str): boolean {
  const [a, b] = [known(x), known(y)];
  if ('not' in a) return !('not' in b) && excludesNot(b, y, a.not);
  if ('not' in b) return excludesNot(a, x, b.not);
  if ('absent' in a || 'absent' in b) return isPositive(a) || isPositive(b);
  if ('exact' in a) return !strHolds(y, [a.exact], compileRe2);
  if ('exact' in b) return !strHolds(x, [b.exact], compileRe2);
  return !headOf(a).startsWith(headOf(b)) && !headOf(b).startsWith(headOf(a));
}

/** `wide` is a `not`: with absence counting as the empty string, and without knowing nested negations. */
function impliesNot(a: Known, wide: Str): boolean {
  if (!isPositive(known(wide)) || 'present' in wide) return false;
  if ('absent' in a) return !strHolds(wide, [''], compileRe2);
  if ('not' in a) return isPositive(known(a.not)) && !('present' in a.not) && strImplies(wide, a.not);
  return strExcludes(toStr(a), wide);
}

function excludesNot(a: Known, plain: Str, negated: Str): boolean {
  if (!isPositive(known(negated)) || 'present' in negated) return false;
  if ('absent' in a) return strHolds(negated, [''], compileRe2);
  return strImplies(plain, negated);
}

function known(is: Str): Known {
  if ('not' in is && 'present' in is.not) return { absent: true };
  if ('not' in is && 'absent' in is.not) return { present: true };
  if (!('regex' in is)) return is;
  const shape = regexShape(is.regex);
  if (shape?.kind === 'exact') return { exact: shape.text };
  if (shape?.kind === 'prefix') return { prefix: shape.text };
  return shape === undefined ? is : { regex: is.regex, shape };
}

const toStr = (is: Known): Str => ('regex' in is ? { regex: is.regex } : is);

/** Needs a value to be there. */
const isPositive = (is: Known) => !('absent' in is) && !('not' in is);

const isEveryValue = (is: Known) => 'present' in is || ('prefix' in is && is.prefix === '');

/** What every satisfying value begins with. */
function headOf(is: Known): string {
  if ('prefix' in is) return is.prefix;
  if ('exact' in is) return is.exact;
  return 'regex' in is && is.shape?.kind === 'starts' ? is.shape.text : '';
}

/** What every satisfying value holds somewhere. */
function insideOf(is: Known): string {
  return 'regex' in is && is.shape?.kind === 'contains' ? is.shape.text : headOf(is);
}
