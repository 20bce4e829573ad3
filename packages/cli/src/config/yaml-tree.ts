import { EVENT_ID, type Event, getScalarValue, parseEvents, SCALAR_STYLE, type ScalarEvent } from 'js-yaml';

/** A value of a YAML document and where it stands: offsets into the text, the end exclusive. */
export interface YamlNode {
  readonly kind: 'scalar' | 'mapping' | 'sequence' | 'alias';
  /** In brackets or braces; a scalar in quotes or plain. Otherwise it lies in lines of its own. */
  readonly inline: boolean;
  readonly start: number;
  /** `undefined` where the parser does not tell: block scalars, and what ends with one. */
  readonly end: number | undefined;
  /** Of a mapping. */
  readonly items: readonly YamlItem[];
  /** Of a sequence. */
  readonly values: readonly YamlNode[];
}

export interface YamlItem {
  readonly key: string;
  readonly start: number;
  readonly value: YamlNode;
}

/** The document's tree from the parser's own offsets; `undefined` for an empty one. Throws js-yaml's exception where it does not parse. */
export function yamlTree(text: string): YamlNode | undefined {
  const events = parseEvents(text, {}).filter(({ type }) => type !== EVENT_ID.DOCUMENT);
  const reader = { text, events, at: 0 };
  // The last event closes the document; `---` alone makes a value that stands nowhere.
  const tree = events.length < 2 ? undefined : readNode(reader);
  return tree?.kind === 'scalar' && tree.start < 0 ? undefined : tree;
}

interface Reader {
  readonly text: string;
  readonly events: readonly Event[];
  at: number;
}

function readNode(reader: Reader): YamlNode {
  const event = reader.events[reader.at];
  reader.at += 1;
  if (event?.type === EVENT_ID.SCALAR) return scalarNode(event);
  if (event?.type === EVENT_ID.ALIAS) {
    return { kind: 'alias', inline: true, start: event.anchorStart - 1, end: event.anchorEnd, items: [], values: [] };
  }
  if (event?.type !== EVENT_ID.MAPPING && event?.type !== EVENT_ID.SEQUENCE) throw new Error('a document of no known form');
  const isMapping = event.type === EVENT_ID.MAPPING;
  const open = reader.text[event.start];
  const inline = open === '{' || open === '[';
  const items: YamlItem[] = [];
  const values: YamlNode[] = [];
  while (reader.events[reader.at]?.type !== EVENT_ID.POP) {
    if (isMapping) {
      const keyEvent = reader.events[reader.at];
      const keyNode = readNode(reader);
      const value = readNode(reader);
      const key = keyEvent?.type === EVENT_ID.SCALAR ? getScalarValue(reader.text, keyEvent) : '';
      items.push({ key, start: keyNode.start, value });
      values.push(value);
    } else values.push(readNode(reader));
  }
  reader.at += 1;
  const last = values.length === 0 ? event.start + 1 : values.at(-1)?.end;
  const end = !inline || last === undefined ? last : closing(reader.text, last, open === '{' ? '}' : ']');
  return { kind: isMapping ? 'mapping' : 'sequence', inline, start: event.start, end, items, values: isMapping ? [] : values };
}

function scalarNode({ style, valueStart, valueEnd }: ScalarEvent): YamlNode {
  const quoted = style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED;
  const inline = (quoted || style === SCALAR_STYLE.PLAIN) && valueStart >= 0;
  const around = quoted ? 1 : 0;
  return { kind: 'scalar', inline, start: valueStart - around, end: inline ? valueEnd + around : undefined, items: [], values: [] };
}

/** Behind the bracket that closes; between the last item and it there are only white space, commas and comments. */
function closing(text: string, from: number, bracket: string): number | undefined {
  const rest = /^(?:[\s,]|#[^\n]*)*/.exec(text.slice(from))?.[0] ?? '';
  return text[from + rest.length] === bracket ? from + rest.length + 1 : undefined;
}
