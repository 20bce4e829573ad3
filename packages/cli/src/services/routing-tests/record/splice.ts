import { isRecord } from '@heddle/core';
import { inline } from '../../../config/edit-yaml.js';
import type { YamlNode } from '../../../config/yaml-tree.js';

/** A part of a text, and what comes in its place. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Sets a key of a mapping, in the style that the mapping is written in. Throws where the text does not show where things stand. */
export function withKey(text: string, mapping: YamlNode, key: string, value: object): Edit {
  const item = mapping.items.find((each) => each.key === key);
  if (mapping.kind !== 'mapping') throw new Error('no mapping');
  if (mapping.inline) {
    const entry = `${key}: ${inline(value)}`;
    if (item !== undefined) return { start: item.start, end: known(item.value.end), text: entry };
    const last = mapping.items.at(-1);
    const at = last === undefined ? mapping.start + 1 : known(last.value.end);
    return { start: at, end: at, text: `${last === undefined ? '' : ', '}${entry}` };
  }
  const indent = columnOf(text, mapping);
  if (item !== undefined) return { start: item.start, end: endOf(text, item, indent), text: entryText(key, value, indent).trimStart() };
  const last = mapping.items.at(-1);
  if (last === undefined) throw new Error('a mapping of lines without any');
  const at = lineEnd(text, endOf(text, last, indent));
  return { start: at, end: at, text: `\n${entryText(key, value, indent)}` };
}

/** As recorded cases are written: a line for each outcome and mirror, and for whatever is small. */
export function entryText(key: string, value: object, indent: number): string {
  const pad = ' '.repeat(indent);
  const lines = Object.entries(value).filter(([, member]) => member !== undefined);
  if (!lines.some(([, member]) => Array.isArray(member))) return `${pad}${key}: ${inline(value)}`;
  return [
    `${pad}${key}:`,
    ...lines.flatMap(([name, member]) =>
      Array.isArray(member) && member.length > 0 && member.every(isRecord)
        ? [`${pad}  ${name}:`, ...member.map((each) => `${pad}  - ${inline(each)}`)]
        : [`${pad}  ${name}: ${inline(member)}`],
    ),
  ].join('\n');
}

/** The column that a mapping's keys stand at: that of the first, whatever stands before it (`- ` of a list). */
function columnOf(text: string, { items }: YamlNode): number {
  const [first] = items;
  if (first === undefined) throw new Error('a mapping of lines without any');
  return first.start - (text.lastIndexOf('\n', first.start - 1) + 1);
}

/** Where an item's value ends: told by the parser, else by the lines below that are indented more. */
function endOf(text: string, { start, value }: YamlNode['items'][number], indent: number): number {
  if (value.end !== undefined) return value.end;
  let end = lineEnd(text, start);
  for (let at = end + 1; at < text.length; at = lineEnd(text, at) + 1) {
    const line = text.slice(at, lineEnd(text, at));
    if (line.trim() !== '' && line.length - line.trimStart().length <= indent) break;
    if (line.trim() !== '') end = lineEnd(text, at);
  }
  return end;
}

const lineEnd = (text: string, at: number): number => (text.indexOf('\n', at) < 0 ? text.length : text.indexOf('\n', at));

function known(end: number | undefined): number {
  if (end === undefined) throw new Error('a value without a known end');
  return end;
}
