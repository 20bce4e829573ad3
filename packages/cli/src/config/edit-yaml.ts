import { isDeepStrictEqual } from 'node:util';
import { dump, load } from 'js-yaml';
import { type YamlItem, type YamlNode, yamlTree } from './yaml-tree.js';

type Mapping = Readonly<Record<string, unknown>>;

/**
 * Sets one value in a YAML document, and leaves every other character of it as it is: comments, order, quotes, alignment. The parser
 * says where things stand, and the result is parsed again and compared with what it should say. `undefined` where that cannot be done.
 */
export function setInYaml(text: string, path: readonly string[], value: unknown): string | undefined {
  return checked(
    text,
    (document) => withValue(document, path, value),
    () => {
      const tree = yamlTree(text);
      if (tree === undefined) return `${endedLine(text)}${block(nested(path, value), 0)}\n`;
      const { node, depth } = descend(tree, path);
      if (depth === path.length) return replaced(text, node, value);
      return node.kind === 'mapping' ? withItem(text, node, nested(path.slice(depth), value)) : undefined;
    },
  );
}

/** Takes one value out, and the mappings that would be empty without it. `undefined` as above. */
export function unsetInYaml(text: string, path: readonly string[]): string | undefined {
  return checked(
    text,
    (document) => withoutValue(document, path),
    () => {
      const tree = yamlTree(text);
      const parents: YamlNode[] = [];
      for (let node = tree, depth = 0; node !== undefined && depth < path.length; depth += 1) {
        parents.push(node);
        node = node.items.find(({ key }) => key === path[depth])?.value;
      }
      // Upwards as long as nothing else is in there.
      let depth = parents.length - 1;
      while (depth > 0 && parents[depth]?.items.length === 1) depth -= 1;
      const parent = parents[depth];
      const index = parent?.items.findIndex(({ key }) => key === path[depth]) ?? -1;
      return parent === undefined || index < 0 ? undefined : withoutItem(text, parent, index);
    },
  );
}

/** What the document says with the value set. */
export function withValue(document: Mapping, path: readonly string[], value: unknown): Mapping {
  const [key, ...rest] = path;
  if (key === undefined) return document;
  const below = document[key];
  return { ...document, [key]: rest.length === 0 ? value : withValue(isMapping(below) ? below : {}, rest, value) };
}

/** What the document says without the value, and without mappings that are empty then. */
export function withoutValue(document: Mapping, path: readonly string[]): Mapping {
  const [key = '', ...rest] = path;
  const { [key]: below, ...others } = document;
  if (rest.length === 0 || !isMapping(below)) return others;
  const left = withoutValue(below, rest);
  return Object.keys(left).length === 0 ? others : { ...document, [key]: left };
}

/** What a document says; nothing for an empty one. */
export function parsed(text: string): Mapping {
  const value: unknown = yamlTree(text) === undefined ? undefined : load(text);
  return isMapping(value) ? value : {};
}

/** The document written anew: right, but without the comments. */
export function rewritten(document: Mapping): string {
  return Object.keys(document).length === 0 ? '' : dump(document, { noRefs: true, lineWidth: -1 });
}

const isMapping = (value: unknown): value is Mapping => typeof value === 'object' && value !== null && !Array.isArray(value);

function checked(text: string, wanted: (document: Mapping) => Mapping, edit: () => string | undefined): string | undefined {
  // Line ends other than \n would have to be told apart everywhere.
  if (text.includes('\r')) return undefined;
  try {
    const result = edit();
    return result !== undefined && isDeepStrictEqual(parsed(result), wanted(parsed(text))) ? result : undefined;
  } catch {
    return undefined;
  }
}

function descend(tree: YamlNode, path: readonly string[]): { readonly node: YamlNode; readonly depth: number } {
  let node = tree;
  for (const [depth, key] of path.entries()) {
    const next = node.items.find((item) => item.key === key);
    if (next === undefined) return { node, depth };
    node = next.value;
  }
  return { node, depth: path.length };
}

function replaced(text: string, node: YamlNode, value: unknown): string | undefined {
  return node.inline && node.end !== undefined ? `${text.slice(0, node.start)}${inline(value)}${text.slice(node.end)}` : undefined;
}

function withItem(text: string, parent: YamlNode, item: Mapping): string | undefined {
  const last = parent.items.at(-1);
  if (parent.inline) {
    const at = last === undefined ? parent.start + 1 : last.value.end;
    if (at === undefined) return undefined;
    return `${text.slice(0, at)}${last === undefined ? '' : ', '}${inline(item).slice(1, -1)}${text.slice(at)}`;
  }
  const indent = last === undefined ? undefined : indentOf(text, last);
  if (indent === undefined || last?.value.end === undefined) return undefined;
  const at = lineEnd(text, last.value.end);
  return `${text.slice(0, at)}\n${block(item, indent)}${text.slice(at) || '\n'}`;
}

function withoutItem(text: string, parent: YamlNode, index: number): string | undefined {
  const item = parent.items[index];
  const end = item?.value.end;
  if (item === undefined || end === undefined) return undefined;
  if (!parent.inline) {
    if (indentOf(text, item) === undefined) return undefined;
    return `${text.slice(0, lineStart(text, item.start))}${text.slice(lineEnd(text, end) + 1)}`;
  }
  const before = parent.items[index - 1]?.value.end;
  const after = parent.items[index + 1]?.start;
  return before === undefined ? `${text.slice(0, item.start)}${text.slice(after ?? end)}` : `${text.slice(0, before)}${text.slice(end)}`;
}

const lineStart = (text: string, at: number) => text.lastIndexOf('\n', at - 1) + 1;
const lineEnd = (text: string, at: number) => (text.indexOf('\n', at) < 0 ? text.length : text.indexOf('\n', at));
const endedLine = (text: string) => (text === '' || text.endsWith('\n') ? text : `${text}\n`);

/** Columns before a key that begins its line. */
function indentOf(text: string, { start }: YamlItem): number | undefined {
  const before = text.slice(lineStart(text, start), start);
  return /^ *$/.test(before) ? before.length : undefined;
}

function nested(path: readonly string[], value: unknown): Mapping {
  return path.reduceRight<unknown>((below, key) => ({ [key]: below }), value) as Mapping;
}

/** On one line. Written as an item of a list, so that a text is quoted where a comma or bracket would end it. */
export function inline(value: unknown): string {
  return dump([value], { flowLevel: 0, noRefs: true, lineWidth: -1 }).trim().slice(1, -1);
}

function block(item: Mapping, indent: number): string {
  const lines = dump(item, { noRefs: true, lineWidth: -1 }).trimEnd().split('\n');
  return lines.map((line) => `${' '.repeat(indent)}${line}`).join('\n');
}
