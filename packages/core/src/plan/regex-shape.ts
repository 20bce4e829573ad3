import { parseRegex, type RegexNode } from './regex-syntax.js';

/**
 * What a pattern's full match amounts to, where that is simple. `starts`: every match begins with `text`, and more is asked.
 * `.` counts as any character: header values and paths hold no line break.
 */
export type RegexShape =
  | { readonly kind: 'exact'; readonly text: string }
  | { readonly kind: 'prefix'; readonly text: string }
  | { readonly kind: 'contains'; readonly text: string }
  | { readonly kind: 'starts'; readonly text: string };

type Part = { readonly text: string } | 'any' | 'other';

/** The shape of an RE2 pattern, `undefined` when nothing is known. */
export function regexShape(pattern: string): RegexShape | undefined {
  const parsed = parseRegex(pattern);
  if (parsed === undefined || /[imU]/.test(parsed.flags)) return undefined;
  const parts = joined(withoutAnchors(flat(parsed.node)));
  const [first, second, third] = parts;
  const text = (part: Part | undefined) => (typeof part === 'object' ? part.text : '');
  if (parts.length === 0) return { kind: 'exact', text: '' };
  if (parts.length === 1 && typeof first === 'object') return { kind: 'exact', text: first.text };
  if (parts.length === 1 && first === 'any') return { kind: 'prefix', text: '' };
  if (parts.length === 2 && typeof first === 'object' && second === 'any') return { kind: 'prefix', text: first.text };
  if (parts.length === 3 && first === 'any' && third === 'any' && typeof second === 'object')
    return { kind: 'contains', text: second.text };
  return text(first) === '' ? undefined : { kind: 'starts', text: text(first) };
}

function flat(node: RegexNode): readonly RegexNode[] {
  return node.kind === 'sequence' ? node.items.flatMap(flat) : [node];
}

/** `^` at the start and `$` at the end ask nothing of a full match. */
function withoutAnchors(nodes: readonly RegexNode[]): readonly RegexNode[] {
  const anchor = (node: RegexNode | undefined, sources: readonly string[]) => node?.kind === 'assertion' && sources.includes(node.source);
  const from = anchor(nodes[0], ['^', '\\A']) ? 1 : 0;
  const to = nodes.length > from && anchor(nodes.at(-1), ['$', '\\z']) ? -1 : undefined;
  return nodes.slice(from, to);
}

function joined(nodes: readonly RegexNode[]): readonly Part[] {
  const parts: Part[] = [];
  for (const node of nodes) {
    const part = partOf(node);
    const last = parts.at(-1);
    if (typeof part === 'object' && typeof last === 'object') parts[parts.length - 1] = { text: last.text + part.text };
    else if (!(part === 'any' && last === 'any')) parts.push(part);
  }
  return parts;
}

function partOf(node: RegexNode): Part {
  if (node.kind === 'literal') return { text: node.text };
  const any = node.kind === 'repeat' && node.item.kind === 'set' && node.item.source === '.' && node.min === 0;
  return any && node.max === Number.POSITIVE_INFINITY ? 'any' : 'other';
}
