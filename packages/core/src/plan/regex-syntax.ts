/** A part of an RE2 pattern, as far as examples and containment need it. */
export type RegexNode =
  | { readonly kind: 'literal'; readonly text: string }
  /** One character out of a set: `.`, `[a-z]`, `\d`, `\pL`. `source` is the set's own pattern. */
  | { readonly kind: 'set'; readonly source: string }
  /** `^`, `$`, `\b` …: takes no character. */
  | { readonly kind: 'assertion'; readonly source: string }
  | { readonly kind: 'sequence'; readonly items: readonly RegexNode[] }
  | { readonly kind: 'choice'; readonly branches: readonly RegexNode[] }
  | { readonly kind: 'repeat'; readonly item: RegexNode; readonly min: number; readonly max: number };

export interface ParsedRegex {
  readonly node: RegexNode;
  /** Letters of every `(?flags)` in the pattern: with `i`, `m` or `U` the nodes alone do not tell what matches. */
  readonly flags: string;
}

const ESCAPED_CONTROL: Readonly<Record<string, string>> = { a: '\x07', f: '\f', t: '\t', n: '\n', r: '\r', v: '\v' };

/** Reads a pattern that RE2 accepts (github.com/google/re2/wiki/Syntax). `undefined` where this reader does not follow. */
export function parseRegex(pattern: string): ParsedRegex | undefined {
  let at = 0;
  let flags = '';
  const peek = (length = 1) => pattern.slice(at, at + length);

  const choice = (): RegexNode | undefined => {
    const branches: RegexNode[] = [];
    for (;;) {
      const items = sequence();
      if (items === undefined) return undefined;
      const [only] = items;
      branches.push(items.length === 1 && only !== undefined ? only : { kind: 'sequence', items });
      if (peek() !== '|') break;
      at += 1;
    }
    const [first] = branches;
    return branches.length === 1 ? first : { kind: 'choice', branches };
  };

  const sequence = (): RegexNode[] | undefined => {
    const items: RegexNode[] = [];
    while (at < pattern.length && peek() !== '|' && peek() !== ')') {
      const item = atom();
      if (item === undefined) return undefined;
      items.push(repeated(item));
    }
    return items;
  };

  const repeated = (item: RegexNode): RegexNode => {
    const mark = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/.exec(pattern.slice(at));
    if (mark === null) return item;
    at += mark[0].length;
    const [min, max] = repeatCounts(mark);
    return repeated({ kind: 'repeat', item, min, max });
  };

  const atom = (): RegexNode | undefined => {
    const char = String.fromCodePoint(pattern.codePointAt(at) ?? 0);
    if (char === '(') return group();
    if (char === '[') return bracket();
    if (char === '\\') return escaped();
    at += char.length;
    if (char === '.') return { kind: 'set', source: '.' };
    if (char === '^' || char === '$') return { kind: 'assertion', source: char };
    return { kind: 'literal', text: char };
  };

  const group = (): RegexNode | undefined => {
    const [opened = '(', set = '', end] = /^\((?:\?P?<\w+>|\?([imsU-]*)([:)]))?/.exec(pattern.slice(at)) ?? [];
    if (opened === '(' && peek(2) === '(?') return undefined;
    at += opened.length;
    flags += set;
    if (end === ')') return { kind: 'sequence', items: [] };
    const inner = choice();
    if (inner === undefined || peek() !== ')') return undefined;
    at += 1;
    return inner;
  };

  const bracket = (): RegexNode | undefined => {
    const whole = /^\[\^?\]?(?:\[:\^?\w+:\]|\\[\s\S]|[^\]\\])*\]/.exec(pattern.slice(at));
    if (whole === null) return undefined;
    at += whole[0].length;
    return { kind: 'set', source: whole[0] };
  };

  const escaped = (): RegexNode | undefined => {
    const rest = pattern.slice(at);
    const quoted = /^\\Q([\s\S]*?)(?:\\E|$)/.exec(rest);
    const set = /^\\(?:[dDsSwW]|[pP](?:\{\^?\w+\}|\w))/.exec(rest);
    const assertion = /^\\[AzbB]/.exec(rest);
    const hex = /^\\x(?:\{([0-9a-fA-F]+)\}|([0-9a-fA-F]{2}))/.exec(rest);
    const octal = /^\\(0[0-7]{0,2}|[1-7][0-7]{1,2})/.exec(rest);
    const plain = /^\\([aftnrv]|[^0-9A-Za-z])/u.exec(rest);
    at += (quoted ?? set ?? assertion ?? hex ?? octal ?? plain)?.[0].length ?? 0;
    if (quoted !== null) return { kind: 'literal', text: quoted[1] ?? '' };
    if (set !== null) return { kind: 'set', source: set[0] };
    if (assertion !== null) return { kind: 'assertion', source: assertion[0] };
    if (hex !== null) return { kind: 'literal', text: fromCode(Number.parseInt(hex[1] ?? hex[2] ?? '', 16)) };
    if (octal !== null) return { kind: 'literal', text: fromCode(Number.parseInt(octal[1] ?? '', 8)) };
    if (plain !== null) return { kind: 'literal', text: ESCAPED_CONTROL[plain[1] ?? ''] ?? plain[1] ?? '' };
    return undefined;
  };

  const node = choice();
  return node === undefined || at < pattern.length ? undefined : { node, flags };
}

function repeatCounts(mark: RegExpExecArray): readonly [number, number] {
  const [text, from, comma, to] = mark;
  if (text.startsWith('*')) return [0, Number.POSITIVE_INFINITY];
  if (text.startsWith('+')) return [1, Number.POSITIVE_INFINITY];
  if (text.startsWith('?')) return [0, 1];
  const min = Number(from);
  if (comma === '') return [min, min];
  return [min, to === '' ? Number.POSITIVE_INFINITY : Number(to)];
}

function fromCode(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : '';
}
