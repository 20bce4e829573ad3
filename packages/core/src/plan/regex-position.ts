/**
 * Where and why RE2 refuses a pattern: `position 4: missing closing )`. Positions count from 1.
 * `invalid` is re2js's message: `error parsing regexp: <what>: \`<the part concerned>\``.
 */
export function describeInvalidRe2(pattern: string, invalid: string): string {
  const [, what = invalid, fragment] = /^error parsing regexp: (.*?)(?:: `([\s\S]*)`)?$/.exec(invalid) ?? [];
  return `position ${positionOf(pattern, what, fragment) + 1}: ${what}${hint(fragment)}`;
}

function positionOf(pattern: string, what: string, fragment: string | undefined): number {
  if (fragment === undefined) return Math.max(0, pattern.length - 1);
  // For brackets that do not pair, the message quotes the pattern from somewhere before the bracket.
  if (/^(missing closing|unexpected) [)\]]/.test(what)) return unpairedAt(pattern) ?? Math.max(0, pattern.indexOf(fragment));
  return Math.max(0, pattern.indexOf(fragment));
}

function unpairedAt(pattern: string): number | undefined {
  const open: number[] = [];
  for (let at = 0; at < pattern.length; at += 1) {
    const char = pattern[at];
    if (char === '\\') at += 1;
    else if (char === '(') open.push(at);
    else if (char === ')' && open.pop() === undefined) return at;
    else if (char === '[') {
      const end = /^\[\^?\]?(?:\[:\^?\w+:\]|\\[\s\S]|[^\]\\])*\]/.exec(pattern.slice(at));
      if (end === null) return at;
      at += end[0].length - 1;
    }
  }
  return open.at(-1);
}

function hint(fragment: string | undefined): string {
  if (fragment === undefined) return '';
  if (/^\(\?<?[=!]/.test(fragment)) return ', RE2 has no lookaround';
  return /^\\[1-9]$/.test(fragment) ? ', RE2 has no back-references' : '';
}
