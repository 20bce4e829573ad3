/** The same pattern as RE2 writes it, or what RE2 has no word for. */
export type Translated = { readonly re2: string } | { readonly lost: string };

/**
 * A pattern of Envoy before 1.10 (`std::regex` in its ECMAScript grammar, matched against the whole value) for RE2. Look-around and
 * back-references have no counterpart there; escapes that RE2 spells otherwise are spelled its way, all else is the same.
 */
export function fromEcmaScript(pattern: string): Translated {
  let re2 = '';
  let inClass = false;
  for (let at = 0; at < pattern.length; ) {
    const rest = pattern.slice(at);
    const around = inClass ? undefined : /^\(\?<?[=!]/.exec(rest)?.[0];
    if (around !== undefined) return { lost: around.length === 3 ? 'look-ahead' : 'look-behind' };
    const empty = inClass ? undefined : /^\[\^?\]/.exec(rest)?.[0];
    if (empty !== undefined) {
      re2 += empty === '[]' ? '[^\\x00-\\x{10FFFF}]' : '[\\x00-\\x{10FFFF}]';
      at += empty.length;
      continue;
    }
    const [spelled] = /^\\(?:u[\da-fA-F]{4}|c[a-zA-Z]|\d+|[\s\S])/.exec(rest) ?? [];
    if (spelled === undefined) {
      if (rest[0] === '[') inClass = true;
      else if (rest[0] === ']') inClass = false;
      re2 += rest[0];
      at += 1;
      continue;
    }
    const known = escaped(spelled, inClass);
    if (known === undefined) return { lost: 'back-reference' };
    re2 += known;
    at += spelled.length;
  }
  return { re2 };
}

/** `undefined`: a back-reference. */
function escaped(spelled: string, inClass: boolean): string | undefined {
  const kind = spelled[1] ?? '';
  if (kind === 'u' && spelled.length === 6) return `\\x{${spelled.slice(2)}}`;
  if (kind === 'c' && spelled.length === 3) return hex(spelled.charCodeAt(2) % 32);
  if (spelled === '\\0') return hex(0);
  if (/\d/.test(kind)) return undefined;
  return inClass && kind === 'b' ? hex(8) : spelled;
}

const hex = (code: number): string => `\\x${code.toString(16).padStart(2, '0')}`;
