import { compileRe2, type Regexes } from '../evaluate/re2.js';
import { parseRegex, type RegexNode } from './regex-syntax.js';

const LIMIT = 4;
/** Repeats beyond this are not written out: such a pattern stays without an example. */
const LONGEST = 256;
const CHARACTERS = [...'a0A1z', ...' !"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~', ...range('b', 'y'), ...range('B', 'Z'), ...range('2', '9')];

/**
 * A few values that a pattern matches whole, shortest choices first; each is confirmed by RE2 itself. Deterministic.
 * Empty when the pattern is refused, or when none was found within bounds: then the caller must say so.
 */
export function regexExamples(
  pattern: string,
  usable: (value: string) => boolean = () => true,
  regexes: Regexes = compileRe2,
): readonly string[] {
  const compiled = regexes(pattern);
  const parsed = parseRegex(pattern);
  if ('invalid' in compiled || parsed === undefined) return [];
  return [...new Set(variants(parsed.node, regexes))].filter((value) => usable(value) && compiled.matches(value)).slice(0, LIMIT);
}

/** Texts that a node may stand for: the first is the shortest choice, the others each change one thing. */
function variants(node: RegexNode, regexes: Regexes): readonly string[] {
  switch (node.kind) {
    case 'literal':
      return [node.text];
    case 'assertion':
      return [''];
    case 'set':
      return charactersOf(node.source, regexes);
    case 'choice':
      return inTurn(node.branches.map((branch) => variants(branch, regexes)));
    case 'repeat':
      return repeats(node.item, node.min, node.max, regexes);
    case 'sequence':
      return oneChangeEach(node.items.map((item) => variants(item, regexes)));
  }
}

function charactersOf(source: string, regexes: Regexes): readonly string[] {
  const set = regexes(source);
  if ('invalid' in set) return [];
  const named = [...source].filter((char) => char > '\x7f');
  const found: string[] = [];
  for (const char of [...CHARACTERS, ...named]) {
    if (set.matches(char)) found.push(char);
    if (found.length === LIMIT) break;
  }
  return found;
}

function repeats(item: RegexNode, min: number, max: number, regexes: Regexes): readonly string[] {
  const once = variants(item, regexes);
  const counts = [min, min + 1].filter((count) => count <= max);
  return counts.flatMap((count) => (count === 0 ? [''] : once.map((text) => text.repeat(count)))).filter((text) => text.length <= LONGEST);
}

/** The first of each list, then the second of each, …: so that every branch of a choice is tried early. */
function inTurn(lists: readonly (readonly string[])[]): readonly string[] {
  const longest = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, index) => lists.flatMap((list) => list.slice(index, index + 1)))
    .flat()
    .slice(0, LIMIT * 4);
}

function oneChangeEach(lists: readonly (readonly string[])[]): readonly string[] {
  if (lists.some((list) => list.length === 0)) return [];
  const first = lists.map(([text = '']) => text);
  const changed = lists.flatMap((list, index) => list.slice(1).map((text) => first.with(index, text).join('')));
  const allSecond = lists.map((list) => list[1] ?? list[0] ?? '').join('');
  return [first.join(''), allSecond, ...changed].slice(0, LIMIT * 4).filter((text) => text.length <= LONGEST);
}

function range(from: string, to: string): readonly string[] {
  const start = from.charCodeAt(0);
  return Array.from({ length: to.charCodeAt(0) - start + 1 }, (_, index) => String.fromCharCode(start + index));
}
